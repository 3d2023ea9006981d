"""A worker whose model needs no TensorFlow runs without it, and no other does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from bot.without_tensorflow import NEED_NONE, components_of, is_needless, names_of

ROOT = Path(__file__).resolve().parents[2]
OURS = "bot.nlu.classifier.ChineseIntentClassifier"
DIET = "rasa.nlu.classifiers.diet_classifier.DIETClassifier"


@pytest.mark.parametrize(
    "components, needless",
    [([OURS, *NEED_NONE], True), ([OURS, DIET], False), ([OURS, "elsewhere.Component"], False), ([], False)],
)
def test_only_components_that_are_known_do_without(components: list[str], needless: bool) -> None:
    assert is_needless(components) is needless


def test_a_model_names_its_components(tmp_path: Path) -> None:
    assert components_of(archive_of(tmp_path, OURS, DIET)) == [OURS, DIET]


def archive_of(folder: Path, *components: str) -> Path:
    """A model's archive as far as it names its components."""
    nodes = {component: {"uses": component} for component in components}
    content = json.dumps({"predict_schema": {"nodes": nodes}}).encode()
    with tarfile.open(folder / "model.tar.gz", "w:gz") as archive:
        info = tarfile.TarInfo("metadata.json")
        info.size = len(content)
        archive.addfile(info, BytesIO(content))
    return folder / "model.tar.gz"


@pytest.mark.parametrize("content", [b"", b"no archive"])
def test_what_is_no_model_names_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.tar.gz"
    path.write_bytes(content)
    assert components_of(path) == []


def test_rasa_loads_and_answers_with_stand_ins() -> None:
    """In a process of its own: what Rasa imported there must not be what other tests use."""
    script = (
        "from bot import startup, without_tensorflow\n"
        "startup.prepare()\n"
        "without_tensorflow.leave_out()\n"
        "import bot.engine, tensorflow\n"
        "assert not hasattr(tensorflow, '__version__')\n"
    )
    in_a_process_of_its_own(script)


def in_a_process_of_its_own(script: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_a_worker_loads_nothing_that_only_stock_components_use(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from bot import startup\n"
        f"startup.prepare({str(archive_of(tmp_path, OURS))!r})\n"
        "import bot.engine, bot.endpoint, bot.nlu.turn_reader, sklearn\n"
        "assert not hasattr(sklearn, '__version__')\n"
        "real = {'PIL', 'joblib', 'botocore', 'babel', 'pytest', 'tensorflow_hub'} & set(sys.modules)\n"
        "assert not any(getattr(sys.modules[name], '__file__', None) for name in real), real\n"
    )
    in_a_process_of_its_own(script)


def test_a_package_that_is_loaded_already_stays_whole() -> None:
    script = (
        "import sklearn\n"
        "from bot import without_tensorflow\n"
        "without_tensorflow.leave_out()\n"
        "from sklearn.linear_model import LogisticRegression\n"
        "assert LogisticRegression.__init__.__module__.startswith('sklearn')\n"
    )
    in_a_process_of_its_own(script)


def test_a_training_of_ours_has_scikit_learn_and_no_tensorflow() -> None:
    script = (
        "import sys\n"
        "from bot import startup\n"
        "startup.prepare_training('config.yml')\n"
        "import rasa.model_training, sklearn, tensorflow\n"
        "assert sklearn.__version__\n"
        "assert not hasattr(tensorflow, '__version__')\n"
    )
    in_a_process_of_its_own(script)


@pytest.mark.parametrize("content", ["pipeline: [{name: DIETClassifier}]\npolicies: []", "no: configuration", "[", ""])
def test_what_may_need_tensorflow_is_trained_with_it(tmp_path: Path, content: str) -> None:
    (tmp_path / "config.yml").write_text(content)
    assert not is_needless(names_of(tmp_path / "config.yml"))


def test_our_configuration_needs_none() -> None:
    assert is_needless(names_of(ROOT / "config.yml"))
