"""Reads sentences with their intents from files of Rasa's NLU format."""

from __future__ import annotations

from pathlib import Path

import yaml


def read(folder: str) -> list[tuple[str, str]]:
    """(sentence, intent) of all files of a folder."""
    blocks = [
        block for path in sorted(Path(folder).glob("*.yml")) for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]
    ]
    return [(line.removeprefix("- "), block["intent"]) for block in blocks for line in block["examples"].splitlines()]
