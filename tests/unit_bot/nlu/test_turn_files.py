"""Turns in context: how their files are read, and that there are enough of them by enough hands."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.nlu.reader.labels import ACTS, VALUES
from bot.nlu.reader.turns import Context, TurnFileError, read_file, read_turns

ROOT = Path(__file__).resolve().parents[3]
TAUGHT = read_turns(ROOT / "data" / "turns")
HELD_OUT = read_turns(ROOT / "tests" / "nlu" / "turns")

FILE = """# asked: field:phone
# topic: repair
# bot: 请留一个电话。
13800138000，下午打 | answer | phone=13800138000 ; time=下午
别给我转人工 | person- grumble
# asked: none
# topic: faq:returns.freight
# bot: 运费由买家承担。
知道了 | affirm |
"""


def written(tmp_path: Path, content: str) -> Path:
    folder = tmp_path / "somebody"
    folder.mkdir()
    (folder / "field.txt").write_text(content, encoding="utf-8")
    return folder / "field.txt"


def test_a_file_is_read_with_its_contexts(tmp_path: Path) -> None:
    first, second, third = read_file(written(tmp_path, FILE))
    assert first.context == Context("field:phone", "repair", "请留一个电话。")
    assert (first.acts, first.values) == ({"answer": "+"}, {"phone": "13800138000", "time": "下午"})
    assert list(second.acts.items()) == [("person", "-"), ("grumble", "+")]
    assert third.context.topic == "faq:returns.freight"
    assert third.writer == "somebody"


@pytest.mark.parametrize(
    "line,reason",
    [
        ("好的 | yes", "unknown act"),
        ("好的 | affirm | colour=红", "unknown value"),
        ("好的 | affirm | name=王", "was not said"),
        ("好的 | affirm | | |", "more than words"),
        (" | affirm", "nothing is said"),
        ("# weather: 晴", "one of asked, topic, bot"),
    ],
)
def test_a_wrong_line_is_named_with_its_file_and_number(tmp_path: Path, line: str, reason: str) -> None:
    with pytest.raises(TurnFileError, match=rf"field\.txt:10: .*{reason}"):
        list(read_file(written(tmp_path, f"{FILE}{line}\n")))


def test_many_hands_wrote_what_is_taught() -> None:
    assert len({turn.writer for turn in TAUGHT}) >= 8
    assert len(TAUGHT) >= 10_000
    assert len({turn.said for turn in TAUGHT}) >= 5_000


def test_a_writer_either_teaches_or_examines() -> None:
    assert not {turn.writer for turn in TAUGHT} & {turn.writer for turn in HELD_OUT}
    assert len({turn.writer for turn in HELD_OUT}) >= 3


def test_every_act_and_every_value_is_taught_often() -> None:
    acts = Counter(act for turn in TAUGHT for act in turn.acts)
    values = Counter(slot for turn in TAUGHT for slot in turn.values)
    assert {act: acts[act] for act in ACTS if acts[act] < 140} == {}
    assert {slot: values[slot] for slot in VALUES if values[slot] < 120} == {}
