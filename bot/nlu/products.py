"""The dictionary of product kinds: every word a customer may use -> the kind we know it by."""

from __future__ import annotations

from pathlib import Path
from typing import Mapping

import yaml

from zhtext import fold


def read_products(path: Path) -> dict[str, str]:
    """Word -> kind; a kind is also a word for itself."""
    content: Mapping[str, list[str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {word: kind for kind, words in content.items() for word in (kind, *words)}


def tokens_of(word: str) -> list[str]:
    """A product's name as it stands in a folded text, cut where the tokenizer cuts anyway: iPhone 15 is iphone, 15."""
    return fold(word).split()
