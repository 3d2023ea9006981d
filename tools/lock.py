"""`make lock`: work out requirements/*.txt anew from the .in files: every version and hash, no address."""

from __future__ import annotations

from functools import partial

from tools.locks import setting_up
from tools.processes import clean_environment, run_logged
from tools.project import Project
from tools.steps import Step, run_steps
from tools.uv import bring_uv, index_settings, uv_path

QUIET = ("--generate-hashes", "--no-header", "--no-emit-index-url", "--no-emit-find-links", "--quiet")
TARGETS = {
    "uv": ("--universal", "--python-version", "3.8"),
    "node": ("--universal", "--python-version", "3.11"),
    "bot": ("--python-version", "3.10"),
    "bot-dev": ("--python-version", "3.10"),
    "helpdesk": ("--universal", "--python-version", "3.11"),
    "helpdesk-dev": ("--universal", "--python-version", "3.11"),
    "docs": ("--universal", "--python-version", "3.11"),
}


def lock(project: Project, *, upgrade: bool = False) -> None:
    """Known versions are kept unless `upgrade`. A dev file is held to the versions of the file that it extends."""
    names = [name for name in TARGETS if (project.requirements / f"{name}.in").exists()]
    compiling = [Step(f"requirements/{name}.txt", partial(_compile, project, name, upgrade)) for name in names]
    with setting_up(project):
        run_steps([Step("installer (uv)", lambda: bring_uv(project)), *compiling])


def _compile(project: Project, name: str, upgrade: bool) -> bool:
    product = project.requirements / f"{name}.txt"
    before = product.read_bytes() if product.exists() else b""
    command = [uv_path(project), "pip", "compile", f"{name}.in", "-o", f"{name}.txt", *QUIET, *TARGETS[name]]
    if upgrade:
        command.append("--upgrade")
    if name.endswith("-dev"):
        command += ["--constraint", f"{name[:-4]}.txt"]
    env = clean_environment(**index_settings(project))
    run_logged(f"working out {product.name}", command, project.log(f"lock-{name}"), cwd=project.requirements, env=env)
    return product.read_bytes() != before
