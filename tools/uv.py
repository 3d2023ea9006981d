"""Bringing uv, the installer: one pinned version, checked by hash, into the project's own folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator

from tools.errors import ToolError
from tools.processes import output_of, run_logged
from tools.project import Project
from tools.stamps import fingerprint, read_stamp, write_stamp

PINNED = "requirements/uv.txt"


def uv_path(project: Project) -> Path:
    return project.brought / "uv" / "bin" / "uv"


def bring_uv(project: Project) -> bool:
    """Install the pinned uv with the first Python that can; returns whether there was anything to do."""
    folder, stamp = project.brought / "uv", project.brought / "uv.json"
    made_from = {"pinned": fingerprint(project.root, [PINNED])}
    if uv_path(project).exists() and read_stamp(stamp) == made_from:
        return False
    log = project.log("uv")
    shutil.rmtree(str(folder), ignore_errors=True)
    run_logged("making .tools/uv", [_python_with_pip(), "-m", "venv", folder], log, cwd=project.root)
    install = [folder / "bin" / "python", "-m", "pip", "install", "--require-hashes", "--no-deps", "-r", PINNED]
    run_logged("installing uv", install, log, cwd=project.root)
    write_stamp(stamp, made_from)
    return True


def _python_with_pip() -> str:
    """Debian ships Python without the part that `venv` needs; another Python on the machine may have it."""
    for python in _system_pythons():
        check = [python, "-c", "import ensurepip, venv"]
        if os.access(python, os.X_OK) and not subprocess.run(check, stderr=subprocess.DEVNULL).returncode:
            return python
    raise ToolError("python3 has no venv module: install it first (Debian, Ubuntu: apt-get install python3-venv)")


def _system_pythons() -> Iterator[str]:
    yield sys.executable
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        yield os.path.join(folder, "python3")


def index_settings(project: Project) -> dict[str, str]:
    """uv reads no pip configuration, so a mirror that pip was told of is passed on to it."""
    if {"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & set(os.environ):
        return {}
    ask = [str(project.brought / "uv" / "bin" / "python"), "-m", "pip", "config", "get", "global.index-url"]
    answer = os.environ.get("PIP_INDEX_URL") or output_of(ask)
    return {"UV_DEFAULT_INDEX": answer} if answer else {}
