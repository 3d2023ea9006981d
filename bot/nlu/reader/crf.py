"""Conditional random fields in CRFsuite's own format: learnt as the bytes of a file, and opened from them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

Rows = Sequence[Sequence[str]]
"""Named features of each item of a sequence."""


def trained(examples: Iterable[tuple[Rows, Sequence[str]]], recipe: Mapping[str, float]) -> bytes:
    """From sequences of features with the label of each item; `recipe` holds CRFsuite's parameters."""
    import pycrfsuite

    trainer = pycrfsuite.Trainer(verbose=False)
    for rows, labels in examples:
        trainer.append(rows, labels)
    trainer.set_params(recipe)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "field"
        trainer.train(str(path))
        return path.read_bytes()


def opened(content: bytes) -> Any:
    """A tagger of what `trained` gave."""
    import pycrfsuite

    tagger = pycrfsuite.Tagger()
    tagger.open_inmemory(content)
    return tagger
