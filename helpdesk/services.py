"""What every use-case is given: one bag of ports, filled in bootstrap.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from helpdesk.door.redraw import Studio
from helpdesk.errors import NotReady

if TYPE_CHECKING:
    from helpdesk.bus import Bus
    from helpdesk.calendar import ServiceCalendar
    from helpdesk.clock import Clock
    from helpdesk.company import Company
    from helpdesk.connectors import Shop
    from helpdesk.door.limits import Limiter
    from helpdesk.knowledge import Knowledge
    from helpdesk.model.delivery import Carrier
    from helpdesk.model.notice import CodeSender, Courier, Watched, Way
    from helpdesk.settings import Settings
    from helpdesk.store.database import Database
    from helpdesk.store.tables import Message
    from helpdesk.wording import Wording
    from helpdesk.worker_client import WorkerPool


class StillLoading:
    """Stands where the knowledge will be: reading it takes seconds, and messages can be kept meanwhile."""

    def __getattr__(self, name: str) -> NoReturn:
        raise NotReady(why="the knowledge base is still being read")


@dataclass(repr=False)  # the whole company would be in it
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
    limiter: Limiter
    shop: Shop
    studio: Studio = field(default_factory=Studio)
    notices: dict[str, str] = field(default_factory=dict)
    """What an operator should know, by name; shown with the details of health."""
    settings_revision: int = 0
    """Which edition of what administrators edit `company`, `wording` and `calendar` are; 0 is the files."""
    carriers: dict[str, Carrier[Message]] = field(default_factory=dict)
    """Channels that have to be called, by name; one that is off is not among them."""
    couriers: dict[Way, Courier] = field(default_factory=dict)
    """What carries notices to customers who are not in the chat; a way that is not set up is not among them."""
    mailbox: Watched | None = None
    """To which customers answer letters; without it they can only write on the pages of ours."""
    code_sender: CodeSender | None = None
    """What sends a code to a mobile number; without it nobody can show that one is theirs."""
