"""From the bot to a person and back."""
