"""What a value is, in one place: phones, numbers, names, money, times, places and addresses.

One module a kind. Each finds its values in a text (`find`, on the folded text: half-width, lower case, Simplified,
every character in its place) and, where a question asks for that kind, reads the answer (`read`). The extractor,
the forms, the desk and the service all read with these; nothing here knows a conversation.
"""

from zhtext.values.found import Value, blanked, without_overlaps

__all__ = ["Value", "blanked", "without_overlaps"]
