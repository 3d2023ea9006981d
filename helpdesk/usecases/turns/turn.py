"""The turn: claim a conversation, have its next message answered, write the answer down.

Who answers is the conversation's state at the claim: the bot (a dialogue worker) or people. What the
service can answer itself never reaches a worker. Whatever happens, every message ends with one stored
answer: after a second failure that is an apology and a person.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog
from structlog.contextvars import bound_contextvars

from helpdesk.errors import TurnLost, WorkerFailed
from helpdesk.metrics import TURN_SECONDS, TURNS
from helpdesk.model import dialogue
from helpdesk.model.conversation import Author, State
from helpdesk.model.say import Choice, Say
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation
from helpdesk.usecases.conversations import joining
from helpdesk.usecases.conversations.locks import TEXT_LIMIT, Claim, claim, release, renewed
from helpdesk.usecases.conversations.pictures import EVIDENCE
from helpdesk.usecases.privacy import consents
from helpdesk.usecases.turns import desk_answers, drafts, failed
from helpdesk.usecases.turns.facts import facts
from helpdesk.usecases.turns.finish import PERSON_ANSWERS, apply_effects, finish
from helpdesk.usecases.turns.waiting import PLACEHOLDER
from helpdesk.worker_client import WorkerAnswer

log = structlog.get_logger(__name__)


async def answer_pending(services: Services, conversation_id: str, held: Claim | None = None) -> None:
    """Answer everything that is pending in a conversation, unless somebody else is at it; `held`: we have the claim.

    Whoever gives a claim up looks once more: a message stored while the turn was under way found the
    claim taken and was left to us.
    """
    is_more = True
    while is_more and (held := held or await claim(services, conversation_id)):
        try:
            with bound_contextvars(conversation=conversation_id, message=held.first.id, turn=held.turn_no):
                is_more = await _timed(services, held)
        except TurnLost as lost:
            TURNS.labels("lost").inc()
            log.warning("turn_lost", conversation=conversation_id, turn=held.turn_no, reason=str(lost))
        except asyncio.CancelledError:
            await asyncio.shield(release(services, held))
            raise
        held = None


async def _timed(services: Services, held: Claim) -> bool:
    with TURN_SECONDS.time():
        async with renewed(services, held):
            is_more = await _answer_or_apologise(services, held)
    log.info("turn_done", messages=len(held.messages))
    return is_more


async def _answer_or_apologise(services: Services, held: Claim) -> bool:
    """Whether there is more to answer."""
    try:
        is_more = await _answer(services, held)
    except TurnLost:
        raise
    except Exception:
        log.exception("turn_failed")
        TURNS.labels("failed").inc()
        return await failed.apologise(services, held)
    TURNS.labels("answered").inc()
    return is_more


async def _answer(services: Services, held: Claim) -> bool:
    press = (held.first.input or {}).get("press") or {}
    if "service" in press:
        return await desk_answers.service_press(services, held, press)
    if held.state == State.STAFF:
        return await desk_answers.desk(services, held)
    if held.state == State.WAITING:
        return await _while_waiting(services, held)
    if key := _unfit(held):
        return await _say_only(services, held, key)
    if held.first.input is None and joining.is_asked_for(services, held.text):
        return await _say_only(services, held, "join_link", link=joining.link_of(services, held.conversation_id))
    return await _bot(services, held)


def _unfit(held: Claim) -> str | None:
    """The wording for a message that no worker should see."""
    if held.first.input is not None:
        return _unspoken(held, held.first.input.get("unspoken"))
    if not held.text:
        return "empty"
    return "too_long" if len(held.text) > TEXT_LIMIT else None


def _unspoken(held: Claim, key: str | None) -> str | None:
    """A picture sent while a form asks for evidence is the answer; while it asks something else, that stays asked."""
    if not held.first.image:
        return key
    if dialogue.slots(held.dialogue).get(dialogue.REQUESTED_SLOT) == EVIDENCE:
        return None
    return "picture_in_form" if dialogue.active_form(held.dialogue) else key


async def _say_only(services: Services, held: Claim, key: str, **fields: str) -> bool:
    async def write(uow: UnitOfWork, conversation: Conversation) -> list[Say]:
        says = [Say(services.wording.render(key, variant_seed=held.first.id, **fields), Author.BOT)]
        return [] if conversation.state in PERSON_ANSWERS else says

    return await finish(services, held, write)


async def _while_waiting(services: Services, held: Claim) -> bool:
    """Until a person takes over the bot hears on; where it cannot, the desk has the message, which is acknowledged."""
    if _unfit(held) or "start" in (held.first.input or {}):
        return await desk_answers.desk(services, held)
    try:
        return await _bot(services, held)
    except WorkerFailed as problem:
        log.warning("bot_silent_while_waiting", conversation=held.conversation_id, reason=str(problem))
        return await desk_answers.desk(services, held)


async def _bot(services: Services, held: Claim) -> bool:
    answer = await services.workers.turn(await _question(services, held))

    async def write(uow: UnitOfWork, conversation: Conversation) -> list[Say]:
        """State and effects count in any case; replies only while no person has taken over."""
        says = _shown(conversation, held, _bubbles(services, held, answer))
        conversation.dialogue = answer.state
        told, _ = await apply_effects(services, uow, conversation, held, of_any_try=False)
        await drafts.keep(services, uow, conversation, has_some=held.standing.has_drafts)
        await consents.note_told(services, uow, conversation, says)
        return with_letters(says, told)

    return await finish(services, held, write, answer.understood)


def _shown(conversation: Conversation, held: Claim, says: list[Say]) -> list[Say]:
    """Nothing once a person has the conversation, or it was brought to the queue meanwhile; what the queue says itself
    is not said twice."""
    if conversation.state == State.STAFF or (conversation.state == State.WAITING and held.state != State.WAITING):
        return []
    return [one for one in says if (one.custom or {}).get("kind") != PLACEHOLDER]


async def _question(services: Services, held: Claim) -> dict[str, Any]:
    """The body of the worker's `POST /turn`."""
    return {
        "conversation": held.conversation_id,
        "message_id": str(held.ref),
        "state": held.dialogue,
        "facts": await facts(services, held),
        "input": _input(held),
    }


def _input(held: Claim) -> dict[str, Any]:
    """A press or a start as the worker takes it; whatever else is stored beside it is ours."""
    stored = held.first.input or {}
    given: dict[str, Any] = {kind: stored[kind] for kind in ("press", "start") if kind in stored}
    return given or {"text": held.text}


def with_letters(says: list[Say], told: list[Say]) -> list[Say]:
    """What effects have to tell, after the bot's words; a letter stands behind the message that names its ticket."""
    for one in reversed(told):
        number = (one.custom or {}).get("number")
        places = [i for i, said in enumerate(says) if number and (said.custom or {}).get("number") == number]
        says = [*says[: places[-1] + 1], one, *says[places[-1] + 1 :]] if places else [*says, one]
    return says


def _bubbles(services: Services, held: Claim, answer: WorkerAnswer) -> list[Say]:
    seed = held.first.id
    before: list[str] = []
    if _needs_welcome(held, answer):
        before.append(services.wording.render("welcome_first_reply", variant_seed=seed))
    if answer.state_reset:
        before.append(services.wording.render("fresh_start", variant_seed=seed))
    return [*(Say(text, Author.BOT) for text in before), *map(_say, answer.replies)]


def _needs_welcome(held: Claim, answer: WorkerAnswer) -> bool:
    """Who begins with something else than a greeting is welcomed first; a greeting the bot answers alone."""
    is_greeting = "start" in (held.first.input or {}) or (answer.understood or {}).get("intent") == "greet"
    return held.opens_session and not held.greeted_lately and not is_greeting


def _say(reply: dict[str, Any]) -> Say:
    return Say(
        text=reply.get("text") or "",
        author=Author.BOT,
        buttons=_choices(reply.get("buttons") or ()),
        image=reply.get("image"),
        custom=reply.get("custom"),
    )


def _choices(buttons: Sequence[dict[str, Any]]) -> tuple[Choice, ...]:
    return tuple(Choice(button["title"], button["press"]) for button in buttons)
