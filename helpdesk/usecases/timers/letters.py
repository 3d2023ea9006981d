"""Letters that were held back for the night go out in the morning, never during another night."""

from __future__ import annotations

from datetime import datetime

from helpdesk.services import Services
from helpdesk.usecases.letters.letters import send_due_letters


async def run(services: Services, now: datetime) -> None:
    """Whoever was down in the morning waits for the next permitted hour; what concerns safety was said at once."""
    if not services.calendar.is_quiet(now, services.company.limits):
        await send_due_letters(services, now)
