"""What was learnt of the articles is kept between starts, and no longer than what it was learnt from."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from helpdesk.company import load_company
from helpdesk.knowledge.features import Features
from helpdesk.knowledge.learnt import KeptFits, Learnt

ROOT = Path(__file__).parents[2]
COMPANY = load_company(ROOT / "company")
TEXTS = ["退款多久到账", "多久退款", "几点关门", "几点开门", "怎么开发票", "发票抬头"]
CLASSES = [0, 0, 1, 1, 2, 2]


def learn(fits: KeptFits, texts: list[str] = TEXTS, classes: list[int] = CLASSES) -> Learnt:
    return fits.learn(Features(texts, COMPANY.concepts, None), texts, None, classes, 1e-3)


def share(learnt: Learnt) -> float:
    return float(learnt.shares(Features(TEXTS, COMPANY.concepts, None), "几点关门呀", None)[1])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Written by a start."""
    fits = KeptFits(tmp_path / "var" / "fits.npz")
    learn(fits)
    fits.save()
    return tmp_path / "var" / "fits.npz"


def test_the_next_start_reads_what_this_one_learnt(file: Path) -> None:
    with np.load(file) as kept:  # marked, so that it is seen to have been read
        arrays = {name: array + (10 if name.endswith("added") else 0) for name, array in kept.items()}
    np.savez(file, **arrays)
    np.testing.assert_allclose(learn(KeptFits(file)).added, learn(KeptFits()).added + 10)
    assert share(learn(KeptFits())) > 0.5


@pytest.mark.parametrize(
    "texts, classes",
    [([*TEXTS[:-1], "发票在哪"], CLASSES), (TEXTS, [0, 0, 1, 1, 2, 1])],
    ids=["another text", "another class"],
)
def test_of_anything_else_it_is_learnt_anew(file: Path, texts: list[str], classes: list[int]) -> None:
    found = learn(KeptFits(file), texts, classes)
    np.testing.assert_array_equal(found.weights, learn(KeptFits(), texts, classes).weights)


def test_a_spoiled_file_is_as_good_as_none_and_is_written_anew(file: Path) -> None:
    file.write_bytes(b"spoiled")
    fits = KeptFits(file)
    assert share(learn(fits)) == share(learn(KeptFits()))
    fits.save()
    with np.load(file) as kept:
        assert len(kept.files) == 2


def test_what_is_learnt_after_the_start_is_not_kept(file: Path) -> None:
    fits = KeptFits(file)
    learn(fits)
    fits.save()
    learn(fits, TEXTS[:4], CLASSES[:4])
    fits.save()
    with np.load(file) as kept:
        assert len(kept.files) == 2


def test_of_two_classes_each_has_its_share() -> None:
    learnt = learn(KeptFits(), TEXTS[:4], CLASSES[:4])
    shares = learnt.shares(Features(TEXTS[:4], COMPANY.concepts, None), "几点关门呀", None)
    assert shares.sum() == pytest.approx(1)
    assert shares[1] > 0.5


START = """
import sys
from pathlib import Path
from tests.unit.test_kept_fits import KeptFits, learn
learn(KeptFits(Path(sys.argv[1])))
print([name for name in ("sklearn", "scipy") if name in sys.modules])
"""


def test_a_start_that_finds_everything_loads_no_library_to_learn_with(file: Path) -> None:
    command = [sys.executable, "-c", START, str(file)]
    assert subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip() == "[]"
