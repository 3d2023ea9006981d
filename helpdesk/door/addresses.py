"""Where a request comes from, as far as we believe it, and whether that is one customer's place or everybody's."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from starlette.types import Scope

IPV6_NETWORK = 64  # bits that one household or office has
FORWARDED = b"x-forwarded-for"


@dataclass(frozen=True)
class Caller:
    """`network` counts as one; `is_shared`: a proxy that we were not told to trust speaks for many."""

    network: str
    is_shared: bool = False


def caller_of(scope: Scope) -> Caller:
    """Who asks. A proxy near us that forwards without being trusted is told from a stranger who writes such a header
    by its address: proxies stand in private networks."""
    client = scope.get("client")
    host = str(client[0]) if client else ""
    forwarded = [value.decode("latin-1") for name, value in scope["headers"] if name == FORWARDED]
    named = {part.strip() for value in forwarded for part in value.split(",")}
    return Caller(network(host), bool(forwarded) and host not in named and is_private(host))


def network(address: str) -> str:
    """Whoever has an IPv6 address has as many of them as they like: they count as one."""
    found = _parsed(address)
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, IPV6_NETWORK), strict=False))
    return str(found) if found else address[:100]


def site_of(origin: str) -> str:
    """The host and port that an `Origin` names, in lower case; empty for what is no address."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:  # a bracket without its other half
        return ""


class Proxies:
    """The proxies of `HELPDESK_TRUSTED_PROXIES`: addresses, networks, or `*` for any."""

    def __init__(self, listed: str) -> None:
        parts = [part.strip() for part in listed.split(",") if part.strip()]
        self._is_any = "*" in parts
        self._networks = [ip_network(part, strict=False) for part in parts if part != "*"]

    def __contains__(self, address: str) -> bool:
        found = _parsed(address)
        return self._is_any or (found is not None and any(found in one for one in self._networks))


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address)
    except ValueError:
        return None


def is_private(address: str) -> bool:
    """Whether it is an address of this machine or of a private network."""
    found = _parsed(address)
    return found is not None and found.is_private
