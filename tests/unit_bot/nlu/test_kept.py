"""What was fitted is taken again only where nothing of it changed, and only whole."""

from __future__ import annotations

import fcntl
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.nlu import kept
from bot.nlu.kept import digest_of, fitted, with_imported
from bot.nlu.reader import alarm, names, telling


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


def test_of_two_processes_one_fits(tmp_path: Path, target: Path) -> None:
    fit = Fit()
    lock = tmp_path / "kept-locks" / "intents"
    lock.parent.mkdir()
    with lock.open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert not fitted("intents", "a", target, fit, tmp_path / "kept", wait=False)
        assert fitted("turns", "a", target, fit, tmp_path / "kept", wait=False)
    assert fit.times == 1
    assert fitted("intents", "a", target, fit, tmp_path / "kept", wait=False)


def test_examples_and_encoder_change_the_digest() -> None:
    first, second, code = Encoder(name="1"), Encoder(name="2"), [Path(telling.__file__)]
    asked = [(["甲", "乙"], first), (["甲乙"], first), (["甲", "乙"], second), (["甲", "乙"], None)]
    digests = [digest_of(*one, code) for one in asked]
    assert len({*digests}) == len(asked)
    assert digest_of(["甲", "乙"], first, code) == digests[0]


def test_a_part_is_known_by_the_code_it_comes_of() -> None:
    found = {str(path.relative_to(kept.ROOT)) for path in with_imported([Path(telling.__file__)])}
    by_turns = {"bot/nlu/__init__.py", "bot/nlu/reader/telling.py", "bot/nlu/reader/turns.py", "bot/nlu/reader/crf.py"}
    assert by_turns | {"zhtext/__init__.py", "zhtext/normalise.py", "zhtext/dialect.py", "zhtext/clauses.py"} <= found
    assert not {path for path in found if "names" in path or "network" in path}
    assert with_imported([Path(alarm.__file__)]) != with_imported([Path(names.__file__)])


def test_only_changed_code_changes_the_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other, last = (tmp_path / f"{name}.py" for name in ("one", "other", "last"))
    one.write_text("def fit():\n    from bot.nlu import other\n")
    other.write_text("x = 1\n")
    last.write_text("y = 1\n")
    monkeypatch.setattr(kept, "_PACKAGES", {"bot.nlu": tmp_path})
    before = digest_of(["甲"], None, [one])
    last.write_text("y = 2\n")
    assert digest_of(["甲"], None, [one]) == before
    other.write_text("x = 2\n")
    assert digest_of(["甲"], None, [one]) != before


def test_what_a_file_imports_has_to_be_written_in_full(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("from . import other\n")
    with pytest.raises(ValueError, match="in full"):
        digest_of(["甲"], None, [tmp_path / "one.py"])
