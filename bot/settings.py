"""The worker's settings, read from the environment once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.errors import MissingSetting


@dataclass(frozen=True)
class Settings:
    """Where the worker listens, what it serves and whom it asks. The two tokens have no default."""

    worker_token: str = field(repr=False)
    action_token: str = field(repr=False)
    port: int = 8005
    model: str = "models/"
    actions_url: str = "http://127.0.0.1:8001/internal/actions"

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Settings:
        """Raises MissingSetting with the name of the first secret that is unset."""
        return cls(
            worker_token=_required(env, "HELPDESK_WORKER_TOKEN"),
            action_token=_required(env, "HELPDESK_ACTION_TOKEN"),
            port=int(env.get("BOT_WORKER_PORT") or cls.port),
            model=env.get("BOT_MODEL") or cls.model,
            actions_url=env.get("BOT_ACTIONS_URL") or cls.actions_url,
        )


def _required(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise MissingSetting(f"{name} is not set")
    return value
