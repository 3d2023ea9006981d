"""What the bot does for each intent; one topic a file."""
