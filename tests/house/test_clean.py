"""`make clean` removes what was built, and what belongs to this machine only when told to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.conftest import StandIn

KEPT = (
    "var/helpdesk.db",
    "data/nlu/greet.yml",
    ".envs/bot/lib/__pycache__/a.pyc",
    "frontend/node_modules/vue/dist/vue.js",
)
BUILT = ("models/sansheng.tar.gz", "bot/nlu/__pycache__/a.pyc", "frontend/desk/dist/index.html", ".rasa/cache/1")


@pytest.fixture
def files(stand_in: StandIn) -> dict[str, Path]:
    paths = {name: stand_in.project.root / name for name in (*KEPT, *BUILT)}
    for path in paths.values():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return paths


def test_what_was_built_goes_and_the_rest_stays(stand_in: StandIn, files: dict[str, Path]) -> None:
    assert stand_in.start("clean").wait(20) == 0
    assert [name for name, path in files.items() if path.exists()] == list(KEPT)


def test_all_removes_what_belongs_to_this_machine_but_no_source(stand_in: StandIn, files: dict[str, Path]) -> None:
    assert stand_in.start("clean", "--all").wait(20) == 0
    assert [name for name, path in files.items() if path.exists()] == ["data/nlu/greet.yml"]


def test_nothing_is_removed_under_a_running_service(stand_in: StandIn, files: dict[str, Path]) -> None:
    stand_in.start("run")
    stand_in.says("Ctrl-C")
    assert stand_in.start("clean", "--all").wait(20) == 1
    assert all(path.exists() for name, path in files.items())
