"""Addresses for the programs: the public port is as set, the inner ones move aside when something else has theirs."""

from __future__ import annotations

import os
import socket
import sys
from typing import Mapping

from tools.errors import ToolError
from tools.settings import DEFAULTS

HIGHEST = 65535
INNER = ("HELPDESK_INTERNAL_PORT", "BOT_WORKER_PORT")


def choose_ports(
    settings: Mapping[str, str],
    chosen: Mapping[str, str] = os.environ,
    defaults: Mapping[str, str] = DEFAULTS,
    workers: int = 1,
) -> dict[str, str]:
    """Port and address settings for this start. A port that somebody set is kept; if it is taken, ToolError says so.

    Workers after the first one have the ports behind its own, or any that are free.
    """
    ports = {"HELPDESK_PORT": _fixed("HELPDESK_PORT", settings["HELPDESK_PORT"])}
    for name in INNER:
        is_default = settings[name] == defaults[name] and not chosen.get(name)
        taken = set(ports.values())
        ports[name] = _movable(settings[name], taken) if is_default else _fixed(name, settings[name])
    host = settings.get("BOT_WORKER_HOST") or "127.0.0.1"
    of_workers = [ports["BOT_WORKER_PORT"]]
    while len(of_workers) < workers:
        following = str(int(of_workers[-1]) % HIGHEST + 1)
        of_workers.append(_movable(following, {*ports.values(), *of_workers}))
    addresses = {
        "HELPDESK_WORKERS": ",".join(f"http://{host}:{port}" for port in of_workers),
        "BOT_ACTIONS_URL": f"http://127.0.0.1:{ports['HELPDESK_INTERNAL_PORT']}/internal/actions",
    }
    return {**ports, **{name: settings.get(name) or address for name, address in addresses.items()}}


def _fixed(name: str, port: str) -> str:
    if not port.isdigit() or not 0 < int(port) <= HIGHEST:
        raise ToolError(f"{name}={port} is not a port: set it to a number from 1 to 65535")
    if not is_free(int(port)):
        raise ToolError(f"port {port} is taken by another program: end it, or set {name} to a free port")
    return port


def _movable(port: str, taken: set[str]) -> str:
    chosen = port
    while chosen in taken or not is_free(int(chosen)) or not _is_ours(int(chosen)):
        chosen = str(free_port())
    return chosen


_CLAIMS: dict[int, socket.socket] = {}


def _is_ours(port: int) -> bool:
    """Whether no other command chose this port and is about to listen there; until we end, none will.

    A name that the kernel forgets with its process (Linux has such); elsewhere two commands that are started in the
    same seconds may still choose the same port.
    """
    if port in _CLAIMS or sys.platform != "linux":
        return True
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0sansheng-port-{port}")
    except OSError:
        claim.close()
        return False
    _CLAIMS[port] = claim
    return True


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
