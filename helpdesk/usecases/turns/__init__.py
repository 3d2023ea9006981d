"""One turn, from its claim to its end."""
