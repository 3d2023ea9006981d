"""Pictures that a customer adds on the follow-up page: evidence on the ticket, whether it has a conversation or not."""

from __future__ import annotations

import hashlib

from helpdesk.disk import check_room
from helpdesk.model.timeline import Line
from helpdesk.services import Services
from helpdesk.usecases.conversations import pictures
from helpdesk.usecases.conversations.pictures import EVIDENCE
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.once import once
from helpdesk.usecases.tickets.follow_acts import opened_by, taken
from helpdesk.usecases.tickets.register import add_event, touch


async def add(services: Services, key: str, content: bytes) -> str:
    """Add a picture to the ticket that `key` is for, once however often it is sent; the ticket's number.

    Raises:
        NotSignedIn. InvalidInput: the bytes are no picture of a kind we show. TooManyTries, NoRoom.
    """
    number, now = opened_by(services, key), services.clock.now()
    check_room(services.settings)
    drawn = await services.studio.redraw(content)
    async with services.db.write(now) as uow:
        if not await once(uow, f"{number}:picture:{hashlib.sha256(drawn.content).hexdigest()}"):
            return number
        ticket = await taken(services, uow, number)
        address = await pictures.keep_for(services, uow, {"number": number}, drawn)
        ticket.fields = {**ticket.fields, EVIDENCE: pictures.added(ticket.fields.get(EVIDENCE), address)}
        add_event(uow, ticket, Line("customer_picture", audit.CUSTOMER, detail={"channel": "follow"}))
        touch(uow, ticket)
        await uow.commit()
    return number
