"""Letters: composed, written, sent."""
