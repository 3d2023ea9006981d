"""Settings as the started programs will see them: defaults, then var/secrets, then .env, then the environment."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Mapping

from tools.project import Project

# Made once on this machine, each for one purpose; reused so that a restart loses no session.
SECRETS = ("HELPDESK_SECRET_KEY", "HELPDESK_WORKER_TOKEN", "HELPDESK_ACTION_TOKEN", "HELPDESK_REST_TOKEN")
OWN_PREFIXES = ("HELPDESK_", "BOT_", "WECHAT_", "DATABASE_URL", "REDIS_URL")
DEFAULTS = {
    "HELPDESK_PORT": "8000",
    "HELPDESK_INTERNAL_PORT": "8001",
    "BOT_WORKER_PORT": "8005",
    "DATABASE_URL": "sqlite+aiosqlite:///var/helpdesk.db",
    "HELPDESK_LOG_LEVEL": "WARNING",  # who looks at a terminal wants to see what is wrong, not every message
}


def load_settings(project: Project, env: Mapping[str, str] = os.environ) -> dict[str, str]:
    """All settings by name. An empty value counts as not set, as in a copied .env.example."""
    layers = [read_env_file(project.var / "secrets"), read_env_file(project.root / ".env"), _own(env)]
    merged = dict(DEFAULTS)
    for layer in layers:
        merged.update({name: value for name, value in layer.items() if value})
    return merged


def _own(env: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if name.startswith(OWN_PREFIXES)}


def read_env_file(path: Path) -> dict[str, str]:
    """`NAME=value` lines; comments, `export` and quotes around a value are understood. No file, no settings."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError:
        return {}
    pairs = (line.strip().partition("=") for line in lines if not line.lstrip().startswith("#"))
    return {_name(name): _value(value) for name, sign, value in pairs if sign}


def _name(text: str) -> str:
    words = text.split()
    return words[-1] if words else ""


def _value(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


def write_secrets(project: Project) -> bool:
    """Add the secrets that are missing to var/secrets (only its owner may read it); existing ones are never changed."""
    path = project.var / "secrets"
    known = read_env_file(path)
    missing = [name for name in SECRETS if name not in known]
    if not missing:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(str(path), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as out:
        os.fchmod(out.fileno(), 0o600)
        out.writelines(f"{name}={secrets.token_urlsafe(32)}\n" for name in missing)
    return True


def without_own_settings(env: Mapping[str, str] = os.environ) -> dict[str, str]:
    """An environment in which a developer's own settings cannot decide how a test ends."""
    return {name: value for name, value in env.items() if not name.startswith(OWN_PREFIXES)}
