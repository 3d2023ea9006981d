"""Exact lexicons of short closed classes: 好的, 不用了, 886, 转人工.

A model learns these badly (two characters, no context) and must not be able to unlearn
them. Exact after normalisation, nothing else; the words are in company/lexicon.
"""

from __future__ import annotations

from pathlib import Path
from typing import Mapping

import yaml

from zhtext import normalise

# Marks and softeners that change nothing at the end or the start of a short answer.
_EDGES = " \t,.!?;:~、。…\"'()-"


def key(text: str) -> str:
    """What the lexicon compares: normalised, without marks at the edges and without spaces."""
    return normalise(text).strip(_EDGES).replace(" ", "").replace("，", "").replace(",", "")


def read_lexicon(folder: Path) -> dict[str, str]:
    """Wording -> intent from `intents.yml` files of {intent: [wording, ...]}; ValueError on a contradiction."""
    meanings: dict[str, str] = {}
    for path in sorted(folder.glob("intents*.yml")):
        content: Mapping[str, list[str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
        for intent, wordings in content.items():
            for wording in wordings:
                _add(meanings, key(str(wording)), intent, path)
    return meanings


def read_names(folder: Path) -> dict[str, list[str]]:
    """Intent -> the words that call it by its name, from `named.yml`; none when there is no such file."""
    path = folder / "named.yml"
    content: dict[str, list[str]] = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    return content


def _add(meanings: dict[str, str], wording: str, intent: str, path: Path) -> None:
    known = meanings.setdefault(wording, intent)
    if known != intent:
        raise ValueError(f"{path.name}: {wording!r} means both {known} and {intent}")
