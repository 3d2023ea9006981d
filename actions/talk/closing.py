"""走有送声: thanks, yes and no without a question, and the farewell (A3)."""

from __future__ import annotations

from actions.dates import spoken
from actions.forms import start
from actions.talk import cases
from actions.turn import Turn
from helpdesk.usecases.turns import lookups


async def thank(turn: Turn) -> None:
    """Thanks after everything is settled is leave-taking enough to ask whether that was all."""
    turn.say("utter_welcome")
    turn.ask("anything_else")


async def goodbye(turn: Turn) -> None:
    """Leave-taking; what is unfinished is kept and said so: one step more before the farewell."""
    if turn.form:
        start.put_aside(turn)
        turn.say("utter_kept_at_leave")
    await farewell(turn)


async def farewell(turn: Turn) -> None:
    """Thank, say what is still owed, say goodbye, end the session."""
    owed = await lookups.open_tickets(turn.services, turn.ref)
    if turn.noted("safety"):
        turn.say("utter_farewell_safety", custom={"kind": "farewell"})
    elif owed and owed[0].promised_at:
        due = spoken(owed[0].promised_at, turn.company.profile.zone)
        response = f"utter_farewell_ticket{cases.agreed(owed[0])}"
        when = owed[0].visit_time or owed[0].callback_time
        turn.say(response, custom={"kind": "farewell"}, number=owed[0].number, due=due, when=when)
    else:
        turn.say("utter_farewell", custom={"kind": "farewell"}, company=turn.company.profile.name)
    await turn.stage("close", {"rating": not turn.noted("safety")})
    kept = tuple(what for what in turn.frame.said_once if what.startswith(start.PRIVACY))
    turn.change(said_once=kept, about={}, mood=None, failures=0)
