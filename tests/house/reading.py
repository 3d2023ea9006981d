"""What several of the house's rules read."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from helpdesk.channels.wechat import WeChatSettings
from helpdesk.couriers import ImapSettings, MailSettings, SmsSettings
from helpdesk.settings import Settings


def program(path: Path, script: str) -> Path:
    """An executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


ROOT = Path(__file__).resolve().parents[2]
RESPONSES = ROOT / "data" / "responses"
FIELD = re.compile(r"{([a-z_]+)}")


@cache
def responses() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(RESPONSES.glob("*.yml")):
        for name, variants in yaml.safe_load(path.read_text("utf-8"))["responses"].items():
            assert name not in found, f"{name} is in two files"
            found[name] = variants
    return found


def tracked() -> list[Path]:
    """The files that git knows; in an export without git, all that it would not ignore."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listing.decode().split("\0") if name and (ROOT / name).is_file()]


# Read by tools/ and bot/, which the service's settings do not cover.
OTHER_SETTINGS = {
    "HELPDESK_PYTHON310",
    "HELPDESK_PYTHON",
    "BOT_WORKER_HOST",
    "BOT_WORKERS",
    "BOT_WORKER_PORT",
    "BOT_MODEL",
    "BOT_ACTIONS_URL",
    "BOT_SECOND_READER_URL",
    "BOT_SECOND_READER_MODEL",
    "BOT_SECOND_READER_KEY",
    "BOT_SECOND_READER_BELOW",
    "BOT_SECOND_READER_BUDGET",
    "TEST_DATABASE_URL",
}


def declared() -> set[str]:
    """The service's settings by the names of their variables."""
    return {
        str(field.validation_alias or f"{kind.model_config.get('env_prefix', '')}{name}".upper())
        for kind in (Settings, WeChatSettings, SmsSettings, MailSettings, ImapSettings)
        for name, field in kind.model_fields.items()
    }
