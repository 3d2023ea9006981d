"""Events to the company's own systems: signed, called, called again."""

from helpdesk.webhooks.calls import Bell
from helpdesk.webhooks.pump import Pump
from helpdesk.webhooks.signing import secret_of
from helpdesk.webhooks.targets import problem_of

__all__ = ["Bell", "Pump", "problem_of", "secret_of"]
