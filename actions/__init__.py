"""What the bot does. See README.md."""

from __future__ import annotations

from rasa_sdk import Action

from helpdesk.services import Services

__all__ = ["build_actions"]


def build_actions(services: Services) -> list[Action]:
    """Every action of domain.yml, on these services: one message, one call, whatever Rasa calls it."""
    from actions.run import Act
    from actions.table import HANDLERS
    from actions.turn import FORMS

    names = ("action_turn", *(f"validate_{form}" for form in FORMS))
    return [Act(name, HANDLERS, services) for name in names]
