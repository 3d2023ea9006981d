"""The company's words for dangers, as the worker reads them."""

from __future__ import annotations

from pathlib import Path

import yaml

from zhtext.danger import Dangers


def read_dangers(path: Path) -> Dangers:
    """From safety.yml; a company without the file has words for none."""
    return Dangers.of(yaml.safe_load(path.read_text(encoding="utf-8"))) if path.is_file() else Dangers({})
