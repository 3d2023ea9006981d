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

from bot.without_tensorflow import NEED_NONE, components_of, is_needless

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
    content = json.dumps({"predict_schema": {"nodes": {"a": {"uses": OURS}, "b": {"uses": DIET}}}}).encode()
    with tarfile.open(tmp_path / "model.tar.gz", "w:gz") as archive:
        info = tarfile.TarInfo("metadata.json")
        info.size = len(content)
        archive.addfile(info, BytesIO(content))
    assert components_of(tmp_path / "model.tar.gz") == [OURS, DIET]


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
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
