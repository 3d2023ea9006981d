"""Whether a message tells of a danger: what is learnt from lines, read from files and kept on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nlu.reader import alarm
from bot.nlu.reader.turns import Context, Turn, TurnFileError
from bot.startup import ROOT
from zhtext.danger import Dangers

WORDS = Dangers.of({"dangers": {"smoke": {"signs": ["冒烟"], "unless": ["气得冒烟"]}}, "denials": ["没"]})


def test_a_line_tells_of_a_danger_of_somebody_hurt_or_of_none(tmp_path: Path) -> None:
    (tmp_path / "wang.txt").write_text("+ 插头化了\n! 手给电麻了\n\n- 气炸了\n", encoding="utf-8")
    assert alarm.read_dangers(tmp_path) == [
        alarm.Line("插头化了", is_danger=True),
        alarm.Line("手给电麻了", is_danger=True),
        alarm.Line("气炸了", is_danger=False),
    ]


@pytest.mark.parametrize("line", ["插头化了", "+", "? 插头化了"])
def test_what_is_no_line_is_named_with_its_number(tmp_path: Path, line: str) -> None:
    (tmp_path / "wang.txt").write_text(f"+ 插头化了\n{line}\n", encoding="utf-8")
    with pytest.raises(TurnFileError, match=r"wang\.txt:2"):
        alarm.read_dangers(tmp_path)


@pytest.mark.parametrize(
    "said, told",
    [
        ("插座冒烟", [True, False, False]),
        ("我气得冒烟", [False, True, False]),
        ("没冒烟", [False, True, True]),
        ("不制冷", [False] * 3),
    ],
)
def test_what_the_companys_words_say_is_seen(said: str, told: list[bool]) -> None:
    assert alarm.signs(said, WORDS, list(WORDS.spoken_of(said))) == told


def test_of_turns_all_that_speak_of_a_danger_teach() -> None:
    turns = [
        Turn(Context(), "插座冒烟", {"danger": "+"}),
        Turn(Context(), "没冒烟", {"danger": "-"}),
        Turn(Context(), "烫着了", {"injury": "+"}),
        Turn(Context(), "退货", {"refund": "+"}),
    ]
    found = {line.said: line.is_danger for line in alarm.lines_of(turns)}
    assert found == {"插座冒烟": True, "没冒烟": False, "烫着了": True, "退货": False}


def test_what_is_learnt_tells_them_apart_and_reads_the_same_from_disk(tmp_path: Path) -> None:
    texts = ["插座冒烟", "插头冒烟", "什么时候发货", "发货了没"]
    vectors = np.eye(4, dtype=np.float32)
    told = [[False] * 3] * 4
    model = alarm.fit(texts, vectors, told, [True, True, False, False])
    assert model("线冒烟", vectors[0], told[0]) > 0.5 > model("还没发货", vectors[2], told[2])
    alarm.save(model, tmp_path)
    again = alarm.load(tmp_path)
    assert again is not None
    assert again("线冒烟", vectors[0], told[0]) == model("线冒烟", vectors[0], told[0])


def test_nothing_rings_where_no_danger_was_taught(tmp_path: Path) -> None:
    assert alarm.load(tmp_path) is None


def test_a_writer_either_teaches_or_examines() -> None:
    teaching, examining = (
        {path.stem for path in (ROOT / part).glob("*.txt")} for part in ("data/dangers", "tests/nlu/dangers")
    )
    assert len(teaching) >= 5
    assert examining
    assert not teaching & examining
