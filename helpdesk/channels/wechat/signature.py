"""Who may call the callback: SHA-1 over sorted parts, and a clock window. That a signature serves once: nonces.py.

Source: WeChat Official Account documentation, "access guide" and "message encryption".
"""

from __future__ import annotations

import hashlib
import hmac
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
