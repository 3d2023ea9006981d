"""What an action may want to happen. Reserved when it is staged, applied at the turn's end.

`reserve` may take numbers and read, but changes nothing a person can see; what it returns is what the
action is told. `apply` makes it happen, in the turn's own transaction, and returns what the service says
after the bot's replies. A move that is no longer possible raises MoveRefused from either.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from helpdesk.model.conversation import Move, State, after
from helpdesk.model.field import known
from helpdesk.model.matter import Matter
from helpdesk.model.say import Say
from helpdesk.model.ticket import Kind
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation
from helpdesk.usecases.journal import audit
from helpdesk.usecases.knowledge import unanswered
from helpdesk.usecases.queue import admission, handover, queueing
from helpdesk.usecases.ratings import answers as answer_ratings
from helpdesk.usecases.ratings import scores
from helpdesk.usecases.tickets import opening, red_lines
from helpdesk.usecases.tickets.internal import open_internal
from helpdesk.usecases.tickets.register import Opening, remember_customer
from helpdesk.usecases.turns import customer_decisions, drafts, hurried_orders, waiting

Json = dict[str, Any]
Reserve = Callable[[Services, UnitOfWork, Conversation, Json], Awaitable[Json]]
Apply = Callable[[Services, UnitOfWork, Conversation, Json, Json], Awaitable[list[Say]]]


@dataclass(frozen=True)
class EffectHandler:
    """How one kind of effect is reserved and applied."""

    reserve: Reserve
    apply: Apply


async def nothing_reserved(services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json) -> Json:
    """For effects that the action needs no answer from."""
    return {}


# ---------------------------------------------------------------- the end


async def _close(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json
) -> list[Say]:
    """The farewell is the bot's; a rating is asked for if it says so, but never after a safety matter."""
    asks = bool(payload.get("rating")) and await handover.may_ask_rating(uow, conversation)
    conversation.state = after(State(conversation.state), Move.CLOSE)
    conversation.closed_at = uow.now
    audit.note(uow, audit.BOT, "conversation_closed", conversation.id)
    queueing.announce(uow, conversation)
    return [handover.rating_request(services, conversation)] if asks else []


async def _reserve_rating(services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json) -> Json:
    return {"score": scores.check_score(payload.get("score"))}


async def _rate(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json
) -> list[Say]:
    return await scores.rate_and_thank(services, uow, conversation, payload)


# ---------------------------------------------------------------- what is kept in mind


async def _save_customer(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json
) -> list[Say]:
    await remember_customer(uow, conversation.customer_id, payload, audit.CUSTOMER)
    return []


async def _unanswered(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json
) -> list[Say]:
    """A question for an editor (G3)."""
    unanswered.note(uow, conversation.id, str(payload.get("text") or ""), payload.get("suggested") or [])
    return []


async def _abandoned(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json
) -> list[Say]:
    """A form given up with a way to reach the customer is somebody's task (A6); without one it is only noted."""
    fields = {name: value for name, value in (payload.get("fields") or {}).items() if value}
    form = str(payload.get("form") or "")
    audit.note(uow, audit.CUSTOMER, "form_abandoned", conversation.id, form=form, fields=sorted(fields))
    if any(known(fields.get(name)) for name in ("phone", "email", "wechat")):
        text = services.wording.render("task_abandoned", form=form)
        matter = Matter(Kind.INTERNAL, {**fields, "description": text}, category="abandoned")
        await open_internal(
            services, uow, matter, Opening(conversation.customer_id, audit.SYSTEM), about=conversation.id
        )
    return []


EFFECTS: dict[str, EffectHandler] = {
    "open_ticket": EffectHandler(opening.reserve_ticket, opening.register),
    "urge_ticket": EffectHandler(customer_decisions.reserve_urge, customer_decisions.urge),
    "withdraw_ticket": EffectHandler(customer_decisions.reserve_withdrawal, customer_decisions.withdraw),
    "satisfy_ticket": EffectHandler(customer_decisions.reserve_satisfaction, customer_decisions.satisfy),
    "dispute_ticket": EffectHandler(customer_decisions.reserve_dispute, customer_decisions.dispute),
    "resume_ticket": EffectHandler(customer_decisions.reserve_resumption, customer_decisions.resume),
    "answer_compensation": EffectHandler(customer_decisions.reserve_opinion_of_offer, customer_decisions.answer_offer),
    "ticket_note": EffectHandler(customer_decisions.reserve_note, customer_decisions.add_note),
    "join_queue": EffectHandler(admission.reserve, admission.apply),
    "leave_queue": EffectHandler(nothing_reserved, waiting.leave),
    "tell_place": EffectHandler(nothing_reserved, waiting.tell_place),
    "acknowledge": EffectHandler(nothing_reserved, waiting.acknowledge),
    "raise_in_queue": EffectHandler(nothing_reserved, waiting.first_of_all),
    "hurry_order": EffectHandler(hurried_orders.reserve, hurried_orders.apply),
    "check_order": EffectHandler(hurried_orders.reserve, hurried_orders.apply_check),
    "close": EffectHandler(nothing_reserved, _close),
    "rate": EffectHandler(_reserve_rating, _rate),
    "save_customer": EffectHandler(nothing_reserved, _save_customer),
    "unanswered": EffectHandler(nothing_reserved, _unanswered),
    answer_ratings.RATE_ANSWER: EffectHandler(answer_ratings.reserve, answer_ratings.apply),
    "abandoned": EffectHandler(nothing_reserved, _abandoned),
    "flag": EffectHandler(nothing_reserved, red_lines.flag),
    "take_draft": EffectHandler(nothing_reserved, drafts.take_over),
}
"""Kind of effect -> its handler."""
