"""The service: channels, conversations, tickets, staff. It never imports rasa."""
