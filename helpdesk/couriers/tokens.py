"""Who may tell us what became of what we sent: whoever knows the token that was agreed on."""

from __future__ import annotations

import hmac

from fastapi import Request

from helpdesk.errors import NotAllowed, NotFound


def bearer_of(request: Request) -> str:
    """The token of the Authorization header; empty without one."""
    return request.headers.get("authorization", "").removeprefix("Bearer ").strip()


def check(given: str, held: str, setting: str) -> None:
    """Refuse whoever does not know the token; without one (`held` empty) nothing is taken; `setting` names it.

    Raises:
        NotFound, NotAllowed.
    """
    if not held:
        raise NotFound("channel_off", setting=setting)
    if not hmac.compare_digest(given.encode(), held.encode()):
        raise NotAllowed("token_wrong")
