"""What every other room writes down or counts."""
