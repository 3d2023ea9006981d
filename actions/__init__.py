"""What the bot does. See README.md."""

from __future__ import annotations

from rasa_sdk import Action

from helpdesk.services import Services

__all__ = ["build_actions"]


def build_actions(services: Services) -> list[Action]:
    """Every action of domain.yml, on these services."""
    from actions.forms.step import step
    from actions.handled import FormStep, Handled
    from actions.table import BY_INTENT, HANDLERS
    from actions.turn import FORMS

    handled = [Handled(name, handler, BY_INTENT, services) for name, handler in HANDLERS.items()]
    return [*handled, *(FormStep(form, step, services) for form in FORMS)]
