"""What is read from words and how they may be shown: promises, courtesy, masks, the values of a ticket's fields."""
