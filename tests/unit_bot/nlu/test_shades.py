"""Shades of meaning: how their files are read, that each is taught and examined by several hands, what is learnt."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import yaml

from bot.nlu.reader import shades
from bot.nlu.reader.labels import SHADES
from bot.nlu.reader.turns import Context, TurnFileError

ROOT = Path(__file__).resolve().parents[3]
TAUGHT = shades.read_shades(ROOT / "data" / "shades")
HELD_OUT = shades.read_shades(ROOT / "tests" / "nlu" / "shades")
NONE = Context()
FILE = """# shade: calls_off
# asked: none
# topic: ticket
# bot: 已为您登记维修。
+ 师傅不用来了
- 师傅还没来
"""


def written(folder: Path, content: str) -> Path:
    path = folder / "somebody.txt"
    path.write_text(content, encoding="utf-8")
    return path


def test_a_file_is_read_with_its_contexts(tmp_path: Path) -> None:
    first, second = shades.read_file(written(tmp_path, FILE))
    assert first.context == Context("none", "ticket", "已为您登记维修。")
    assert (first.shade, first.said, first.is_meant, first.writer) == ("calls_off", "师傅不用来了", True, "somebody")
    assert not second.is_meant


@pytest.mark.parametrize(
    "line,reason",
    [
        ("师傅不用来了", "a line is"),
        ("+ ", "a line is"),
        ("# weather: 晴", "one of shade, asked"),
        ("# shade: hopes\n# asked: none\n# topic: none\n# bot: 好\n+ 好", "unknown shade"),
        ("# shade: drops\n+ 不留", "no `# asked:`"),
        ("# asked: nobody\n+ 不留", "unknown asked"),
    ],
)
def test_a_wrong_line_is_named_with_its_file_and_number(tmp_path: Path, line: str, reason: str) -> None:
    with pytest.raises(TurnFileError, match=rf"somebody\.txt:\d+: .*{reason}"):
        list(shades.read_file(written(tmp_path, f"{FILE}{line}\n")))


def test_every_shade_that_a_choice_is_meant_by_is_taught() -> None:
    fields = [yaml.safe_load(path.read_text("utf-8")) for path in (ROOT / "company" / "fields").glob("*.yml")]
    choices = [one for file in fields for field in file.values() for one in field.get("choices", ())]
    assert {one["shade"] for one in choices if "shade" in one} <= SHADES


def test_several_hands_teach_every_shade_with_what_only_looks_like_it() -> None:
    for has_it in (True, False):
        counts = Counter(line.shade for line in TAUGHT if line.is_meant is has_it)
        assert {shade: counts[shade] for shade in SHADES if counts[shade] < 30} == {}
    assert all(len({line.writer for line in TAUGHT if line.shade == shade}) >= 3 for shade in SHADES)


def test_a_writer_either_teaches_or_examines() -> None:
    assert not {line.writer for line in TAUGHT} & {line.writer for line in HELD_OUT}
    assert {line.shade for line in HELD_OUT} == SHADES


def test_what_is_learnt_tells_the_lines_apart_and_reads_the_same_from_disk(tmp_path: Path) -> None:
    lines = [shades.Line("drops", NONE, str(at), at % 2 == 0, "somebody") for at in range(40)]
    features = np.array([[9.0, 0.0] if line.is_meant else [0.0, 9.0] for line in lines], dtype=np.float32)
    model = shades.fit(lines, features, np.zeros((20, 2), dtype=np.float32))
    assert model(features[0])["drops"] > shades.BOUND > model(features[1])["drops"]
    shades.save(model, tmp_path)
    again = shades.load(tmp_path)
    assert again is not None
    assert again(features[0]) == model(features[0])


def test_no_shade_is_read_where_none_was_taught(tmp_path: Path) -> None:
    assert shades.load(tmp_path) is None
