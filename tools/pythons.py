"""Finding an interpreter of the right version: every candidate is run before it is believed."""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterator, Mapping

from tools.errors import ToolError
from tools.processes import clean_environment, output_of

PROBE = "import ctypes, json, sqlite3, ssl, sys, zlib; print(json.dumps([list(sys.version_info[:2]), sys.executable]))"
PROBE_LIMIT_S = 30
MENDED = {(3, 11): 10, (3, 12): 6}  # the first patch whose cookie parser takes linear time (CVE-2024-7592)


@dataclass(frozen=True)
class Want:
    """Which Python is wanted. `newest` is exclusive; `setting` names the variable that decides for the finder."""

    setting: str
    oldest: tuple[int, int]
    newest: tuple[int, int]
    names: tuple[str, ...]

    @property
    def label(self) -> str:
        return "{}.{}".format(*self.oldest)

    def accepts(self, version: tuple[int, int]) -> bool:
        return self.oldest <= version < self.newest


DIALOGUE = Want("HELPDESK_PYTHON310", (3, 10), (3, 11), ("python3.10", "python3", "python"))
SERVICE = Want(
    "HELPDESK_PYTHON",
    (3, 11),
    (4, 0),
    ("python3.11", "python3.12", "python3.13", "python3.14", "python3", "python"),
)


def probe(candidate: str) -> tuple[tuple[int, int], Path] | None:
    """The version a candidate really has, and the interpreter behind it (a shim names another); None if it fails."""
    try:
        version, executable = json.loads(output_of([candidate, "-c", PROBE], limit_s=PROBE_LIMIT_S))
    except ValueError:
        return None
    return (version[0], version[1]), Path(executable)


def behind(python: Path) -> str:
    """One line for an interpreter of the service that a known weakness makes slow; empty for a mended one."""
    answer = output_of([str(python), "-c", "import sys; print(*sys.version_info[:3])"], limit_s=PROBE_LIMIT_S)
    try:
        major, minor, patch = map(int, answer.split())
    except ValueError:
        return ""
    mended = MENDED.get((major, minor), 0)
    if patch >= mended:
        return ""
    have, better = f"{major}.{minor}.{patch}", f"{major}.{minor}.{mended}"
    return f"note: the service runs on Python {have}; {better} or newer mends CVE-2024-7592 (set HELPDESK_PYTHON)"


def find_python(want: Want, uv: Callable[[], Path], store: Path, env: Mapping[str, str] = os.environ) -> Path:
    """The first interpreter that is `want`; fetched into `store` when the machine has none.

    `uv` is called only when PATH and pyenv have nothing, and says where uv is. Raises ToolError with what to do.
    """
    if env.get(want.setting):
        return _as_asked(want, env[want.setting])
    for candidate in _candidates(want, uv, store, env):
        found = probe(candidate)
        if found and want.accepts(found[0]):
            return found[1]
    raise ToolError(
        f"no Python {want.label} here and none could be fetched: install it and set {want.setting}=its path"
    )


def _as_asked(want: Want, asked: str) -> Path:
    found = probe(asked)
    if found and want.accepts(found[0]):
        return found[1]
    is_instead = "Python {}.{}".format(*found[0]) if found else "no working Python"
    raise ToolError(f"{want.setting}={asked} is {is_instead}: set it to a Python {want.label}, or leave it unset")


def _candidates(want: Want, uv: Callable[[], Path], store: Path, env: Mapping[str, str]) -> Iterator[str]:
    yield from _on_path(want, env)
    yield from _of_pyenv(want, env)
    yield from _of_uv(want, uv(), store)


def _on_path(want: Want, env: Mapping[str, str]) -> Iterator[str]:
    for name in want.names:
        for folder in env.get("PATH", os.defpath).split(os.pathsep):
            path = os.path.join(folder or ".", name)
            if os.access(path, os.X_OK):
                yield path


def _of_pyenv(want: Want, env: Mapping[str, str]) -> Iterator[str]:
    """pyenv's interpreters, newest first. HOME may be a fresh folder, so the account's own home is looked at too."""
    for root in _pyenv_roots(env):
        versions = [path for path in root.glob("versions/*/bin/python") if want.accepts(_version(path))]
        yield from map(str, sorted(versions, key=_by_version, reverse=True))


def _pyenv_roots(env: Mapping[str, str]) -> list[Path]:
    roots = [env.get("PYENV_ROOT", ""), os.path.join(env.get("HOME", ""), ".pyenv")]
    with contextlib.suppress(KeyError):  # a container may run under a number without an account
        roots.append(os.path.join(pwd.getpwuid(os.getuid()).pw_dir, ".pyenv"))
    return [Path(root) for root in dict.fromkeys(roots) if os.path.isabs(root)]


def _by_version(path: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", path.parent.parent.name)]


def _version(path: Path) -> tuple[int, int]:
    numbers = _by_version(path)
    return (numbers[0], numbers[1]) if len(numbers) > 1 else (0, 0)


def _of_uv(want: Want, uv: Path, store: Path) -> Iterator[str]:
    """What uv knows of, then what it can fetch; a fetched Python stays inside the project."""
    own = clean_environment(UV_PYTHON_INSTALL_DIR=str(store))
    find = [uv, "python", "find", "--no-project", f">={want.label},<{want.newest[0]}.{want.newest[1]}"]
    yield from filter(None, [output_of(find)])
    output_of([uv, "python", "install", want.label], own)
    yield from map(str, sorted(store.glob(f"*{want.label}*/bin/python{want.label}")))
