"""`python -m helpdesk ARGUMENTS` within this process, which has imported everything already: what a command does.

How one starts as a process of its own tests/integration/test_process.py and test_start.py try: each computes five
seconds until its imports are done.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import NamedTuple

import pytest

from helpdesk.__main__ import main
from helpdesk.logs import configure_logs
from helpdesk.settings import Settings
from helpdesk.testing import environment_of


class Ended(NamedTuple):
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


Typed = Callable[..., Ended]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Typed]:
    """`typed(settings, "staff", "list", line="what stands on its input")`."""

    def typed(settings: Settings, *arguments: str, line: str = "") -> Ended:
        for name, value in environment_of(settings, HELPDESK_LOG_LEVEL="ERROR").items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "stdin", StringIO(line))
        with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
            code = _code_of(list(arguments))
        return Ended(code, out.getvalue().strip(), err.getvalue().strip())

    before = os.umask(0o022)
    yield typed
    os.umask(before)  # a command narrows it
    configure_logs("ERROR")  # the command's went where its own output went


def _code_of(arguments: list[str]) -> int:
    try:
        return main(arguments)
    except SystemExit as ended:  # arguments that nobody knows
        return int(ended.code or 0)
