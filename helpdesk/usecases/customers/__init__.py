"""Files of customers: found, read, changed, made one, shared out among staff."""
