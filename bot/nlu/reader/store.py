"""A trained reader on disk: reader.json, reader.npz (weights), spans.crf and likeness.json. No pickle."""

from __future__ import annotations

import json
from pathlib import Path

from bot.nlu.reader import model
from bot.nlu.reader.decision import Bounds
from bot.nlu.reader.spans import SpanTagger
from bot.nlu.reader.training import Trained


def save(trained: Trained, folder: Path) -> None:
    """Write all parts."""
    model.save(trained.model, folder)
    (folder / "bounds.json").write_text(json.dumps(dict(trained.bounds.labels)), encoding="utf-8")
    (folder / "spans.crf").write_bytes(trained.tagger.content)
    likeness = json.dumps(dict(trained.tagger.likeness), ensure_ascii=False)
    (folder / "likeness.json").write_text(likeness, encoding="utf-8")


def load(folder: Path) -> Trained:
    """What `save` wrote."""
    bounds = Bounds(json.loads((folder / "bounds.json").read_text(encoding="utf-8")))
    likeness = json.loads((folder / "likeness.json").read_text(encoding="utf-8"))
    return Trained(model.load(folder), bounds, SpanTagger.of((folder / "spans.crf").read_bytes(), likeness))
