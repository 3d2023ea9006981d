"""设置 › 事件推送: who is told of events, what became of it, and what is sent again; for administrators."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from helpdesk.company import Receiver
from helpdesk.company.webhooks import ReceiverName
from helpdesk.desk import views
from helpdesk.desk.access import Clean, Given, Who
from helpdesk.errors import InvalidInput
from helpdesk.model.event import DeliveryState, EventType
from helpdesk.services import Services
from helpdesk.store.tables import Delivery
from helpdesk.usecases.events import deliveries
from helpdesk.usecases.events.deliveries import Sought, Tally
from helpdesk.usecases.settings import editing, receivers
from helpdesk.webhooks import problem_of, secret_of

router = APIRouter(prefix="/webhooks", tags=["webhooks"])

LARGEST_ID = 2**31 - 1

Name = Annotated[ReceiverName, Path()]
Number = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Seen = Annotated[int | None, Query(ge=0, le=LARGEST_ID)]


class WantedReceiver(BaseModel):
    """Where events go and which; `version`: that of the list which the editor saw."""

    url: Clean = Field(max_length=500)
    events: list[Annotated[str, Field(max_length=40)]] = Field(max_length=50)
    key_number: int = Field(1, ge=1, le=9999)
    paused: bool = False
    version: int | None = Field(None, ge=0, le=LARGEST_ID)


class ReceiverView(views.View):
    """A receiver and how it is doing: how many events wait for it, how many it missed for good."""

    name: str
    url: str
    events: list[str]
    key_number: int
    paused: bool
    problem: str | None
    waiting: int
    dead: int
    last_taken_at: datetime | None


class ReceiversView(views.View):
    """All of them; `known` are the events there are, `version` is that of the file."""

    version: int
    receivers: list[ReceiverView]
    known: list[str]


class SecretView(views.View):
    """What signatures are checked with."""

    secret: str


class DeliveryView(views.View):
    """An event on its way to a receiver. `status` and `error` are of the last call."""

    id: int
    event_id: str
    receiver: str
    type: str
    at: datetime
    state: str
    attempts: int
    next_at: datetime | None
    sent_at: datetime | None
    status: int | None
    error: str | None


class ReplayedView(views.View):
    """How many are sent again."""

    count: int


@router.get("")
async def every(services: Given, who: Who) -> ReceiversView:
    """Everybody who is told, and of what one can be told."""
    editing.check_editor(who.staff)
    return await _every(services)


@router.put("/receivers/{receiver}")
async def put(receiver: Name, body: WantedReceiver, services: Given, who: Who) -> ReceiversView:
    """A receiver as it is to be from now on, in every process."""
    editing.check_editor(who.staff)
    values = body.model_dump(exclude={"version"})
    if problem := problem_of(body.url, services.settings) if "://" in body.url else None:
        raise InvalidInput("receiver_address", field="url", why=problem)
    await receivers.put(services, receiver, values, who.staff, body.version)
    return await _every(services)


@router.delete("/receivers/{receiver}")
async def remove(receiver: Name, services: Given, who: Who, version: Seen = None) -> ReceiversView:
    """A receiver is told of nothing any more; what waits for it is given up within minutes."""
    await receivers.remove(services, receiver, who.staff, version)
    return await _every(services)


@router.post("/receivers/{receiver}/secret")
async def secret(receiver: Name, services: Given, who: Who) -> SecretView:
    """The secret that a receiver checks signatures with; that it was shown is kept in the audit."""
    found = await receivers.show_secret(services, receiver, who.staff)
    return SecretView(secret=secret_of(services.settings, receiver, found.key_number))


@router.post("/receivers/{receiver}/ping", status_code=201)
async def ping(receiver: Name, services: Given, who: Who) -> DeliveryView:
    """Send an event that nothing happened."""
    return _view(await deliveries.ping(services, receiver, who.staff))


@router.post("/receivers/{receiver}/replay")
async def replay_dead(receiver: Name, services: Given, who: Who) -> ReplayedView:
    """Send everything again that this receiver missed for good."""
    return ReplayedView(count=await deliveries.replay_dead(services, receiver, who.staff))


@router.get("/deliveries")
async def listed(
    services: Given,
    who: Who,
    receiver: Annotated[ReceiverName | None, Query()] = None,
    state: DeliveryState | None = None,
    before: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[DeliveryView]:
    """The newest first; the next page begins `before` the last id of this one."""
    found = await deliveries.listed(services, Sought(receiver, state, before), limit, who.staff)
    return [_view(one) for one in found]


@router.post("/deliveries/{delivery_id}/replay")
async def replay(delivery_id: Number, services: Given, who: Who) -> DeliveryView:
    """Send one again under the id it has: a receiver that took it already drops it."""
    return _view(await deliveries.replay(services, delivery_id, who.staff))


async def _every(services: Services) -> ReceiversView:
    setting = await editing.find(services, receivers.FILE)
    known = services.company.webhooks
    tallies = await deliveries.tallies(services, list(known))
    shown = [_receiver(services, name, one, tallies[name]) for name, one in known.items()]
    return ReceiversView(version=setting.version, receivers=shown, known=list(EventType))


def _receiver(services: Services, name: str, one: Receiver, tally: Tally) -> ReceiverView:
    return ReceiverView(
        name=name,
        url=one.url,
        events=list(one.events),
        key_number=one.key_number,
        paused=one.paused,
        problem=problem_of(one.url, services.settings),
        waiting=tally.waiting,
        dead=tally.dead,
        last_taken_at=tally.last_taken_at,
    )


def _view(row: Delivery) -> DeliveryView:
    is_waiting = row.state == DeliveryState.QUEUED
    return DeliveryView(
        id=row.id,
        event_id=row.event_id,
        receiver=row.receiver,
        type=row.type,
        at=row.at,
        state=row.state,
        attempts=row.attempts,
        next_at=row.next_at if is_waiting else None,
        sent_at=row.sent_at,
        status=row.status,
        error=row.error,
    )
