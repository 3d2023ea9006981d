"""Which clauses of a message tell of a matter: the files, and what is learnt from them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.nlu.reader import telling
from bot.nlu.reader.turns import Context, TurnFileError

ACCOUNTS = Path(__file__).resolve().parents[3] / "data" / "accounts"
HEADER = "# asked: field:phone\n# topic: repair\n"
BOUND = 0.25


@pytest.fixture(scope="module")
def marked() -> list[telling.Marked]:
    return telling.read_accounts(ACCOUNTS)


def _one_file(folder: Path, text: str) -> Path:
    path = folder / "somebody.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_most_of_a_clause_must_be_marked_to_tell(tmp_path: Path) -> None:
    [one] = telling.read_file(_one_file(tmp_path, HEADER + "喂 我说【热水器打不着】，打我13900001111"))
    assert one.said == "喂 我说热水器打不着，打我13900001111"
    assert telling.clauses(one) == [("喂", False), ("我说热水器打不着", True), ("打我13900001111", False)]
    assert one.context == Context("field:phone", "repair")


@pytest.mark.parametrize(
    "text,wrong",
    [
        ("【灯不亮】\n", "1: no `# asked:`"),
        (HEADER + "【灯【不】亮】\n", "3: each 【"),
        (HEADER + "灯】不亮\n", "3: each 【"),
        (HEADER + "【灯不亮\n", "3: a 【 is never closed"),
        (HEADER + "# bot: 您好\n", "3: a line with #"),
        ("# asked: nonsense\n# topic: repair\n灯不亮\n", "3: unknown asked"),
    ],
)
def test_a_wrong_line_is_named_with_its_number(tmp_path: Path, text: str, wrong: str) -> None:
    with pytest.raises(TurnFileError, match=wrong):
        list(telling.read_file(_one_file(tmp_path, text)))


def test_what_was_learnt_is_read_again_as_it_was(tmp_path: Path, marked: list[telling.Marked]) -> None:
    learnt = telling.fit(marked[:200])
    telling.save(learnt, tmp_path)
    again = telling.load(tmp_path)
    said = "师傅把墙钻了个洞，你记下没"
    assert again is not None
    assert again(said, Context()) == learnt(said, Context())
    assert learnt("。。。", Context()) == []


def test_without_a_file_nothing_is_learnt(tmp_path: Path) -> None:
    assert telling.load(tmp_path) is None


def test_clauses_of_a_writer_who_taught_nothing_are_told_apart(marked: list[telling.Marked]) -> None:
    """Measured .88; lists of words kept two of three clauses that are only said to us."""
    learnt = telling.fit([one for one in marked if one.writer != "yan"])
    found: Counter[tuple[bool, bool]] = Counter()
    for one in (one for one in marked if one.writer == "yan"):
        for (_, tells), (_, chance) in zip(telling.clauses(one), learnt(one.said, one.context), strict=True):
            found[tells, chance >= BOUND] += 1
    assert (found[True, True] + found[False, False]) / found.total() > 0.84
    assert found[False, True] / (found[False, True] + found[False, False]) < 0.3
