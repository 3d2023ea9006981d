"""Setting up: what is up to date is skipped, what changed is made again, what fails names its log."""

from __future__ import annotations

import io
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.conftest import StandIn
from tests.house.reading import program
from tools.environments import BOT, bring_environment
from tools.errors import ToolError
from tools.locks import setting_up
from tools.ports import choose_ports, free_port
from tools.processes import clean_environment, run_logged
from tools.product import MODEL, MODEL_INPUTS, database_identity, train_model
from tools.project import THIS, Project
from tools.settings import DEFAULTS, SECRETS, load_settings, read_env_file, write_secrets
from tools.stamps import fingerprint, read_stamp, write_stamp
from tools.steps import Step, run_steps
from tools.uv import bring_uv


def test_steps_are_numbered_and_say_whether_there_was_anything_to_do() -> None:
    out = io.StringIO()
    run_steps([Step("first", lambda: True), Step("second", lambda: False)], out)
    first, second = out.getvalue().splitlines()
    assert first.startswith("[1/2] first ... done (0.0 s)")
    assert second == "[2/2] second ... up to date"


def test_who_waits_for_another_set_up_says_so_beside_its_answers(tmp_path: Path) -> None:
    """`make read` prints turns for programs: nothing else may stand among them."""
    waiting = (
        "import sys; from pathlib import Path; from tools.locks import setting_up; from tools.project import Project\n"
        "with setting_up(Project(Path(sys.argv[1]))): print('{}')"
    )
    with setting_up(Project(tmp_path)):
        other = subprocess.Popen(
            [sys.executable, "-c", waiting, str(tmp_path)],
            cwd=THIS.root,
            env={**os.environ, "PYTHONPATH": str(THIS.root)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert other.stderr is not None
        assert "another make is setting up" in other.stderr.readline()
    assert other.communicate(timeout=60)[0] == "{}\n"


def test_a_failing_step_ends_its_line_and_the_rest() -> None:
    out, reached = io.StringIO(), []

    def fail() -> bool:
        raise ToolError("install it")

    with pytest.raises(ToolError, match="install it"):
        run_steps([Step("first", fail), Step("second", lambda: bool(reached.append(1)))], out)
    assert out.getvalue() == "[1/2] first ... failed\n"
    assert reached == []


def test_a_fingerprint_sees_names_and_contents_but_not_what_is_built(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.yml").write_text("1")
    first = fingerprint(tmp_path, ["data", "absent"])
    (tmp_path / "data" / "__pycache__").mkdir()
    (tmp_path / "data" / "__pycache__" / "a.pyc").write_text("x")
    assert fingerprint(tmp_path, ["data", "absent"]) == first
    (tmp_path / "data" / "a.yml").rename(tmp_path / "data" / "b.yml")
    renamed = fingerprint(tmp_path, ["data"])
    (tmp_path / "data" / "b.yml").write_text("2")
    assert len({first, renamed, fingerprint(tmp_path, ["data"])}) == 3


@pytest.mark.parametrize("content", ["", "{", "[1]", "\xff"])
def test_a_damaged_stamp_is_no_stamp(tmp_path: Path, content: str) -> None:
    (tmp_path / "stamp.json").write_text(content, "latin-1")
    assert read_stamp(tmp_path / "stamp.json") == {}


def test_a_stamp_is_read_back(tmp_path: Path) -> None:
    write_stamp(tmp_path / "new" / "stamp.json", {"inputs": "1"})
    assert read_stamp(tmp_path / "new" / "stamp.json") == {"inputs": "1"}
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["stamp.json"]


def test_a_failing_command_leaves_its_words_in_the_log(tmp_path: Path) -> None:
    log = Project(tmp_path).log("step")
    with pytest.raises(ToolError, match=f"^the step failed; the reason is at the end of {log}$"):
        run_logged("the step", [sys.executable, "-c", "raise SystemExit('no room')"], log, cwd=tmp_path)
    assert log.read_text().splitlines()[-1] == "no room"


def test_a_missing_command_is_a_failure_like_others(tmp_path: Path) -> None:
    log = Project(tmp_path).log("step")
    with pytest.raises(ToolError, match="the step failed"):
        run_logged("the step", ["no-such-command"], log, cwd=tmp_path)
    assert "no-such-command" in log.read_text()


def test_what_misleads_another_python_is_not_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setenv("VIRTUAL_ENV", "elsewhere")
    assert {"PYTHONPATH", "VIRTUAL_ENV"} & set(clean_environment(NAME="value")) == set()


def test_secrets_are_written_once_for_their_owner_alone(tmp_path: Path) -> None:
    project = Project(tmp_path)
    assert write_secrets(project)
    path = tmp_path / "var" / "secrets"
    before = read_env_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert set(before) == set(SECRETS)
    assert len(set(before.values())) == len(SECRETS)
    assert not write_secrets(project)
    assert read_env_file(path) == before


def test_a_secret_that_is_missing_is_added_and_the_others_stay(tmp_path: Path) -> None:
    project = Project(tmp_path)
    path = tmp_path / "var" / "secrets"
    path.parent.mkdir()
    path.write_text(f"{SECRETS[0]}=kept\n")
    path.chmod(0o644)
    assert write_secrets(project)
    assert read_env_file(path)[SECRETS[0]] == "kept"
    assert set(read_env_file(path)) == set(SECRETS)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_environment_wins_over_env_file_over_secrets_over_defaults(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.var.mkdir()
    (project.var / "secrets").write_text("HELPDESK_REST_TOKEN=of-secrets\nHELPDESK_SECRET_KEY=of-secrets\n")
    (tmp_path / ".env").write_text(
        "# a comment\nexport HELPDESK_REST_TOKEN='of file'\nHELPDESK_PORT=\nBOT_WORKER_PORT=9\n"
    )
    settings = load_settings(project, {"BOT_WORKER_PORT": "10", "PYTHONPATH": "elsewhere"})
    assert settings["HELPDESK_REST_TOKEN"] == "of file"
    assert settings["HELPDESK_SECRET_KEY"] == "of-secrets"
    assert settings["BOT_WORKER_PORT"] == "10"
    assert settings["HELPDESK_PORT"] == DEFAULTS["HELPDESK_PORT"]
    assert "PYTHONPATH" not in settings


def test_the_inner_ports_never_take_the_public_one() -> None:
    port = str(free_port())
    ports = choose_ports(
        {**DEFAULTS, "HELPDESK_PORT": port, "HELPDESK_INTERNAL_PORT": DEFAULTS["HELPDESK_INTERNAL_PORT"]}
    )
    assert ports["HELPDESK_PORT"] == port
    assert len({ports[name] for name in ("HELPDESK_PORT", "HELPDESK_INTERNAL_PORT", "BOT_WORKER_PORT")}) == 3
    assert ports["BOT_ACTIONS_URL"] == f"http://127.0.0.1:{ports['HELPDESK_INTERNAL_PORT']}/internal/actions"


@pytest.mark.parametrize("port", ["http", "0", "70000", ""])
def test_a_port_that_is_none_is_said(port: str) -> None:
    with pytest.raises(ToolError, match="is not a port"):
        choose_ports({**DEFAULTS, "HELPDESK_PORT": port})


def test_another_database_file_under_the_same_name_is_another_database(tmp_path: Path) -> None:
    project, settings = Project(tmp_path), {"DATABASE_URL": "sqlite+aiosqlite:///var/helpdesk.db"}
    assert database_identity(project, settings) == ""
    project.var.mkdir()
    file = project.var / "helpdesk.db"
    file.touch()
    first = database_identity(project, settings)
    file.rename(project.var / "old.db")
    file.touch()
    assert first != database_identity(project, settings) != ""
    assert database_identity(project, {"DATABASE_URL": "postgresql+psycopg://localhost/helpdesk"}) == ""


def test_an_environment_is_filled_again_only_when_its_requirements_change(stand_in: StandIn) -> None:
    project = stand_in.project
    commands = project.root / "commands"
    program(project.brought / "uv" / "bin" / "uv", f'echo "$@" >> {commands}')
    assert not bring_environment(project, BOT, dev=False)
    assert not commands.exists()
    (project.requirements / "bot.txt").write_text("something==2")
    # The stand-in runs this Python, which is not the 3.10 that the environment wants: it is made anew.
    python = project.python("bot")
    python.unlink()
    program(python, """echo '[[3, 10], "python"]'""")
    assert bring_environment(project, BOT, dev=False)
    assert commands.read_text().startswith(f"pip install --python {python} --require-hashes -r")
    assert not bring_environment(project, BOT, dev=False)


def test_the_dev_requirements_cover_the_plain_ones(stand_in: StandIn) -> None:
    project = stand_in.project
    program(project.brought / "uv" / "bin" / "uv", "exit 0")
    project.python("bot").unlink()
    program(project.python("bot"), """echo '[[3, 10], "python"]'""")
    (project.requirements / "bot-dev.txt").write_text("something==1\nmore==1")
    assert bring_environment(project, BOT, dev=True)
    assert not bring_environment(project, BOT, dev=True)
    assert not bring_environment(project, BOT, dev=False)


def test_uv_is_brought_again_when_its_pin_changes_and_a_failure_names_the_log(stand_in: StandIn) -> None:
    project = stand_in.project
    assert not bring_uv(project)
    (project.requirements / "uv.txt").write_text("not a requirement\n")
    with pytest.raises(ToolError, match="installing uv failed; the reason is at the end of"):
        bring_uv(project)


def test_a_model_is_trained_when_an_input_changed_and_replaced_in_one_step(stand_in: StandIn) -> None:
    project = stand_in.project
    train = f'[ -n "$FAIL" ] && exit 1\nfor out in "$@"; do :; done\nmkdir -p $out\ndate +%N > $out/{MODEL}'
    project.python("bot").unlink()
    program(project.python("bot"), train)
    (project.root / "domain.yml").write_text("intents: []")
    assert train_model(project)
    assert not train_model(project)
    assert train_model(project, anew=True)
    (project.root / "domain.yml").write_text("intents: [greet]")
    before = (project.models / MODEL).read_text()
    program(project.python("bot"), "exit 1")
    with pytest.raises(ToolError, match="training the dialogue model failed"):
        train_model(project)
    assert (project.models / MODEL).read_text() == before


def test_every_input_of_the_model_is_there() -> None:
    assert [name for name in MODEL_INPUTS if not os.path.exists(THIS.root / name)] == []
