"""How often an article is told, or offered, that does not answer what was said. Part of `make bench-nlu`.

python bench/relevance.py            a Markdown table; run with the service's Python

The ranking alone: what is told or offered for the whole message and for its clauses that ask, in a talk in which
nothing else was read. tests/unit/relevance/README.md says how the sets were written.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from actions.clauses import parts  # noqa: E402 - the project is put on the path first
from helpdesk.knowledge import Knowledge, load_knowledge  # noqa: E402
from tests.support.relevance import Said, read  # noqa: E402
from zhtext import normalise  # noqa: E402
from zhtext.questions import is_question  # noqa: E402

SETS = {"to learn from: four voices": "fitted", "held out: three voices": "heldout"}


@dataclass(frozen=True)
class Relevance:
    """Counts: of what no article answers, what was told and what was offered; of what one does, what was told right."""

    name: str
    unanswerable: int
    told: int
    offered: int
    answerable: int
    right: int
    wrong: int

    def row(self) -> str:
        """A line of the table."""
        counts = (self.unanswerable, self.told, self.offered, self.answerable, self.right, self.wrong)
        return f"| {self.name} | " + " | ".join(map(str, counts)) + " |"


def told(knowledge: Knowledge, said: Said) -> str | None:
    """The article that would be told."""
    whole, *clauses = parts(said.words)
    for words in (whole, *(clause for clause in clauses if is_question(normalise(clause)))):
        article = knowledge.outcome(words, said.topic).article
        if article:
            return article.id
    return None


def measure(name: str, knowledge: Knowledge, all_said: Sequence[Said]) -> Relevance:
    """What comes of each message by the ranking alone."""
    given = [(said, told(knowledge, said)) for said in all_said]
    nothing = [(said, article) for said, article in given if said.article is None]
    untold = [said for said, article in nothing if article is None]
    offered = sum(bool(knowledge.outcome(next(parts(said.words)), said.topic).faq_ids) for said in untold)
    answered = [(said.article, article) for said, article in given if said.article is not None]
    right = sum(meant == article for meant, article in answered)
    wrong = sum(article not in (meant, None) for meant, article in answered)
    return Relevance(name, len(nothing), len(nothing) - len(untold), offered, len(answered), right, wrong)


def table(results: Iterable[Relevance]) -> str:
    """All sets as Markdown."""
    names = (
        "said",
        "no article answers",
        "of them told one",
        "of them offered some",
        "one answers",
        "told right",
        "told wrong",
    )
    head = f"| {' | '.join(names)} |\n{'|---' * len(names)}|\n"
    return head + "\n".join(result.row() for result in results) + "\n"


def main() -> None:
    """Print the table."""
    knowledge = load_knowledge(ROOT / "company")
    print(table(measure(name, knowledge, read(folder)) for name, folder in SETS.items()))


if __name__ == "__main__":
    main()
