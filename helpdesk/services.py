"""What every use-case is given: one bag of ports, filled in bootstrap.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from helpdesk.errors import NotReady

if TYPE_CHECKING:
    from helpdesk.bus import Bus
    from helpdesk.calendar import ServiceCalendar
    from helpdesk.channels.wechat import Account
    from helpdesk.clock import Clock
    from helpdesk.company import Company
    from helpdesk.knowledge import Knowledge
    from helpdesk.settings import Settings
    from helpdesk.store.database import Database
    from helpdesk.wording import Wording
    from helpdesk.worker_client import WorkerPool


class StillLoading:
    """Stands where the knowledge will be: reading it takes seconds, and messages can be kept meanwhile."""

    def __getattr__(self, name: str) -> NoReturn:
        raise NotReady("the knowledge base is still being read")


@dataclass
class Services:
    """The service's parts; tests replace one by another of the same shape."""

    settings: Settings
    clock: Clock
    db: Database
    company: Company
    calendar: ServiceCalendar
    knowledge: Knowledge
    wording: Wording
    workers: WorkerPool
    bus: Bus
    wechat: Account | None = None  # None: the channel is off
