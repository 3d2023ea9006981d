"""登记投诉: who serves a customer registers a ticket of any kind for them, with the same fields and checks (C1, C8).

The customer gets the acknowledgement in the conversation; whoever registers owns the matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from helpdesk.errors import InvalidInput
from helpdesk.model.conversation import EffectStatus
from helpdesk.model.matter import Matter
from helpdesk.model.rights import Deed
from helpdesk.model.ticket import Kind
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Effect, Staff, Ticket
from helpdesk.text.fields import Accepted, Refused, Verdict, accept
from helpdesk.usecases.conversations.receive import as_stored, clean
from helpdesk.usecases.conversations.served import own
from helpdesk.usecases.journal import audit
from helpdesk.usecases.promises.due import assess
from helpdesk.usecases.tickets import letters as ticket_letters
from helpdesk.usecases.tickets import opening, register, repeats

Json = dict[str, Any]


async def register_for_customer(
    services: Services, conversation_id: str, payload: Json, client_id: str | None, staff: Staff
) -> register.Registration:
    """Open a ticket for the customer who is served, or join their open one about the same matter.

    `payload` is that of an `open_ticket` effect; the same `client_id` again gives the same ticket.

    Raises:
        InvalidInput: a required field is missing or a value cannot be right (details.fields).
        NotFound, Conflict, NotAllowed: see `served.own`.
    """
    async with services.db.write() as uow:
        conversation = await own(uow, conversation_id, staff, Deed.REGISTER)
        known = await uow.session.get(Effect, _key(conversation, client_id)) if client_id else None
        if known is not None:
            return register.Registration.from_result(known.result or {})
        matter = checked(services, Matter.parse(payload))
        whose = register.Opening(conversation.customer_id, audit.by_staff(staff.id), conversation)
        result = await opening.reserve_ticket(services, uow, conversation, _payload(matter))
        registration = register.Registration.from_result(result)
        ticket = await _register(services, uow, matter, registration, whose)
        await ticket_letters.acknowledge(services, uow, ticket, audit.by_staff(staff.id))
        if client_id:
            uow.session.add(_done(conversation, client_id, matter, result, uow.now))
        await uow.commit()
    return registration


def _key(conversation: Conversation, client_id: str) -> str:
    return f"{conversation.id}:registered:{client_id}"


def _done(conversation: Conversation, client_id: str, matter: Matter, result: Json, now: datetime) -> Effect:
    return Effect(
        key=_key(conversation, client_id),
        conversation_id=conversation.id,
        turn_no=conversation.turn_no,
        kind="registered",
        payload=_payload(matter),
        result=result,
        status=EffectStatus.APPLIED,
        staged_at=now,
        applied_at=now,
    )


def _payload(matter: Matter) -> Json:
    return {"kind": matter.kind, "category": matter.category, "fields": dict(matter.fields), "urgency": matter.hint}


# ---------------------------------------------------------------- what was typed


def checked(services: Services, matter: Matter) -> Matter:
    """The matter with its values normalised.

    Raises:
        InvalidInput: a kind that is not a customer's, missing fields, or values that cannot be right.
    """
    if matter.kind is Kind.INTERNAL:
        raise InvalidInput("internal_elsewhere", field="kind")
    specs = services.company.fields
    unknown = sorted(set(matter.fields) - set(specs))
    if unknown:
        raise InvalidInput("no_such_field", fields=[clean(name)[:64] for name in unknown])
    now = services.clock.now().astimezone(services.company.profile.zone)
    typed = {name: as_stored(value) if isinstance(value, str) else value for name, value in matter.fields.items()}
    judged = {name: accept(services.company, name, value, now) for name, value in typed.items() if value != ""}
    fields = {name: one.value if isinstance(one, Accepted) else typed[name] for name, one in judged.items()}
    checked = Matter(matter.kind, fields, matter.category)
    _require_fields(services, checked)
    _refuse_wrong(services, judged)
    return checked


def _require_fields(services: Services, matter: Matter) -> None:
    try:
        register.check_fields(services, matter, assess(services, matter, services.clock.now()).urgency)
    except InvalidInput as error:
        missing = error.details.get("fields", [])
        titles = [services.company.fields[name].title for name in missing]
        raise InvalidInput("ticket_values_missing", titles=titles, fields=missing) from error


def _refuse_wrong(services: Services, judged: Mapping[str, Verdict]) -> None:
    wrong = {name: one.why for name, one in judged.items() if isinstance(one, Refused)}
    if wrong:
        told = "、".join(
            f"{services.company.fields[name].title}（{_why(services, why)}）" for name, why in wrong.items()
        )
        raise InvalidInput("ticket_values_wrong", told=told, fields=list(wrong), reasons=wrong)


def _why(services: Services, why: str) -> str:
    key = f"value_wrong_{why}"
    return services.wording.render(key if key in services.wording.keys else "value_wrong")


# ---------------------------------------------------------------- what comes of it


async def _register(
    services: Services,
    uow: UnitOfWork,
    matter: Matter,
    registration: register.Registration,
    whose: register.Opening,
) -> Ticket:
    await register.remember_customer(uow, whose.customer_id, matter.fields, whose.actor)
    if registration.joined:
        return await repeats.join_ticket(services, uow, matter, registration, whose.actor)
    return await register.open_ticket(services, uow, matter, registration, whose)
