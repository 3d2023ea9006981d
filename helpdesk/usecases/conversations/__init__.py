"""A conversation: received, claimed, said, read."""
