"""A company's own installation, set up by its commands."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from helpdesk.settings import Settings
from helpdesk.testing import ROOT, Process, environment_of, settings_for
from tests.support.nursery import forked
from tests.support.typed import Ended, Typed

ADMIN = ("zhaomin", "--name", "赵敏", "--number", "S0001", "--role", "admin", "--department", "office")
LINK = re.compile(r"^/desk/invitation#(\S+)$", re.MULTILINE)
CHOSEN, GIVEN = "自己选的口令-2026", "先用这个登录-2026"


class Installation:
    """An empty machine: no database yet, a company folder of its own; commands as one types them."""

    def __init__(self, folder: Path, typed: Typed) -> None:
        self.folder = folder
        self.typed = typed
        self.company = folder / "company"
        shutil.copytree(ROOT / "company", self.company)
        self.settings = self._settings()

    def _settings(self) -> Settings:
        url = f"sqlite+aiosqlite:///{self.folder}/live.db"
        return settings_for(url, var_dir=self.folder, company_dir=self.company, demo=False)

    def run(self, *arguments: str, typed: str = "") -> Ended:
        """What `python -m helpdesk ARGUMENTS` does."""
        return self.typed(self.settings, *arguments, line=typed)

    def ok(self, *arguments: str, typed: str = "") -> str:
        """The same, which must succeed; what it printed."""
        ended = self.run(*arguments, typed=typed)
        assert ended.code == 0, ended.err
        return ended.out

    def refused(self, *arguments: str, typed: str = "") -> str:
        """The same, which must fail with one line; that line."""
        ended = self.run(*arguments, typed=typed)
        assert ended.code == 1, ended.out
        return ended.err.strip().splitlines()[-1]

    def service(self) -> Process:
        """`python -m helpdesk`, not started yet."""
        command = [sys.executable, "-m", "helpdesk"]
        return forked(Process("service", command, environment_of(self.settings), self.folder / "service.log"))
