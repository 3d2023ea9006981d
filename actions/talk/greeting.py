"""来有迎声: the first words, by the hour, by whether anybody is on duty, by who it is (A1)."""

from __future__ import annotations

from actions.heard import Json
from actions.turn import Turn

PARTS = ("morning", "noon", "afternoon", "evening", "night")


def call(turn: Turn) -> str:
    """The customer's name with a comma, to begin a sentence with; empty when unknown."""
    name = turn.known("name") or turn.facts.get("name")
    is_hidden = "name" in (turn.slot("masked") or [])
    return f"{name}，" if name and not is_hidden else ""


async def greet(turn: Turn) -> None:
    """A greeting; inside a form or a conversation under way it stays short."""
    if _is_under_way(turn):
        turn.say("utter_greet_again")
        return
    _welcome(turn)


async def opened(turn: Turn) -> None:
    """The chat was opened; nobody has spoken yet."""
    _welcome(turn)


async def subscribed(turn: Turn) -> None:
    turn.say("utter_subscribed", **_who(turn))
    _when_nobody_is_there(turn)


async def returned(turn: Turn) -> None:
    _welcome(turn)


async def released(turn: Turn) -> None:
    """Staff has given the conversation back: go on with what was interrupted, or ask what else is needed."""
    if turn.frame.suspended:
        turn.say("utter_released_resume")
        turn.ask("resume_form")
        return
    turn.say("utter_released")
    turn.ask("anything_else")


def _is_under_way(turn: Turn) -> bool:
    return turn.noted("greeted") and not turn.facts.get("new_session")


def _welcome(turn: Turn) -> None:
    turn.say(_greeting(turn), **_who(turn))
    _when_nobody_is_there(turn)
    if turn.frame.suspended:
        turn.say("utter_offer_resume")
        turn.ask("resume_form")
    elif number := turn.facts.get("open_ticket_number"):
        turn.say("utter_greet_open_ticket", number=number)
        turn.ask("open")
    else:
        turn.ask("open")


def _greeting(turn: Turn) -> str:
    part = turn.facts.get("part_of_day")
    known = turn.facts.get("known") or turn.facts.get("name")
    who = "key" if turn.facts.get("tier") == "key" else "back" if known else "new"
    return f"utter_greet_{who}_{part if part in PARTS else 'noon'}"


def _who(turn: Turn) -> Json:
    profile = turn.company.profile
    return {"call": call(turn), "company": profile.name, "assistant": profile.assistant}


def _when_nobody_is_there(turn: Turn) -> None:
    if turn.facts.get("hours") == "closed":
        turn.say("utter_closed_now", hours=turn.company.opening_hours.text)


async def capabilities(turn: Turn) -> None:
    turn.say("utter_capabilities", **_who(turn))


async def bot_challenge(turn: Turn) -> None:
    turn.say("utter_bot_challenge", **_who(turn))
