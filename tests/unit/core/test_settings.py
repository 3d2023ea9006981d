"""Secrets have no default, and in demo mode they are made once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from helpdesk.settings import Settings, SettingsMissing, load_settings
from helpdesk.testing import ROOT

SECRETS = ("HELPDESK_WORKER_TOKEN", "HELPDESK_ACTION_TOKEN", "HELPDESK_SECRET_KEY")


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (*SECRETS, "HELPDESK_DEMO", "HELPDESK_WORKERS", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("missing", SECRETS)
def test_a_missing_secret_is_named(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SECRETS:
        monkeypatch.setenv(name, "" if name == missing else "x")
    with pytest.raises(SettingsMissing, match=missing):
        load_settings()


def test_demo_secrets_are_made_once_and_for_the_owner_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HELPDESK_DEMO", "1")
    first, second = load_settings(), load_settings()
    kept = tmp_path / "var" / "secrets"
    assert first.secret_key.get_secret_value()
    assert first == second
    assert kept.stat().st_mode & 0o777 == 0o600


def test_demo_mode_leaves_other_kept_secrets_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "secrets").write_text("HELPDESK_REST_TOKEN=kept\n")
    monkeypatch.setenv("HELPDESK_DEMO", "1")
    load_settings()
    assert "HELPDESK_REST_TOKEN=kept" in (tmp_path / "var" / "secrets").read_text()


def test_workers_are_a_list_of_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELPDESK_WORKERS", "http://a:1/, http://b:2")
    assert Settings().workers == ("http://a:1", "http://b:2")


def test_a_secret_is_not_shown() -> None:
    assert "hidden" not in repr(Settings(worker_token="hidden"))  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "10.1.2.3", "192.168.0.4", "fd00::1", "::1"])
def test_the_internal_listener_may_have_a_private_address(host: str) -> None:
    shown = f"[{host}]" if ":" in host else host
    assert Settings(internal_host=host).actions_url == f"http://{shown}:8001/internal/actions"


@pytest.mark.parametrize("host", ["8.8.8.8", "2606:4700::1", "example.com", ""])
def test_the_internal_listener_has_no_public_address(host: str) -> None:
    with pytest.raises(ValidationError, match="private network"):
        Settings(internal_host=host)


def test_every_address_is_none_that_a_worker_could_come_back_to() -> None:
    with pytest.raises(ValidationError, match="HELPDESK_INTERNAL_URL"):
        Settings(internal_host="0.0.0.0")
    settings = Settings(internal_host="0.0.0.0", internal_url="http://service-1:8001/")
    assert settings.actions_url == "http://service-1:8001/internal/actions"
    with pytest.raises(ValidationError, match="no http"):
        Settings(internal_url="service-1:8001")


def test_the_example_as_it_is_copied_is_a_setting_without_values(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("HELPDESK_", "DATABASE_"))]:
        monkeypatch.delenv(name)
    copied, plain = Settings(_env_file=ROOT / ".env.example"), Settings(_env_file=None)
    assert copied.model_dump(exclude={"demo"}) == plain.model_dump(exclude={"demo"})
