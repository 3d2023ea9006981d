"""What several parts of the service's tests share. The dialogue environment cannot import it."""
