"""Not understood: say so, offer choices; the second time offer a person (D1)."""

from __future__ import annotations

from actions.turn import Turn

OFFER_AFTER = 2


def not_understood(turn: Turn) -> None:
    """One more misunderstanding."""
    misses = int(turn.slot("misses") or 0) + 1
    turn.set(misses=misses)
    if misses >= OFFER_AFTER:
        turn.say("utter_offer_human")
        turn.ask("offer_human")
    else:
        turn.say("utter_not_understood_in_form" if turn.form else "utter_not_understood")
