"""Secrets of receivers, and signatures as the Standard Webhooks specification (1.0.0) has them.

A secret is made from the service's secret key, the receiver's name and its number, so that it stands in no file and in
no database, and every process knows it.
"""

from __future__ import annotations

import base64
import hmac
from datetime import datetime
from hashlib import sha256

from helpdesk.settings import Settings

PREFIX = "whsec_"
VERSION = "v1"


def secret_of(settings: Settings, receiver: str, number: int) -> str:
    """`whsec_` and 32 bytes in base64: what an administrator gives to the receiver."""
    return PREFIX + base64.b64encode(_key(settings, receiver, number)).decode()


def _key(settings: Settings, receiver: str, number: int) -> bytes:
    label = f"webhook:{receiver}:{number}"
    return hmac.new(settings.secret_key.get_secret_value().encode(), label.encode(), sha256).digest()


def keys_of(settings: Settings, receiver: str, number: int) -> list[bytes]:
    """The keys that a call is signed with: this one, and the one before while the receiver changes over."""
    return [_key(settings, receiver, one) for one in (number, number - 1) if one > 0]


def headers(keys: list[bytes], event_id: str, now: datetime, body: bytes) -> dict[str, str]:
    """What goes with a call: the event's id, the moment of this call, and a signature a key over both and the body."""
    moment = str(int(now.timestamp()))
    signed = b".".join((event_id.encode(), moment.encode(), body))
    made = [base64.b64encode(hmac.new(key, signed, sha256).digest()).decode() for key in keys]
    return {
        "webhook-id": event_id,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"{VERSION},{one}" for one in made),
    }
