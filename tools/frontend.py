"""Building the web pages, and what browser tests need from npm: only where the project has them."""

from __future__ import annotations

from pathlib import Path

from tools.node import npm_environment
from tools.processes import run_logged
from tools.project import Project
from tools.stamps import fingerprint, read_stamp, write_stamp


def has_pages(project: Project) -> bool:
    return (project.root / "frontend" / "package.json").exists()


def has_browser_tests(project: Project) -> bool:
    return (project.root / "tests" / "browser" / "package.json").exists()


def build_pages(project: Project) -> bool:
    """Install the locked packages and build, when a source changed; returns whether one had."""
    folder = project.root / "frontend"
    stamp = folder / "node_modules" / ".built.json"
    made_from = {"inputs": fingerprint(project.root, ["frontend"])}
    if read_stamp(stamp) == made_from and any(folder.glob("*/dist")):
        return False
    install_packages(project, folder)
    log = project.log("build-frontend")
    run_logged("building the web pages", ["npm", "run", "build"], log, cwd=folder, env=npm_environment(project))
    write_stamp(stamp, made_from)
    return True


def install_packages(project: Project, folder: Path) -> bool:
    """`npm ci` unless the installed packages are those of the lock file; returns whether they were not."""
    stamp = folder / "node_modules" / ".stamp.json"
    made_from = {"lock": fingerprint(folder, ["package.json", "package-lock.json"])}
    if read_stamp(stamp) == made_from:
        return False
    log, env = project.log(f"npm-{folder.name}"), npm_environment(project)
    run_logged(f"npm ci in {folder.name}", ["npm", "ci", "--no-audit", "--no-fund"], log, cwd=folder, env=env)
    write_stamp(stamp, made_from)
    return True
