"""Who may call the callback: SHA-1 over sorted parts, a clock window, and nonces that serve once.

Source: WeChat Official Account documentation, "access guide" and "message encryption".
"""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from datetime import datetime, timedelta

CLOCK_WINDOW = timedelta(minutes=5)


def sign(*parts: str) -> str:
    """SHA-1 hex of the sorted, joined parts (token, timestamp, nonce, and Encrypt in safe mode)."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def matches(signature: str, *parts: str) -> bool:
    """Compare in constant time; a signature that is not ASCII is simply wrong."""
    return hmac.compare_digest(signature.encode(errors="replace"), sign(*parts).encode())


def is_fresh(timestamp: str, now: datetime, window: timedelta = CLOCK_WINDOW) -> bool:
    """Whether `timestamp` (Unix seconds) is near our clock; anything unreadable is not."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(now.timestamp() - int(timestamp)) <= window.total_seconds()


class Nonces:
    """Signatures seen lately, with what they signed: a repeat with another body is a replay.

    WeChat delivers the same message up to three times, possibly with the same query string, so a repeat of the very
    same body is let through and deduplicated by message id later.
    """

    def __init__(self, capacity: int = 50_000) -> None:
        self._seen: OrderedDict[str, str] = OrderedDict()
        self._capacity = capacity

    def admit(self, signature: str, body: bytes) -> bool:
        """False when this signature has come before with another body."""
        digest = hashlib.sha256(body).hexdigest()
        known = self._seen.setdefault(signature, digest)
        while len(self._seen) > self._capacity:
            self._seen.popitem(last=False)
        return known == digest
