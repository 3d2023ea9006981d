"""What was fitted is taken again only where nothing of it changed, and only whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.nlu.kept import digest_of, fitted


@dataclass(frozen=True)
class Encoder:
    """Says which it is."""

    name: str


class Fit:
    """Writes a file, and counts."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, folder: Path) -> None:
        self.times += 1
        (folder / "weights").write_text(str(self.times))


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    return folder


def test_a_part_is_fitted_once(tmp_path: Path, target: Path) -> None:
    fit = Fit()
    for _ in range(2):
        fitted("intents", "a", target, fit, tmp_path / "kept")
    assert fit.times == 1
    assert [(path.name, path.read_text()) for path in target.iterdir()] == [("weights", "1")]


def test_another_digest_is_fitted_and_takes_the_place_of_the_former(tmp_path: Path, target: Path) -> None:
    fit = Fit()
    for digest in ("a", "b", "a"):
        fitted("intents", digest, target, fit, tmp_path / "kept")
    assert fit.times == 3
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["intents-a"]


def test_a_damaged_part_is_fitted_anew(tmp_path: Path, target: Path) -> None:
    fit = Fit()
    fitted("intents", "a", target, fit, tmp_path / "kept")
    (tmp_path / "kept" / "intents-a" / "weights").write_text("cut")
    fitted("intents", "a", target, fit, tmp_path / "kept")
    assert (target / "weights").read_text() == "2"


def test_a_fit_that_fails_leaves_nothing(tmp_path: Path, target: Path) -> None:
    def fails(folder: Path) -> None:
        (folder / "weights").write_text("half")
        raise ValueError("no examples")

    with pytest.raises(ValueError, match="no examples"):
        fitted("intents", "a", target, fails, tmp_path / "kept")
    assert [*(tmp_path / "kept").iterdir()] == [*target.iterdir()] == []


def test_examples_and_encoder_change_the_digest() -> None:
    first, second = Encoder(name="1"), Encoder(name="2")
    asked = [(["甲", "乙"], first), (["甲乙"], first), (["甲", "乙"], second), (["甲", "乙"], None)]
    digests = [digest_of(*one) for one in asked]
    assert len({*digests}) == len(asked)
    assert digest_of(["甲", "乙"], first) == digests[0]
