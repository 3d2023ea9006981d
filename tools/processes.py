"""Starting other programs: a clean environment, output into a log file, and no program outliving its starter."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Callable, Mapping, Sequence

from tools.errors import ToolError

# Left over from another environment, these make a Python see the wrong packages.
MISLEADING = (
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONSAFEPATH",
    "PYTHONSTARTUP",
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_USER",
)
PR_SET_PDEATHSIG = 1
LINES_SHOWN = 30


def clean_environment(**changes: str) -> dict[str, str]:
    """This process's environment without what misleads another Python; always UTF-8, whatever the locale."""
    kept = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    return {**kept, "PYTHONUTF8": "1", **changes}


def run_logged(
    what: str, command: Sequence[object], log: Path, *, cwd: Path, env: Mapping[str, str] | None = None
) -> None:
    """Run a command to its end, its output appended to `log`. A failure names the log (and shows its end in CI)."""
    arguments = [str(part) for part in command]
    with log.open("ab") as out:
        out.write(f"$ {' '.join(arguments)}\n".encode())
        out.flush()
        code = _run(arguments, out.fileno(), cwd, env or clean_environment())
    if code:
        _show_end(log)
        raise ToolError(f"{what} failed; the reason is at the end of {log}")


def _run(arguments: Sequence[str], out: int, cwd: Path, env: Mapping[str, str]) -> int:
    try:
        return subprocess.run(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=str(cwd),
            env=dict(env),
            preexec_fn=die_with_parent(signal.SIGTERM),
        ).returncode
    except OSError as error:
        os.write(out, f"{error}\n".encode())
        return 127


def _show_end(log: Path) -> None:
    """Where nobody can open the log afterwards, its end goes to the terminal."""
    if os.environ.get("CI"):
        lines = log.read_text("utf-8", "replace").splitlines()[-LINES_SHOWN:]
        print("", *lines, sep="\n", file=sys.stderr)


def output_of(command: Sequence[object], env: Mapping[str, str] | None = None, limit_s: float | None = None) -> str:
    """What a command printed, without the space around it; empty when it failed, hung or is not there."""
    try:
        answer = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limit_s,
            env=dict(env or clean_environment()),
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.decode(errors="replace").strip() if answer.returncode == 0 else ""


def die_with_parent(wanted: signal.Signals) -> Callable[[], None]:
    """What a child calls on itself, before it becomes its program, so that `wanted` reaches it when we are gone.

    Linux keeps this promise even when the parent is killed with -9 (prctl(2), PR_SET_PDEATHSIG). Elsewhere it
    does nothing. The library is loaded here: between fork and exec is no place for it.
    """
    parent = os.getpid()
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

    def arrange() -> None:
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, int(wanted), 0, 0, 0)
            if os.getppid() != parent:  # it died in between
                os._exit(1)

    return arrange


def stop_when_make_is_gone() -> None:
    """Under `make`, end like after Ctrl-C when make itself is killed: nobody else would end us then."""
    if "MAKELEVEL" in os.environ and sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
