"""May a thing be used that something is wrong with? Never before somebody has looked at it, whatever is denied."""

from __future__ import annotations

from actions.clauses import pieces
from actions.forms.form import Form
from actions.turn import Turn
from helpdesk.model.field import known
from helpdesk.model.ticket import Kind
from zhtext import normalise
from zhtext.questions import is_question

OF_A_FAULT = frozenset({Kind.REPAIR, Kind.COMPLAINT, Kind.EXCHANGE, Kind.REFUND})
ASKING = ("不", "嘛", "啵", "咧", "哦", "吧")
"""How a clause may end that asks, besides what asks anywhere: 「还敢盖不」, 「要不要紧嘛」."""
DANGER = "danger"
"""How the frame notes that a danger was told; behind a colon which one."""
DANGER_OF = "danger_of:"
"""How it notes of what."""


def asks_use(turn: Turn) -> bool:
    """Whether it is asked if a thing may be used that something is wrong with: no rule of the shop says that."""
    return bool(asking(turn)) and is_wrong(turn)


def asking(turn: Turn) -> list[str]:
    """The clauses that ask whether a thing may be used, whether it is dangerous, or is to be switched off."""
    if turn.heard.is_press:
        return []
    others = turn.company.safety.not_appliances
    plain = {one: normalise(one) for one in pieces(turn.heard.text)}
    asked = [one for one, said in plain.items() if turn.company.sayings.asks_use.search(said) and asks(said)]
    if _asks_of_health(turn):
        return list(plain)
    return [one for one in asked if not any(word in plain[one] for word in others)]


def asks(plain: str) -> bool:
    """Whether a normalised clause asks, also as it is spoken."""
    return is_question(plain) or plain.endswith(ASKING)


def is_wrong(turn: Turn) -> bool:
    """Whether something is wrong with a thing, by this message, the ones before or the matter that is spoken of.

    What is told of oneself, and of no thing, is none of it.
    """
    danger, safety = danger_told(turn), turn.company.safety
    if danger and not safety.dangers[danger].use:
        return False
    kind = turn.before.kind or (turn.before.registered or {}).get("kind") if turn.before.topic != "none" else None
    plain = turn.heard.plain
    told = turn.company.sayings.trouble.search(plain) or safety.doubt(plain) or safety.detect(plain)
    before = safety.doubt(_told(turn)) if turn.before.told else None
    return kind in OF_A_FAULT or turn.noted(DANGER) or (told or before) is not None


def _asks_of_health(turn: Turn) -> bool:
    """「孩子喝了那壶水，要不要紧」, here or on from what was told before."""
    return turn.company.safety.asks_of_health(turn.heard.plain, normalise("，".join(turn.before.told_of())))


def denies_danger(turn: Turn) -> bool:
    """Whether the worst of a danger is denied, or it is asked if 119 must be called."""
    safety, plain = turn.company.safety, turn.heard.plain
    return "119" in plain or safety.words.is_denied(plain) or any(word in plain for word in safety.all_clear)


def safe_side(turn: Turn, danger: str | None) -> str:
    """What is answered: by the kind of danger, told here or before, else by what is wrong; never that it may be."""
    safety = turn.company.safety
    if _asks_of_health(turn):
        return safety.health.answer
    if danger and safety.dangers[danger].use:
        calm = safety.dangers[danger].calm if denies_danger(turn) else ""
        return safety.dangers[danger].use + calm
    return (safety.doubt(turn.heard.plain) or safety.doubt(_told(turn)) or safety.doubts[-1]).use


def danger_told(turn: Turn) -> str | None:
    """The gravest danger that was told before in this conversation and not taken back."""
    return next((name for name in turn.company.safety.dangers if turn.noted(f"{DANGER}:{name}")), None)


def is_marked(turn: Turn, form: Form) -> bool:
    """Whether a matter is about the thing of a danger that was told before and not taken back: it bears the mark."""
    of = [said.removeprefix(DANGER_OF) for said in turn.before.said_once if said.startswith(DANGER_OF)]
    product = str(known(form.known.get("product")) or "")
    is_same = not of or not product or product in of
    return form.kind in OF_A_FAULT and turn.noted(DANGER) and is_same


def _told(turn: Turn) -> str:
    """What was told of the matter before, here or as it was registered."""
    fields = (turn.before.registered or {}).get("fields") or {}
    story = known(turn.slot("description") or fields.get("description"))
    return normalise("，".join([str(story or ""), *turn.before.told_of()]))
