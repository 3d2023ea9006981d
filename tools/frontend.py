"""Building the web pages, where there are any, with the system's Node.js or one brought from a package."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from tools.environments import HELPDESK
from tools.errors import ToolError
from tools.processes import clean_environment, run_logged
from tools.project import Project
from tools.pythons import find_python
from tools.stamps import fingerprint, read_stamp, write_stamp
from tools.uv import index_settings, uv_path

OLDEST_NODE = 20
PINNED_NODE = "requirements/node.txt"


def pages(project: Project) -> list[Path]:
    """Folders to build: frontend/ itself when it is one workspace, else each part with a package.json."""
    whole = project.root / "frontend"
    if (whole / "package.json").exists():
        return [whole]
    return sorted(path.parent for path in whole.glob("*/package.json"))


def build_pages(project: Project) -> bool:
    """Build what changed; returns whether anything had."""
    built = [_build(project, folder) for folder in pages(project)]
    return any(built)


def _build(project: Project, folder: Path) -> bool:
    name = folder.name
    stamp = project.var / "stamps" / f"frontend-{name}.json"
    made_from = {"inputs": fingerprint(project.root, [str(folder.relative_to(project.root))])}
    if read_stamp(stamp) == made_from and any(folder.glob("**/dist")):
        return False
    log = project.log(f"frontend-{name}")
    env = clean_environment(PATH=os.pathsep.join([str(node_folder(project)), os.environ.get("PATH", os.defpath)]))
    for arguments in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
        run_logged(f"building {name}", ["npm", *arguments], log, cwd=folder, env=env)
    write_stamp(stamp, made_from)
    return True


def node_folder(project: Project) -> Path:
    """Where a Node.js that is new enough is, with npm beside it; brought into .tools/node when the system has none."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if found and npm and _major(found) >= OLDEST_NODE:
        return Path(found).parent
    brought = project.brought / "node" / "bin"
    if not (brought / "node").exists():
        _bring_node(project)
    return brought


def _major(node: str) -> int:
    try:
        answer = subprocess.run([node, "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    number = re.match(rb"v(\d+)", answer.stdout)
    return int(number.group(1)) if number else 0


def _bring_node(project: Project) -> None:
    if not (project.root / PINNED_NODE).exists():
        raise ToolError(f"the web pages need Node.js {OLDEST_NODE} or newer: install it")
    log, uv, folder = project.log("node"), uv_path(project), project.brought / "node"
    base = find_python(HELPDESK.want, lambda: uv, project.brought / "python")
    run_logged(
        "making .tools/node", [uv, "venv", "--clear", "--no-project", "--python", base, folder], log, cwd=project.root
    )
    fill = [uv, "pip", "install", "--python", folder / "bin" / "python", "--require-hashes", "-r", PINNED_NODE]
    run_logged("installing Node.js", fill, log, cwd=project.root, env=clean_environment(**index_settings(project)))
