"""A place's whole memory as one file: taken while the service runs, put back into an empty place."""
