"""The reader: what a customer does with a message, in the context of what was asked. See docs/understanding.md."""
