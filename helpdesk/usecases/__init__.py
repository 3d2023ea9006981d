"""What can be done, one function a purpose, each over a unit of work."""
