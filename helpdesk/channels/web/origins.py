"""Which sites may open the chat: our own, and those the setting lists. The desk is for our own alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from helpdesk.door.addresses import site_of


class OriginRule:
    """Called by Engine.IO with the Origin header, if there is one, and the request's environ."""

    def __init__(self, allowed: Collection[str]) -> None:
        self._allowed = frozenset(origin.rstrip("/").lower() for origin in allowed)

    def __call__(self, origin: str | None, environ: Mapping[str, Any]) -> bool:
        """Programs send no Origin and hold no cookies of a browser: they may come in."""
        if origin is None:
            return True
        return origin.lower() in self._allowed or is_same_origin(origin, environ)


def is_same_origin(origin: str, environ: Mapping[str, Any]) -> bool:
    """Whether the page came from the host that is asked; the scheme is the proxy's business."""
    host = str(environ.get("HTTP_HOST", "")).lower()
    return host != "" and site_of(origin) == host
