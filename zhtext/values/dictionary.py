"""What jieba's dictionary says of a word: that it is a name, a place, or an everyday word."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from sys import intern

NAME, PLACE = "nr", "ns"
LONGEST = 5


def tag(word: str) -> str | None:
    """The dictionary's tag of a word (nr a person, ns a place, n, v ...); None for what it does not list."""
    return _tags().get(word)


def is_everyday(word: str) -> bool:
    """Listed, and as something else than a person's name."""
    found = tag(word)
    return found is not None and not found.startswith(NAME)


@lru_cache(maxsize=1)
def _tags() -> dict[str, str]:
    """Words of two and more characters with their tags; read once a process, when first asked for."""
    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("jieba, whose dictionary tells names from words, is not installed")
    path = Path(spec.origin).with_name("dict.txt")
    entries = (line.split(" ") for line in path.read_text(encoding="utf-8").splitlines())
    return {word: intern(tag) for word, _, tag in entries if 2 <= len(word) <= LONGEST or tag == PLACE}
