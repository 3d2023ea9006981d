"""Trains the dialogue model: `python -m bot.train FOLDER` writes FOLDER/sansheng.tar.gz.

What `rasa train --force --skip-validation` gives, in half the time: without TensorFlow where no component needs it
(13 CPU s of importing), and without looking for circular garbage among millions of living objects (11 s). `--force`:
Rasa's own cache does not see that a lexicon or a helper of a component changed. `--skip-validation`: what it would find
wrong with the domain is tested (tests/house/test_domain.py).
"""

from __future__ import annotations

import gc
import sys

from bot import startup

CONFIG, DOMAIN, DATA = "config.yml", "domain.yml", "data"
MODEL = "sansheng"


def train(folder: str) -> int:
    """0, or Rasa's code for what went wrong, which it has written out."""
    gc.disable()  # the process ends with the training
    startup.prepare_training(CONFIG)
    from rasa.model_training import train as train_model  # Rasa comes after the preparation

    result = train_model(DOMAIN, CONFIG, [DATA], folder, force_training=True, fixed_model_name=MODEL)
    return int(result.code)


def main() -> int:
    """The command."""
    if len(sys.argv) != 2:
        print("usage: python -m bot.train FOLDER", file=sys.stderr)  # noqa: T201
        return 2
    return train(sys.argv[1])


if __name__ == "__main__":
    raise SystemExit(main())
