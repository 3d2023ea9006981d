"""What was said in a frame, and the article that answers it: tests/unit/relevance/, read for tests and bench."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "unit" / "relevance"
NO_ARTICLE = "-"
FRAME = ("asked", "topic", "bot")
FAQ = "faq:"


@dataclass(frozen=True)
class Said:
    """A message: `article` answers it, or none does; `topic` is the article told just before, if one was."""

    words: str
    article: str | None
    topic: str | None
    asked: str


def read(name: str) -> list[Said]:
    """All of one set, `fitted` or `heldout`; a file a voice, lines of `said | article` under the frame they came in."""
    return [said for path in sorted((FOLDER / name).glob("*.txt")) for said in _lines(path)]


def _lines(path: Path) -> Iterator[Said]:
    frame = dict.fromkeys(FRAME, "none")
    for line in path.read_text("utf-8").splitlines():
        name, _, value = line.removeprefix("# ").partition(":")
        if line.startswith("#"):
            frame.update({name: value.strip()} if name in FRAME else {})
        elif line:
            words, _, article = (part.strip() for part in line.partition("|"))
            topic = frame["topic"]
            told = topic.removeprefix(FAQ) if topic.startswith(FAQ) else None
            yield Said(words, None if article == NO_ARTICLE else article, told, frame["asked"])
