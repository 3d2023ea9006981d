"""A message of several things, done one after the other in one action call (bot/nlu/steps.py takes it apart).

A part that by itself does nothing where the conversation stands (a yes to nothing, a no that only begins a correction)
is passed over. Of what is said before the last part only what holds is kept: its questions are overtaken.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from actions.clauses import denies, pieces, spans
from actions.decide import Move, Reading, Seen, decide
from actions.decide.acts import QUESTIONS
from actions.decide.reading import MATTERS
from actions.forms.hours import beside_hours
from actions.forms.reached import beside_way
from actions.forms.steering import as_named
from actions.heard import Heard
from actions.look import instead, look, puts_right
from actions.talk.mistaken import as_meant
from actions.talk.replies import as_pressed
from actions.talk.which import turn_to_meant
from actions.turn import Turn, read
from helpdesk.company import Company
from helpdesk.model.frame import YES_NO
from zhtext import normalise
from zhtext.leaning import is_over
from zhtext.questions import is_question

Deal = Callable[[Turn, Move], Awaitable[None]]
IDLE = frozenset({"not_understood", "form_help", "form_which", "form_refuse", "denied", "out_of_scope", "form_hold"})
"""Moves that do nothing by themselves."""
GIVES_UP = frozenset({"form_stop", "form_later", "form_drop", "form_switch", "form_withdraw", "form_restart", "leave"})
"""Moves away from a form, which nobody means who says in the same breath that it is to be submitted."""
LEAVES = "form_leave_for"
LEAVES_QUEUE, LEAVES_QUEUE_FOR = "queue_leave", "queue_leave_for"
QUITS = frozenset({"form_stop", "form_drop"})
SHORTEST = 3
"""Characters of something else that is wanted."""
GIVING_UP = frozenset({"stop", "withdraw", "cancel_order", "deny", "refuse", "correct", "later", "wait"})
"""Acts that gave a form up, and mean nothing more once it is."""
LEAVING = GIVING_UP | {"person", "bye", "grumble", "hurry"}
"""Acts that leave the queue, and are no wish of their own."""
NOTHING_MORE = IDLE | GIVES_UP | {
    "yes", "no", "stop", "thank", "greet", "grumble", "anger", "later", "values", "no_value", "none_of_these",
    "correct",
}  # fmt: skip
"""Moves that only go with leaving the queue."""
SUBMIT = "交"
QUEUE = "排"
"""In a part that does one thing by itself: 取消排队, 不排了."""
NO_HELP = frozenset({"none_of_these", "not_helped", "no_value", "number_later"})
"""Moves that find us no help, or only take note: not before the rest was heard."""
ANSWERS = frozenset({"form_answer", "form_unknown"})
CONTROLS = frozenset({"affirm", "goodbye", "request_human"})
OVERTAKEN = frozenset({
    "utter_ask", "utter_ask_next", "utter_ask_noted", "utter_ask_again", "utter_ask_example", "utter_ask_second",
    "utter_confirm", "utter_confirm_again", "utter_anything_else", "utter_what_else", "utter_go_on", "utter_no_person",
    "utter_no_person_in_form", "utter_not_done", "utter_which_field", "utter_resume", "utter_stopped_empty",
    "utter_not_understood_in_form", "utter_take_time_talk",
})  # fmt: skip
"""Responses that ask, or only take note."""


async def deal_with(turn: Turn, deal: Deal) -> None:
    """Everything the message is, in its order; all of it at once where taking it apart brings nothing."""
    turn_to_meant(turn)
    turn = as_pressed(turn)
    asked = _but_settled(turn)
    parts = [] if asked is not turn or puts_right(turn) else _parts(turn)
    dealt = has_left = False
    for at, (heard, reading) in enumerate(parts):
        part = turn.going_on(heard, reading)
        turn_to_meant(part)
        if has_left:
            part = _without_giving_up(part, turn.before.kind)
        part = as_meant(as_named(beside_way(beside_hours(part))))
        seen = look(part)
        move = decide(seen)
        if _is_passed_over(seen, move, heard, parts[at + 1 :]):
            continue
        if dealt:
            part.overtake(OVERTAKEN)
        if move.name in QUITS and _wants_else(parts[at + 1 :], turn.company):
            move = Move(LEAVES)
        if move.name == LEAVES_QUEUE and at < len(parts) - 1:
            move = Move(LEAVES_QUEUE_FOR)
            parts[at + 1 :] = [(_out_of_queue(heard), reading) for heard, reading in parts[at + 1 :]]
        await deal(part, move)
        dealt = True
        has_left = has_left or move.name == LEAVES
        if at == len(parts) - 1:
            await _what_is_wanted(part, move, turn.before.kind, deal)
    if not dealt:
        await _deal_with_all(asked, deal)


def _but_settled(turn: Turn) -> Turn:
    """「上回报修的早弄好啦，今天来看看有没有吸尘器」: without what is over, where something else is asked for."""
    over = [] if turn.form or turn.heard.is_press else list(spans(turn.heard.text))
    gone = [(start, end) for start, end in over if is_over(normalise(turn.heard.text[start:end]))]
    rest = turn.heard.but(gone)
    sayings = turn.company.sayings
    goes_on = sayings.trouble.search(rest.plain) or sayings.undone.search(rest.plain)
    if not gone or goes_on or not (is_question(rest.plain) or "product" in rest.values):
        return turn
    kept = {act: sure for act, sure in turn.reading.acts.items() if act in QUESTIONS and sure > 0}
    if sayings.asks_for_sale.search(rest.plain) or not kept:
        kept = {"advice" if "product" in rest.values else "ask": 1.0}
    return turn.hearing(rest, replace(turn.reading, acts=kept, intent="", values=rest.values))


def _is_passed_over(seen: Seen, move: Move, heard: Heard, later: list[tuple[Heard, Reading]]) -> bool:
    """Whether a part does nothing here, or is not meant beside what follows: 「提交吧，别的不改了」."""
    if _does_nothing(seen, move, is_last=not later, leaves_queue=QUEUE in heard.text):
        return True
    is_submitted = move.name in GIVES_UP and any(SUBMIT in one.text for one, _ in later)
    is_yes_to_none = _wants_other(seen, later) or _leaves_number(seen, later) or _takes_leave(later)
    return is_submitted or (move.name == "yes" and is_yes_to_none)


def _takes_leave(later: list[tuple[Heard, Reading]]) -> bool:
    """「好，就问这些」 to an offer: nothing more is wanted, that neither."""
    return any(reading.says("deny", "bye", "later") and not reading.says("affirm") for _, reading in later)


def _leaves_number(seen: Seen, later: list[tuple[Heard, Reading]]) -> bool:
    """「行，记吧，电话138…」 to a person or a call: a number that is left is left to be called at."""
    return seen.question in ("offer_human", "offer_callback") and any("phone" in reading.values for _, reading in later)


async def _deal_with_all(turn: Turn, deal: Deal) -> None:
    """The message as one thing; whoever leaves the queue for something else has that done, too."""
    turn = as_meant(as_named(beside_way(beside_hours(turn))))
    move = decide(look(turn))
    beyond = _beyond_queue(turn) if move.name == LEAVES_QUEUE_FOR else None
    await deal(turn, Move(LEAVES_QUEUE) if move.name == LEAVES_QUEUE_FOR and not beyond else move)
    if beyond:
        other = turn.going_on(beyond.heard, beyond.reading)
        other.overtake(OVERTAKEN)
        await deal(other, decide(look(other)))
        return
    await _what_is_wanted(turn, move, turn.before.kind, deal)


def _beyond_queue(turn: Turn) -> Turn | None:
    """What the message wants beside leaving the queue, as if nobody were waited for; None where that is nothing."""
    said = [(one, normalise(one)) for one in pieces(turn.heard.text)]
    words, sayings = turn.company.accounts, turn.company.sayings
    left = [one for one, plain in said if not (words.of_queue.search(plain) or sayings.gives_up.search(plain))]
    heard = replace(_out_of_queue(turn.heard), text="，".join(left))
    acts = {act: sure for act, sure in turn.reading.acts.items() if act not in LEAVING and sure > 0}
    other = turn.hearing(heard, replace(turn.reading, acts=acts))
    return other if left and decide(look(other)).name not in NOTHING_MORE else None


def _wants_other(seen: Seen, later: list[tuple[Heard, Reading]]) -> bool:
    """Whether another matter than the one that was offered is wished right behind the yes."""
    offered = {"offer_complaint": "complaint"}.get(seen.question, seen.frame.question.get("service"))
    return bool(offered) and any(reading.is_sure and MATTERS[str(reading.wanted)] != offered for _, reading in later)


def _wants_else(parts: list[tuple[Heard, Reading]], company: Company) -> bool:
    """Whether what follows is more than another way to give it up."""
    return any(len(_but_giving_up(heard, company)) >= SHORTEST for heard, _ in parts)


def _but_giving_up(heard: Heard, company: Company) -> str:
    """What is said beside the words that give something up or deny it."""
    said = ((one, normalise(one)) for one in pieces(heard.text))
    return "，".join(one for one, plain in said if not (company.sayings.gives_up.search(plain) or denies(plain)))


async def _what_is_wanted(turn: Turn, move: Move, kind: str | None, deal: Deal) -> None:
    """What is said beside the words that gave a form of this kind up, if they did, as if none had been under way."""
    if move.name != LEAVES:
        return
    other = _without_giving_up(turn, kind)
    await deal(other, Move(decide(look(other)).name))


def _without_giving_up(turn: Turn, kind: str | None) -> Turn:
    """The message without the clauses and acts that gave something up, where it wants something else."""
    read = {act: sure for act, sure in turn.reading.acts.items() if act not in GIVING_UP and sure > 0}
    wanted = instead(turn, kind) if kind else None
    acts = {wanted: 1.0} if wanted else read
    heard = replace(turn.heard, text=_but_giving_up(turn.heard, turn.company) or turn.heard.text)
    return turn.going_on(heard, replace(turn.reading, acts=acts))


def _parts(turn: Turn) -> list[tuple[Heard, Reading]]:
    """Each part as it is heard by itself; none when the message is one thing."""
    parts = []
    for message in () if turn.heard.is_press else turn.steps:
        heard = turn.meant(Heard.of({**message, "metadata": {"facts": turn.facts}}))
        parts.append((heard, read(turn.company, heard, message, bool(turn.form))))
    if turn.facts.get("queue") is not None and not any(_leaves_queue(one, turn.company) for one, _ in parts):
        return []  # 「还没人来，不等了，那你记下来」: the clause that leaves stands in the whole
    is_courtesy = bool(turn.form) and len(parts) == 1 and parts[0][1].intent == "thank"
    return [] if is_courtesy or _is_one_answer(turn, parts) else parts


def _leaves_queue(heard: Heard, company: Company) -> bool:
    return company.queue.leaves(normalise(heard.text))


def _is_one_answer(turn: Turn, parts: list[tuple[Heard, Reading]]) -> bool:
    """「没有，没人受伤」: a yes or no to the field that is asked for, and the same in more words."""
    if not turn.form or len(parts) < 2 or parts[1][1].intent in CONTROLS:
        return False
    return decide(look(turn.going_on(*parts[0]))).name in ANSWERS


def _does_nothing(seen: Seen, move: Move, *, is_last: bool, leaves_queue: bool) -> bool:
    if move.name in NO_HELP and not is_last:
        return True
    if leaves_queue and not seen.in_queue:
        return True
    if move.name in ("yes", "no"):
        return seen.question not in YES_NO and seen.question != "offer_service"
    return move.name in IDLE or (move.name == "form_submit" and not is_last)


def _out_of_queue(heard: Heard) -> Heard:
    return replace(heard, facts={**heard.facts, "queue": None})
