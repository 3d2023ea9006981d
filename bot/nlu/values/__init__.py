"""The values of a whole message: what zhtext.values finds, kind after kind, and our products."""

from bot.nlu.values.bare import only_values
from bot.nlu.values.find import find_values
from zhtext.values import Value

__all__ = ["Value", "find_values", "only_values"]
