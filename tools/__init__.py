"""The commands behind the Makefile. Standard library only, Python 3.8 syntax: they run before anything is installed."""
