"""What time does by itself (docs/clocks.md): one idea a module, each with one function `run`.

`run_timers` is called every few seconds by every process. Each thing is looked for in a read that an index
answers, at most a batch at a time, and done in a unit of work of its own that looks again under the row's lock:
two processes do it once, and a process that is killed has done it or not.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

import structlog

from helpdesk.services import Services
from helpdesk.usecases.customers import planning, sharing
from helpdesk.usecases.events import deliveries
from helpdesk.usecases.privacy import deletions, retention
from helpdesk.usecases.queue import hold
from helpdesk.usecases.ratings import surveys
from helpdesk.usecases.reports import build
from helpdesk.usecases.timers import idle, letters, notices, pauses, presence, promises, tidy, waiting

__all__ = ["JOBS", "Job", "run_timers", "tick"]

log = structlog.get_logger(__name__)

Job = Callable[[Services, datetime], Awaitable[None]]

JOBS: Mapping[str, Job] = {
    "presence": presence.run,
    "waiting": waiting.run,
    "hold": hold.remind,
    "pauses": pauses.run,
    "promises": promises.run,
    "letters": letters.run,
    "notices": notices.run,
    "idle": idle.run,
    "tidy": tidy.run,
    "files": sharing.run,
    "follow_ups": planning.run,
    "surveys": surveys.run,
    "deletions": deletions.run,
    "retention": retention.run,
    "deliveries": deliveries.look_after,
    "reports": build.run,
}
"""In this order: a customer's answer counts before the promise that waited for it is looked at. What a channel has to
do by time is handed in beside them."""


async def tick(services: Services, jobs: Mapping[str, Job] = JOBS) -> None:
    """Do everything that is due now."""
    await run_timers(services, services.clock.now(), jobs)


async def run_timers(services: Services, now: datetime, jobs: Mapping[str, Job] = JOBS) -> None:
    """Do everything that is due at `now`; a job that fails does not keep the others from theirs."""
    for name, run in jobs.items():
        try:
            await run(services, now)
        except Exception:
            log.exception("timer_failed", timer=name)
