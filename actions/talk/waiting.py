"""While a person is waited for: leaving, how long, a question, a further fact; the place is kept (D2)."""

from __future__ import annotations

from actions.clauses import pieces
from actions.decide.reading import MATTERS
from actions.forms import start
from actions.talk import faq, orders, registered, warranty
from actions.talk.matters import submit_form
from actions.turn import CUSTOMER_FIELDS, Turn
from helpdesk.model.frame import CONFIRM
from helpdesk.usecases.turns.waiting import PLACEHOLDER
from zhtext import normalise
from zhtext.values import ways

KEPT = (*CUSTOMER_FIELDS, "order")
QUEUE = {"kind": PLACEHOLDER}
"""What the queue says itself, with the place and the press to leave it, is said in the place of these replies."""


async def leave(turn: Turn) -> None:
    """Out of the queue, in any words."""
    await turn.stage("leave_queue", {})
    turn.say("utter_left_queue", custom=QUEUE)
    turn.ask("anything_else")


async def leave_for(turn: Turn) -> None:
    """Out of the queue, and what else the message wants is done next; a matter that waited goes on."""
    await turn.stage("leave_queue", {"goes_on": True})
    turn.say("utter_left_queue_for")
    start.resume(turn)


async def place(turn: Turn) -> None:
    """How many are before, and how long that takes where it can be said honestly: the queue says it itself."""
    await turn.stage("tell_place", {})
    turn.say("utter_queue_noted", custom=QUEUE)


async def answer(turn: Turn) -> None:
    """A question an article is sure of; else it waits for the person."""
    if not (warranty.told(turn) or await faq.answer_part(turn)):
        await note(turn)


async def wish(turn: Turn) -> None:
    """「没到就不要了，退钱」: passed on, and how it is registered at once is told; the place is kept."""
    _keep(turn)
    turn.say("utter_queue_wish", title=turn.company.kinds[MATTERS[str(turn.reading.wanted)]].title)


async def record(turn: Turn) -> None:
    """What was registered, and what was set aside and so was not submitted: 「报修单提交了没有」."""
    waiting = registered.draft_meant(turn)
    if waiting is None:
        await registered.agreed(turn)
        return
    form = registered.draft_of(turn, waiting)
    turn.say("utter_draft_kept", title=form.company.kinds[form.kind].title, noted=form.summary())


async def order(turn: Turn) -> None:
    await orders.check(turn)


async def note(turn: Turn) -> None:
    """A further fact: whoever takes over finds it in the packet."""
    _keep(turn)
    way = ways.read([normalise(one) for one in pieces(turn.heard.text)]) if ways.LEARNT in turn.heard.shades else None
    if way:
        turn.set(contact_way=ways.renewed(turn.slot("contact_way"), way))
    await turn.stage("acknowledge", {"fact": True})
    turn.say("utter_queue_noted", custom=QUEUE)


def _keep(turn: Turn) -> None:
    turn.set(**{name: value for name, value in turn.heard.values.items() if name in KEPT})


async def submit(turn: Turn) -> None:
    """「提交」 of what was set aside for the queue: done where nothing is missing, else what is said of it."""
    if not turn.frame.suspended or not start.resume(turn):
        await registered.agreed(turn)
    elif turn.slot("requested_slot") == CONFIRM:
        turn.overtake(RESUMING)
        await submit_form(turn)
    else:
        start.put_aside(turn)
        turn.overtake(RESUMING)
        await record(turn)


RESUMING = frozenset({"utter_resume", "utter_confirm", "utter_ask_again"})


async def welcome(turn: Turn) -> None:
    turn.say("utter_queue_welcome")


async def receipt(turn: Turn) -> None:
    await turn.stage("acknowledge", {})
    turn.say("utter_queue_noted", custom=QUEUE)
