"""Where events may go. An administrator says where, and the service goes there with its own feet: so only to what is
certainly meant. By https, whose certificate says who answers; by http only to this machine, or in demo mode. Never to
an address that no system of a company has (link-local, where clouds keep their secrets; multicast), nor to our own
inner listeners.
"""

from __future__ import annotations

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

from helpdesk.settings import Settings

PORTS = {"http": 80, "https": 443}
NOT_HTTPS = "只能使用 https 地址"
OUR_OWN = "这是本系统自己的内部端口"
NO_RECEIVER = "这个地址不能接收推送"

Address = IPv4Address | IPv6Address


def problem_of(url: str, settings: Settings) -> str | None:
    """Why events may not go there, as far as the address itself tells; None: they may."""
    parts = urlsplit(url)
    literal = _literal(parts.hostname or "")
    is_here = parts.hostname == "localhost" or (literal is not None and literal.is_loopback)
    if parts.scheme != "https" and not is_here and not settings.demo:
        return NOT_HTTPS
    if is_here and _port(parts) in _inner_ports(settings):
        return OUR_OWN
    return NO_RECEIVER if literal is not None and _is_nobodys(literal) else None


async def problem_of_name(url: str) -> str | None:
    """The same of what the host's name stands for now.

    Raises:
        OSError: it stands for nothing.
    """
    parts = urlsplit(url)
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
    known = [_literal(str(address[0])) for *_, address in found]
    return NO_RECEIVER if any(one is None or _is_nobodys(one) for one in known) else None


def _literal(host: str) -> Address | None:
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_nobodys(address: Address) -> bool:
    return address.is_link_local or address.is_multicast or address.is_unspecified


def _port(parts: SplitResult) -> int:
    return parts.port or PORTS[parts.scheme]


def _inner_ports(settings: Settings) -> set[int]:
    workers = (urlsplit(one) for one in settings.workers)
    return {settings.internal_port, settings.port, *(_port(one) for one in workers)}
