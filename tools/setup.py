"""What every command needs first: the installer, both environments, the web pages, the trained model."""

from __future__ import annotations

from functools import partial

from tools.environments import BOT, HELPDESK, bring_environment
from tools.frontend import build_pages, has_browser_tests, has_pages, install_packages
from tools.locks import setting_up
from tools.product import train_model
from tools.project import Project
from tools.steps import Step, run_steps
from tools.uv import bring_uv


def setup_steps(project: Project, *, dev: bool, anew: bool = False) -> list[Step]:
    """The steps in order. `dev` adds what tests and checks need; `anew` trains although nothing changed."""
    return [*steps_before_training(project, dev=dev), *training_steps(project, anew=anew)]


def steps_before_training(project: Project, *, dev: bool) -> list[Step]:
    """What the tests that ask no model need."""
    steps = environment_steps(project, dev=dev)
    if has_pages(project):
        steps.append(Step("web pages (frontend/)", partial(build_pages, project)))
    if dev and has_browser_tests(project):
        folder = project.root / "tests" / "browser"
        steps.append(Step("browser for tests", partial(install_packages, project, folder)))
    return steps


def training_steps(project: Project, *, anew: bool = False) -> list[Step]:
    """The dialogue model, where there is one to train; the environments come first."""
    if not (project.root / "domain.yml").exists():
        return []
    return [
        Step("dialogue model (two to four minutes when it is first trained)", partial(train_model, project, anew=anew))
    ]


def environment_steps(project: Project, *, dev: bool) -> list[Step]:
    """Only the installer and the two environments."""
    fillings = [
        Step(environment.title, partial(bring_environment, project, environment, dev=dev))
        for environment in (BOT, HELPDESK)
    ]
    return [Step("installer (uv)", partial(bring_uv, project)), *fillings]


def train(project: Project, *, anew: bool) -> None:
    """`make train`."""
    with setting_up(project):
        run_steps(setup_steps(project, dev=False, anew=anew))
