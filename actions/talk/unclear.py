"""Not understood: say so, offer choices; the second time offer a person (D1)."""

from __future__ import annotations

from actions.decide import bounds
from actions.forms.accounts import for_call
from actions.turn import Turn
from helpdesk.model import picture
from zhtext import normalise
from zhtext.values import contacts


def fail(turn: Turn) -> int:
    """One more failure, of whatever kind; how many in a row that makes."""
    turn.change(failures=turn.before.failures + 1)
    return turn.frame.failures


def offer_person(turn: Turn) -> None:
    """A person, in words; a yes calls one."""
    turn.say("utter_offer_human")
    turn.ask("offer_human", told=for_call(turn.heard, turn.company))


def too_many_tries(turn: Turn) -> None:
    """Wrong numbers too often: a person can check who it is."""
    turn.say("utter_too_many_tries")
    turn.ask("offer_human")


def not_understood(turn: Turn) -> None:
    """One more misunderstanding; a link or a picture alone is none: what it is about is asked."""
    plain = normalise(turn.heard.text)
    if contacts.is_link(turn.heard.text):
        turn.say("utter_sent_link")
        turn.leave_asked()
    elif picture.is_sent(plain) and len(plain) <= LONGEST_SIGN:
        turn.say("utter_sent_picture")
        turn.leave_asked()
    elif fail(turn) >= bounds.OFFER_PERSON_AFTER:
        offer_person(turn)
    else:
        turn.say("utter_not_understood")


LONGEST_SIGN = 8
"""Characters of what a channel puts for a picture: 「[图片]」."""
