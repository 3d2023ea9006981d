"""The one error a command ends with on purpose."""


class ToolError(Exception):
    """Something is missing or went wrong; the message is one line that says what to do."""
