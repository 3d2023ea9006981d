"""What deploy/ names is there: settings, commands, files, ports; as far as a machine without containers can tell."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.house.reading import OTHER_SETTINGS, declared
from tools.project import THIS
from tools.settings import read_env_file

ROOT = THIS.root
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
CONTAINERFILES = sorted(DEPLOY.glob("containers/*.Containerfile"))
UNITS = sorted(DEPLOY.glob("systemd/*.service"))
ENV_FILES = sorted(DEPLOY.glob("systemd/*.env"))
OF_OTHERS = {"SITE", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "REDISCLI_AUTH"}
WORKERS = {"HELPDESK_WORKER_TOKEN", "HELPDESK_ACTION_TOKEN", "HELPDESK_LOG_LEVEL"}
COMMANDS = set(re.findall(r'^        "([a-z-]+)": ', (ROOT / "helpdesk/__main__.py").read_text("utf-8"), re.MULTILINE))


def settings_named(service: dict[str, Any]) -> set[str]:
    return set(service.get("environment") or {})


def test_every_setting_is_one() -> None:
    known = declared() | OTHER_SETTINGS | OF_OTHERS
    for name, service in SERVICES.items():
        assert settings_named(service) <= known, name
    for file in ENV_FILES:
        assert set(read_env_file(file)) <= known, file.name


def test_every_value_to_be_filled_in_is_in_the_example_and_no_other() -> None:
    wanted = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yaml").read_text("utf-8")))
    assert wanted == set(read_env_file(DEPLOY / "env.example"))


def test_whatever_reaches_customers_and_asks_the_shop_can_be_switched_on_in_containers() -> None:
    begins = ("SMS_", "SMTP_", "IMAP_", "HELPDESK_SHOP_", "HELPDESK_IDENTITY_")
    wanted = {name for name in declared() if name.startswith(begins)} - {"IMAP_FOLDER", "IMAP_EVERY"}
    for name in ("service-a", "service-b"):
        assert wanted <= settings_named(SERVICES[name]), name


def test_a_worker_is_given_no_secret_but_the_two_tokens() -> None:
    for name in ("worker-a", "worker-b"):
        assert settings_named(SERVICES[name]) == WORKERS | {"BOT_WORKER_HOST"}
    for file in DEPLOY.glob("systemd/worker*.env"):
        assert all(one in WORKERS or one.startswith("BOT_") for one in read_env_file(file))


def test_no_example_holds_a_secret() -> None:
    for file in (*ENV_FILES, DEPLOY / "env.example"):
        filled = {name for name, value in read_env_file(file).items() if value}
        assert not [name for name in filled if name.endswith(("_TOKEN", "_KEY", "_SECRET", "_PASSWORD"))], file.name


def test_whatever_runs_is_looked_after() -> None:
    for name, service in SERVICES.items():
        is_step = service["restart"] == "no"
        assert "build" in service or "image" in service, name
        assert is_step == bool(service["healthcheck"].get("disable")), name
        assert is_step or "logging" in service, f"{name}: its log would grow for ever"


def test_references_within_compose_lead_somewhere() -> None:
    for name, service in SERVICES.items():
        assert set(service.get("depends_on") or ()) <= set(SERVICES), name
        assert set(service.get("networks") or ()) <= set(COMPOSE["networks"]), name
        for volume in service.get("volumes") or ():
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or (DEPLOY / source).is_file(), f"{name}: {volume}"


def test_either_worker_answers_for_either_service() -> None:
    """By names of the network that only they share, each at the port it listens on."""
    for name in ("service-a", "service-b"):
        told = SERVICES[name]["environment"]
        assert told["HELPDESK_WORKERS"] == "http://worker-a:8005,http://worker-b:8005"
        assert told["HELPDESK_INTERNAL_URL"] == f"http://{name}:8001"
        assert set(SERVICES[name]["networks"]) == {"inner", "bots"}
    for name in ("worker-a", "worker-b"):
        assert SERVICES[name]["networks"] == ["bots"]
    assert COMPOSE["networks"]["bots"] == {"internal": True}
    assert not {name for name, one in SERVICES.items() if "ports" in one} - {"proxy"}


def test_images_are_built_from_files_that_are_there() -> None:
    for name, service in SERVICES.items():
        if build := service.get("build"):
            context = (DEPLOY / build["context"]).resolve()
            assert context == ROOT
            assert context / build["dockerfile"] in CONTAINERFILES, name


@pytest.mark.parametrize("file", CONTAINERFILES, ids=lambda file: file.stem)
def test_an_image_takes_what_the_project_has(file: Path) -> None:
    for words in re.findall(r"^COPY (?!--from)(.+)$", file.read_text("utf-8"), re.MULTILINE):
        for source in words.split()[:-1]:
            assert (ROOT / source).exists() or source == "models", source
    (module,) = re.findall(r'^CMD \["python", "-m", "([a-z.]+)"\]$', file.read_text("utf-8"), re.MULTILINE)
    place = ROOT / module.replace(".", "/")
    assert place.with_suffix(".py").is_file() or (place / "__main__.py").is_file()


def test_every_command_is_one() -> None:
    said = [" ".join(map(str, service.get("command") or ())) for service in SERVICES.values()]
    texts = [*said, *(unit.read_text("utf-8") for unit in UNITS), (ROOT / "docs/deploying.md").read_text("utf-8")]
    named = {name for text in texts for name in re.findall(r"python -m helpdesk ([a-z-]+)", text)}
    assert {"migrate", "backup", "staff", "doctor"} <= named <= COMMANDS


def test_the_documents_name_services_and_files_that_are_there() -> None:
    said = (ROOT / "docs/deploying.md").read_text("utf-8")
    for command in re.findall(r"docker compose -f deploy/compose.yaml ([^`]+)`", said):
        named = re.findall(r"\b((?:service|worker)-[a-z]|migrate|proxy|postgres|redis)\b", command)
        assert set(named) <= set(SERVICES), command
    for file in re.findall(r"`(deploy/[a-zA-Z./]+[a-z])`", said):
        assert (ROOT / file).exists() or file == "deploy/.env", file
    for unit in re.findall(r"sansheng-[a-z]+@?", said):
        assert list(DEPLOY.glob(f"systemd/{unit}.*")), unit


def test_proxies_lead_to_ports_that_somebody_listens_on() -> None:
    caddy = (DEPLOY / "Caddyfile").read_text("utf-8")
    assert set(re.findall(r"(service-[a-z]):8000", caddy)) == {"service-a", "service-b"}
    nginx = (DEPLOY / "nginx.conf").read_text("utf-8")
    ports = [read_env_file(file).get("HELPDESK_PORT") for file in sorted(DEPLOY.glob("systemd/service-*.env"))]
    assert re.findall(r"server 127\.0\.0\.1:(\d+)", nginx) == ports
    for text in (caddy, nginx):
        assert text.count("{") == text.count("}")


def test_workers_and_services_of_the_units_find_each_other() -> None:
    services = [read_env_file(file) for file in sorted(DEPLOY.glob("systemd/service-*.env"))]
    workers = [read_env_file(file) for file in sorted(DEPLOY.glob("systemd/worker-*.env"))]
    shared = read_env_file(DEPLOY / "systemd/service.env")
    assert shared["HELPDESK_WORKERS"] == ",".join(f"http://127.0.0.1:{one['BOT_WORKER_PORT']}" for one in workers)
    inner = [f"http://127.0.0.1:{one['HELPDESK_INTERNAL_PORT']}/internal/actions" for one in services]
    assert [one["BOT_ACTIONS_URL"] for one in workers] == inner
    ports = [port for one in (*services, *workers) for name, port in one.items() if name.endswith("_PORT")]
    assert len(ports) == len(set(ports))


def test_units_read_files_that_are_there() -> None:
    for unit in UNITS:
        for file in re.findall(r"^EnvironmentFile=/etc/sansheng/(.+)$", unit.read_text("utf-8"), re.MULTILINE):
            assert list(DEPLOY.glob(f"systemd/{file.replace('%i', '[ab]')}")), f"{unit.name}: {file}"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    """Verified as instances, with the paths of this machine in place of those of the one they are for."""
    for file in DEPLOY.glob("systemd/*.[st][ei]*"):
        text = file.read_text("utf-8").replace("/opt/sansheng", str(ROOT)).replace("User=sansheng", "User=root")
        (tmp_path / file.name).write_text(text, "utf-8")
    templates = [file.name for file in tmp_path.glob("*@*")]
    for name in templates:
        shutil.copy(tmp_path / name, tmp_path / name.replace("@", "@a"))
    names = sorted({file.name for file in tmp_path.iterdir()} - set(templates))
    command = ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / name) for name in names)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    ours = [line for line in done.stderr.splitlines() if "sansheng" in line]
    assert not ours, done.stderr
