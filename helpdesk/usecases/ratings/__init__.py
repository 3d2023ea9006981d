"""What customers think of a conversation or an answer."""
