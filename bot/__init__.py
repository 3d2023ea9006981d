"""What runs inside the dialogue environment: understanding, the worker and its state."""
