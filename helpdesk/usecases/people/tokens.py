"""Random tokens, of which only a hash is kept: they are too long to be guessed, so a fast hash does."""

from __future__ import annotations

import hashlib


def digest(token: str) -> str:
    """What is kept of a token: 64 hex characters."""
    return hashlib.sha256(token.encode()).hexdigest()
