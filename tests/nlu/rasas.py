"""Rasa's own commands, as somebody at home in Rasa runs them in the project folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

BROKEN_STORY = "a story that nobody follows"
BROKEN = f"""version: "3.1"
stories:
- story: {BROKEN_STORY}
  steps:
  - intent: greet
  - action: action_listen
"""
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
LONGEST = 900
"""Seconds after which a command has hung."""


def rasa(*arguments: str) -> str:
    """What a command printed. Raises AssertionError when it failed."""
    command = [str(Path(sys.executable).with_name("rasa")), *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **QUIET}, timeout=LONGEST)
    printed = ran.stdout + ran.stderr
    assert ran.returncode == 0, printed[-2000:]
    return printed


def report(folder: Path, name: str) -> Any:
    """A report that Rasa wrote; an empty list where there was nothing to write."""
    path = folder / name
    return json.loads(path.read_text("utf-8")) if path.exists() else []
