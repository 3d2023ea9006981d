"""A ticket, from its number to its end."""
