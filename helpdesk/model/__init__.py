"""States, rules and records of the business; the standard library only."""
