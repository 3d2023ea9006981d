"""What administrators publish in the place of files under company/."""
