"""Sentence vectors on disk, while several programs of one folder start."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from helpdesk.knowledge.features import Vectors
from helpdesk.knowledge.kept_vectors import FEWEST_TO_KEEP, KeptVectors


class Lengths:
    """An encoder whose vectors are quickly made."""

    def __init__(self) -> None:
        self.asked = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += len(texts)
        return np.array([[len(text), *range(300)] for text in texts], dtype=np.float32)


def test_of_two_starts_at_once_neither_spoils_the_others_vectors(tmp_path: Path) -> None:
    file, texts = tmp_path / "knowledge-vectors.npz", [f"第{n}句话" for n in range(FEWEST_TO_KEEP)]
    for start in range(30):
        both = [KeptVectors(Lengths(), file) for _ in range(2)]
        for one in both:
            one.encode([*texts, f"第{start}次开始"])
        with ThreadPoolExecutor() as at_once:
            list(at_once.map(KeptVectors.save, both))
        assert [path.name for path in tmp_path.iterdir()] == [file.name]
        assert KeptVectors(Lengths(), file).encode([*texts, f"第{start}次开始"]).shape == (len(texts) + 1, 301)


def test_the_next_start_knows_the_vectors_of_everything_that_learns_from_them(tmp_path: Path) -> None:
    file, groups = tmp_path / "knowledge-vectors.npz", [[f"{of}{n}" for n in range(20)] for of in ("条目", "类别")]
    first, again = Lengths(), Lengths()
    for encoder in (first, again):
        kept = KeptVectors(encoder, file)
        for texts in groups:
            kept.encode(texts)
        kept.save()
    assert (first.asked, again.asked) == (40, 0)
