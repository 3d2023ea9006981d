"""`make read`: what a line has to be, and what is printed for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot import read
from bot.errors import ModelRefused, TurnUnreadable

GOOD = {"asked": "open", "topic": "none", "bot": "您好", "said": "我要退款"}


def write(folder: Path, *lines: str) -> Path:
    path = folder / "turns.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_each_line_is_answered_by_one_line_with_the_acts_in_their_order(tmp_path: Path) -> None:
    asked: list[object] = []

    def parse(said: str, context: dict[str, str]) -> dict[str, object]:
        asked.append((said, context))
        acts = {"story": {"polarity": "+", "confidence": 0.9}, "refund": {"polarity": "-", "confidence": 0.8}}
        return {"reading": {"acts": acts, "values": {"name": "王芳"}}}

    path = write(tmp_path, json.dumps(GOOD), "", json.dumps({"said": "在吗"}))
    lines = list(read.read(path, parse))
    assert lines == ['{"acts": {"story": "+", "refund": "-"}, "values": {"name": "王芳"}}'] * 2
    assert asked[0] == ("我要退款", {"asked": "open", "topic": "none", "bot": "您好"})
    assert asked[1] == ("在吗", {"asked": "", "topic": "", "bot": ""})


@pytest.mark.parametrize(
    "line, complaint",
    [
        ("{", "Expecting property name"),
        ("[]", "a line is a JSON object"),
        ('{"asked": "open"}', "'said' is a string"),
        ('{"said": " "}', "'said' is blank"),
        ('{"said": "好", "asked": 1}', "'asked' is a string"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, complaint: str) -> None:
    with pytest.raises(TurnUnreadable, match=f"turns.jsonl:2: {complaint}"):
        list(read.turns(write(tmp_path, json.dumps(GOOD), line)))


def test_a_model_without_a_reader_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelRefused, match="without a reader"):
        list(read.read(write(tmp_path, json.dumps(GOOD)), lambda said, context: {}))
