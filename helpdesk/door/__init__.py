"""The door to the Internet: what a stranger's request may cost us."""
