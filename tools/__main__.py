"""`python3 -m tools COMMAND`: what the Makefile's targets call."""

from __future__ import annotations

import argparse
import signal
import sys
from typing import Callable

from tools import backup, chat, check, clean, lock, read, run, scripts, setup, shell, site, testrun
from tools.errors import ToolError
from tools.project import THIS

Command = Callable[[argparse.Namespace], "int | None"]

COMMANDS: dict[str, Command] = {
    "run": lambda options: run.run(THIS),
    "test": lambda options: testrun.run_parts(THIS, options.names),
    "train": lambda options: setup.train(THIS, anew=options.all),
    "shell": lambda options: shell.shell(THIS),
    "chat": lambda options: chat.chat(THIS, options.names),
    "check": lambda options: check.check(THIS),
    "script": lambda options: scripts.run_script(THIS, options.names[0]),
    "read": lambda options: read.read(THIS),
    "backup": lambda options: backup.backup(THIS),
    "restore": lambda options: backup.restore(THIS),
    "docs": lambda options: site.build(THIS),
    "lock": lambda options: lock.lock(THIS, upgrade=options.all),
    "clean": lambda options: clean.clean(THIS, everything=options.all),
}


def main(arguments: list[str]) -> int:
    """Run one command; an expected failure is one line on standard error and exit code 1."""
    parser = argparse.ArgumentParser(prog="tools", description="The commands behind the Makefile.")
    parser.add_argument("command", choices=sorted(COMMANDS))
    parser.add_argument("names", nargs="*", help="what to restrict the command to")
    parser.add_argument("--all", action="store_true", help="leave nothing out")
    options = parser.parse_args(arguments)
    try:
        return COMMANDS[options.command](options) or 0
    except ToolError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
