"""`make docs`: docs/ as one site that needs no server and no network."""

from __future__ import annotations

import subprocess
from functools import partial

from tools.environments import DOCS, bring_environment
from tools.frontend import install_packages
from tools.locks import setting_up
from tools.processes import clean_environment
from tools.project import Project
from tools.steps import Step, run_steps
from tools.uv import bring_uv

FOLDER = "site"


def build(project: Project) -> int:
    """Set up, build, and say where the first page is. A link that leads nowhere fails and is named (code 1)."""
    folder = project.root / FOLDER
    steps = [
        Step("installer (uv)", partial(bring_uv, project)),
        Step(DOCS.title, partial(bring_environment, project, DOCS, dev=False)),
        Step("diagrams for the site", partial(install_packages, project, folder)),
    ]
    with setting_up(project):
        run_steps(steps)
    command = [str(project.python("docs")), "-m", "mkdocs", "build", "--strict", "--quiet", "-f", "mkdocs.yml"]
    code = subprocess.run(command, cwd=str(folder), env=clean_environment(NO_MKDOCS_2_WARNING="1")).returncode
    if code == 0:
        print(f"the site: {folder / 'dist' / 'index.html'}")
    return code
