"""Train the stock projects that the product is measured beside, once; they are kept in var/bench/stock/.

    .envs/bot/bin/python bench/stock/train.py [diet] [logistic_regression]

Each has the intents of ours with `FEW` of our sentences each, an answer for each and a complaint form, and no action
of its own: nothing that would make it slower than it has to be. DIET takes a quarter of an hour on an idle core.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from bench.nlu import FEW, OURS, few, read_sentences, write_training_data  # noqa: E402

HERE = Path(__file__).resolve().parent
KEPT = ROOT / "var" / "bench" / "stock"
KINDS = ("diet", "logistic_regression")
DIALOGUE = ("rules.yml", "stories.yml", "values.yml")


def trained(kind: str) -> Path:
    """The model of one kind, trained now unless it was before from the same files."""
    sentences = few(read_sentences(ROOT / OURS), FEW)
    path = KEPT / f"{kind}-{_digest(kind, sentences)}.tar.gz"
    if not path.exists():
        _train(kind, sentences, path)
    return path


def _digest(kind: str, sentences: Sequence[tuple[str, str]]) -> str:
    found = hashlib.sha256(repr(sentences).encode())
    for name in (f"{kind}.yml", "domain.yml", *DIALOGUE):
        found.update((HERE / name).read_bytes())
    return found.hexdigest()[:12]


def _train(kind: str, sentences: Sequence[tuple[str, str]], path: Path) -> None:
    from rasa.model_training import train

    with tempfile.TemporaryDirectory() as folder:
        nlu = write_training_data(sentences, Path(folder))
        files = [str(nlu), *(str(HERE / name) for name in DIALOGUE)]
        made = train(str(HERE / "domain.yml"), str(HERE / f"{kind}.yml"), files, folder).model
        assert made, f"{kind} was not trained"
        KEPT.mkdir(parents=True, exist_ok=True)
        os.replace(made, path)


def main() -> None:
    """Prints the path of each model, a line each."""
    found = [trained(kind) for kind in sys.argv[1:] or KINDS]
    print("\n".join(map(str, found)))


if __name__ == "__main__":
    main()
