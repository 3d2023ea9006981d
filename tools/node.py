"""Node.js with npm: the system's when it is new enough, else one from a pinned package in .tools/node."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from tools.environments import HELPDESK
from tools.processes import clean_environment, output_of, run_logged
from tools.project import Project
from tools.pythons import find_python
from tools.uv import index_settings, uv_path

OLDEST = (20, 19)
PINNED = "requirements/node.txt"


def npm_environment(project: Project) -> dict[str, str]:
    """An environment in which `npm` and `node` are the right ones."""
    path = os.pathsep.join([str(node_folder(project)), os.environ.get("PATH", os.defpath)])
    return clean_environment(PATH=path)


def node_folder(project: Project) -> Path:
    """The folder that holds `node` and `npm`."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_version(node) >= OLDEST:
        return Path(node).parent
    brought = project.brought / "node" / "bin"
    if node_version(str(brought / "node")) < OLDEST:
        _bring(project, brought.parent)
    return brought


def node_version(node: str) -> tuple[int, int]:
    """What this node says when it is run; (0, 0) when it does not run."""
    found = re.match(r"v(\d+)\.(\d+)", output_of([node, "--version"], limit_s=30))
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _bring(project: Project, folder: Path) -> None:
    log, uv = project.log("node"), uv_path(project)
    python = find_python(HELPDESK.want, lambda: uv, project.brought / "python")
    make = [uv, "venv", "--clear", "--no-project", "--python", python, folder]
    run_logged("making .tools/node", make, log, cwd=project.root)
    fill = [uv, "pip", "install", "--python", folder / "bin" / "python", "--require-hashes", "-r", PINNED]
    env = clean_environment(**index_settings(project))
    run_logged("installing Node.js (or install Node.js 20 yourself)", fill, log, cwd=project.root, env=env)
