"""Everything that storm.py can do, done once to a small crowd on PostgreSQL and Redis."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from helpdesk.testing import ROOT

HERE = Path(__file__).resolve().parent
CUSTOMERS = 12


def test_each_harm_loses_nothing_and_does_nothing_twice() -> None:
    """A process of its own, for where it may the storm has file systems that end with it."""
    command = [sys.executable, str(HERE / "storm.py"), "0", str(CUSTOMERS), "redis", "1"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=3600, check=False)
    told = done.stdout[-3000:] + done.stderr[-3000:]
    assert done.returncode == 0, told
    for harm in ("service killed", "worker frozen", "database killed", "redis killed"):
        assert harm in done.stdout
