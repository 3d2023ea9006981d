"""Staff: accounts, presence, duty."""
