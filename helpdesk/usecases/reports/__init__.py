"""Figures of the work (G4): facts of a day, the small tables made of them, and what is asked of both."""
