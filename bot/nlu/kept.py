"""What was fitted is kept: a training in which one part's examples are as before takes that part from the disk.

A part is known by all that goes into it: its examples, the code that makes it with all it imports of bot/nlu and
zhtext, the encoder, the libraries that compute. Of each part the last is kept, with the sums of its files; a damaged
one is fitted anew. Of two processes that want the same part one fits it.
"""

from __future__ import annotations

import ast
import contextlib
import fcntl
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import zhtext
from bot.startup import ROOT

FOLDER = ROOT / "var" / "cache" / "fitted"
LIBRARIES = ("numpy", "scipy", "scikit-learn", "python-crfsuite")
_PACKAGES = {"bot.nlu": Path(__file__).parent, "zhtext": Path(zhtext.__file__).parent}
"""The packages whose code may change what is fitted."""
FEWEST = 1000
"""Examples from which a part, or a vector of theirs, is kept; a small set is fitted at once and would displace it."""
_SUMS = "sums.json"


class Named(Protocol):
    """An encoder that says which it is."""

    name: str


def digest_of(examples: Iterable[str], encoder: Named | None, code: Iterable[Path]) -> str:
    """Names what these examples give with the code of these files, these libraries and this encoder."""
    digest = hashlib.sha256()
    for word in (encoder.name if encoder else "", *map(version, LIBRARIES), *examples):
        digest.update(word.encode() + b"\0")
    for path in sorted({*_no_code(), *with_imported(code)}):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:32]


def with_imported(code: Iterable[Path]) -> set[Path]:
    """The files themselves and all of bot/nlu and zhtext that they import, wherever in them, and so on."""
    found: set[Path] = set()
    waiting = [path.resolve() for path in code]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting.extend(_imports(path))
    return found


@cache
def _imports(path: Path) -> tuple[Path, ...]:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    plain = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    of = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    if any(node.level for node in of):
        raise ValueError(f"{path}: imports are written in full, so that what a part is made of can be told")
    names = [*plain, *(str(node.module) for node in of), *(f"{n.module}.{a.name}" for n in of for a in n.names)]
    return tuple(dict.fromkeys(file for name in names for file in _files_of(name)))


def _files_of(module: str) -> Iterator[Path]:
    """What is run when a module of ours is imported: its file, and those of the packages it lies in."""
    for package, folder in _PACKAGES.items():
        if module == package or module.startswith(f"{package}."):
            steps = module.removeprefix(package).split(".")[1:]
            inits = [folder.joinpath(*steps[:depth], "__init__.py") for depth in range(len(steps) + 1)]
            own = [folder.joinpath(*steps).with_suffix(".py")] if steps else []
            yield from (path.resolve() for path in (*inits, *own) if path.is_file())


def _no_code() -> list[Path]:
    """Tables that lie beside the code."""
    files = [path for folder in _PACKAGES.values() for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if path.suffix not in (".py", ".pyc", ".md")]


def fitted(
    part: str, digest: str, target: Path, fit: Callable[[Path], None], folder: Path = FOLDER, *, wait: bool = True
) -> bool:
    """Fills `target` with a part's files: those kept under the digest, or those that `fit` writes into a folder.

    False where another process fits this part and there is no waiting.
    """
    kept = folder / f"{part}-{digest}"
    with _alone(folder.with_name(f"{folder.name}-locks") / part, wait=wait) as is_ours:
        if not is_ours:
            return False
        if not _is_whole(kept):
            _keep(kept, part, fit)
        for path in kept.iterdir():
            if path.name != _SUMS:
                shutil.copy(path, target)
    return True


@contextlib.contextmanager
def _alone(lock: Path, *, wait: bool) -> Iterator[bool]:
    """Nobody else is in there at the same time; False where somebody is and there is no waiting."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def _keep(kept: Path, part: str, fit: Callable[[Path], None]) -> None:
    """In one step, so that a training that is ended leaves nothing half made."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as name:
        fresh = Path(name) / "files"
        fresh.mkdir()
        fit(fresh)
        (fresh / _SUMS).write_text(json.dumps(_sums(fresh)), encoding="utf-8")
        for former in kept.parent.glob(f"{part}-*"):
            shutil.rmtree(former)
        fresh.rename(kept)


def _is_whole(kept: Path) -> bool:
    try:
        return bool(json.loads((kept / _SUMS).read_text(encoding="utf-8")) == _sums(kept))
    except (OSError, ValueError):
        return False


def _sums(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.iterdir() if path.name != _SUMS)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
