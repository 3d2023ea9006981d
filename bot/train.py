"""Trains the dialogue model: `python -m bot.train FOLDER` writes FOLDER/sansheng.tar.gz.

Where there are two processors, a process beside this one fits what needs nothing of Rasa (bot/nlu/reader/learning.py),
while this one loads Rasa, reads the sentences and fits the rest.

What `rasa train --force --skip-validation` gives, in half the time: without TensorFlow where no component needs it
(13 CPU s of importing), and without looking for circular garbage among millions of living objects (11 s). `--force`:
Rasa's own cache does not see that a lexicon or a helper of a component changed. `--skip-validation`: what it would find
wrong with the domain is tested (tests/house/test_domain.py).
"""

from __future__ import annotations

import contextlib
import gc
import os
import subprocess
import sys
from collections.abc import Iterator

from bot import startup

CONFIG, DOMAIN, DATA = "config.yml", "domain.yml", "data"
MODEL = "sansheng"


def train(folder: str) -> int:
    """0, or Rasa's code for what went wrong, which it has written out."""
    gc.disable()  # the process ends with the training
    with _learning_beside():
        startup.prepare_training(CONFIG)
        from rasa.model_training import train as train_model  # Rasa comes after the preparation

        result = train_model(DOMAIN, CONFIG, [DATA], folder, force_training=True, fixed_model_name=MODEL)
    return int(result.code)


@contextlib.contextmanager
def _learning_beside() -> Iterator[None]:
    """Whatever the other process has fitted lies on the disk; if it fails, the training fits all itself."""
    if _processors() < 2:
        yield
        return
    beside = subprocess.Popen([sys.executable, "-W", "ignore", "-m", "bot.nlu.reader.learning", CONFIG])
    try:
        yield
    finally:
        beside.kill()  # what it could still be at is of no use to a model that is written
        beside.wait()


def _processors() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def main() -> int:
    """The command."""
    if len(sys.argv) != 2:
        print("usage: python -m bot.train FOLDER", file=sys.stderr)  # noqa: T201
        return 2
    return train(sys.argv[1])


if __name__ == "__main__":
    raise SystemExit(main())
