"""What happens to the work of somebody who is locked."""
