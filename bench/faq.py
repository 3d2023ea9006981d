"""How often the ranking of questions is right, on questions written apart from the wordings. Part of `make bench-nlu`.

python bench/faq.py            a Markdown table; run with the service's Python
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import yaml  # noqa: E402 - the project is put on the path first

from helpdesk.knowledge import Knowledge, load_knowledge  # noqa: E402

SETS = {
    "worked on (tests/unit)": sorted((ROOT / "tests/unit").glob("faq_*.yml")),
    "written blind, first": sorted((ROOT / "tests/nlu/blind_faq").glob("first_*.yml")),
    "written blind, second": sorted((ROOT / "tests/nlu/blind_faq").glob("second_*.yml")),
    "written blind, third": sorted((ROOT / "tests/nlu/blind_faq").glob("third_*.yml")),
}
SHOWN = 3

Question = tuple[str, str]


@dataclass(frozen=True)
class Recall:
    """Shares of all questions of a set."""

    name: str
    questions: int
    first: float
    among: float
    answered: float
    wrong: float

    def row(self) -> str:
        """A line of the table."""
        shares = (self.first, self.among, self.answered, self.wrong)
        return f"| {self.name} | {self.questions} | " + " | ".join(f"{share:.3f}" for share in shares) + " |"


def read_questions(paths: Iterable[Path]) -> list[Question]:
    """(question, id of its article) of files {questions: {id: [question, ...]}}."""
    contents = [yaml.safe_load(path.read_text(encoding="utf-8"))["questions"] for path in paths]
    return [(text, faq_id) for content in contents for faq_id, texts in content.items() for text in texts]


def measure(name: str, knowledge: Knowledge, questions: Sequence[Question]) -> Recall:
    """Search and outcome for each question, without an intent before them."""
    first = among = answered = wrong = 0
    for text, faq_id in questions:
        found = [hit.faq_id for hit in knowledge.search(text, SHOWN)]
        article = knowledge.outcome(text).article
        first += found[:1] == [faq_id]
        among += faq_id in found
        answered += article is not None
        wrong += article is not None and article.id != faq_id
    shares = [count / len(questions) for count in (first, among, answered, wrong)]
    return Recall(name, len(questions), *shares)


def table(results: Iterable[Recall]) -> str:
    """All sets as Markdown."""
    names = ("questions", "number", "recall@1", "recall@3", "answered at once", "answered wrongly")
    head = f"| {' | '.join(names)} |\n{'|---' * len(names)}|\n"
    return head + "\n".join(result.row() for result in results) + "\n"


def main() -> None:
    """Print the table."""
    knowledge = load_knowledge(ROOT / "company")
    print(table(measure(name, knowledge, read_questions(paths)) for name, paths in SETS.items() if paths))


if __name__ == "__main__":
    main()
