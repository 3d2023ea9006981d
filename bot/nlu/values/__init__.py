"""The values a message holds: phones, numbers, names, money, times, places, products.

One small module a kind; each finds its values in the folded text (zhtext.fold: half-width,
lower case, Simplified, every character in its place), so offsets hold in the customer's words.
"""

from bot.nlu.values.bare import only_values
from bot.nlu.values.base import Value
from bot.nlu.values.find import find_values

__all__ = ["Value", "find_values", "only_values"]
