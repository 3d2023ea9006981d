"""What a message puts right: the files, and what is learnt from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.reader import revising
from bot.nlu.reader.turns import Context, TurnFileError

ROOT = Path(__file__).resolve().parents[3]
HEADER = "# asked: confirm\n# form: repair\n# known: phone=13800001111; product=冰箱\n"
NAMES = revising.read_names(ROOT / "company" / "fields")


def _one_file(folder: Path, text: str) -> Path:
    path = folder / "somebody.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_marks_are_taken_out_and_kept_with_their_places(tmp_path: Path) -> None:
    line = "〔phone≠尾号1111〕不对，是〔phone=13922223333〕 加一句〔+description=漏水〕〔-visit_time=时间〕不写"
    [one] = revising.read_file(_one_file(tmp_path, HEADER + line))
    assert one.said == "尾号1111不对，是13922223333 加一句漏水时间不写"
    told = [(span.role, span.field, one.said[span.start : span.end]) for span in one.spans]
    assert told == [
        ("wrong", "phone", "尾号1111"),
        ("right", "phone", "13922223333"),
        ("more", "description", "漏水"),
        ("out", "visit_time", "时间"),
    ]
    assert one.known == {"phone": "13800001111", "product": "冰箱"}


@pytest.mark.parametrize(
    "text,wrong",
    [
        ("好\n", "1: no `# asked:`"),
        (HEADER + "〔colour=红〕\n", "4: unknown field"),
        (HEADER + "〔phone=139\n", "4: a mark is"),
        (HEADER + "# bot: 您好\n", "4: a line with #"),
    ],
)
def test_a_wrong_line_is_named_with_its_number(tmp_path: Path, text: str, wrong: str) -> None:
    with pytest.raises(TurnFileError, match=wrong):
        list(revising.read_file(_one_file(tmp_path, text)))


def test_other_values_stand_where_the_marks_say(tmp_path: Path) -> None:
    lines = "名字是〔name=王方〕\n叫〔name=李建国〕吧\n好的\n"
    marked = list(revising.read_file(_one_file(tmp_path, HEADER + lines)))
    for one in revising.exchanged(marked):
        [span] = one.spans
        assert one.said[span.start : span.end] in ("王方", "李建国")


def test_what_was_learnt_is_read_again_as_it_was(tmp_path: Path) -> None:
    learnt = revising.fit(revising.read_revisions(ROOT / "data" / "revisions")[:300], NAMES)
    revising.save(learnt, tmp_path)
    again = revising.load(tmp_path, NAMES)
    said, known = "电话改成13922223333，改好就提交", {"phone": "13800001111"}
    assert again is not None
    found = learnt(said, Context("confirm", "repair"), known)
    assert again(said, Context("confirm", "repair"), known) == found
    assert [(role, said[start:end]) for role, start, end, _ in found] == [("right", "13922223333")]
    assert next(iter(found[0][3])) == "phone"
    assert learnt("", Context(), {}) == []


def test_without_a_file_nothing_is_learnt(tmp_path: Path) -> None:
    assert revising.load(tmp_path, NAMES) is None
