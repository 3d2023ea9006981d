"""What a wire raises."""

from __future__ import annotations


class WireCut(Exception):
    """The wire does not carry anything just now."""
