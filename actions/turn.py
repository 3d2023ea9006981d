"""One message as a handler sees it, and what the handler does about it.

A handler is `async def handler(turn: Turn) -> None`. It says responses by name, sets slots, stages
effects and chooses what comes next; `events()` puts that into Rasa's words.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import Heard, Json
from helpdesk.model.conversation import TurnRef
from helpdesk.model.field import known
from helpdesk.services import Services
from helpdesk.usecases.turns.stage import stage

LISTEN = "action_listen"
COMPLAINT_FORM = "complaint_form"
SERVICE_FORM = "service_form"
FORMS = (COMPLAINT_FORM, SERVICE_FORM)
_SILENT_ACTIONS = frozenset({LISTEN, "action_extract_slots", "action_session_start", *FORMS})
Button = dict[str, str]


@dataclass
class Decided:
    """What the handlers of one action have decided so far."""

    slots: Json = field(default_factory=dict)
    follow: str | None = None
    ends_form: bool = False
    said: list[str] = field(default_factory=list)


class Turn:
    """The message, what is known, and what has been decided."""

    def __init__(
        self,
        services: Services,
        tracker: Tracker,
        dispatcher: CollectingDispatcher,
        heard: Heard | None = None,
        decided: Decided | None = None,
    ) -> None:
        self.services = services
        self.company = services.company
        self.ref = TurnRef.parse(tracker.sender_id, tracker.latest_message["message_id"])
        self.heard = heard or Heard.of(tracker.latest_message)
        self.decided = decided or Decided()
        self._tracker = tracker
        self._dispatcher = dispatcher

    def part(self, clause: Mapping[str, Any]) -> Turn:
        """The same turn, reading only one clause; what it decides is decided for the whole."""
        return self.reading(self.heard.clause(clause))

    def reading(self, heard: Heard) -> Turn:
        """The same turn with other words heard."""
        return Turn(self.services, self._tracker, self._dispatcher, heard, self.decided)

    def recalling(self, request: Mapping[str, Any]) -> Turn:
        """The same turn as if the customer had only now made an earlier request `{"intent", "text", "entities"?}`."""
        intent, values = str(request["intent"]), tuple(request.get("entities") or ())
        return self.reading(Heard(str(request["text"]), intent, 1.0, values, intent, (), self.facts))

    # -- what is known

    @property
    def facts(self) -> Json:
        return self.heard.facts

    @property
    def now(self) -> datetime:
        """When the customer sent the message, in the company's zone; without that, now."""
        at = self.facts.get("at")
        moment = datetime.fromisoformat(str(at)) if at else self.services.clock.now()
        return moment.astimezone(self.company.profile.zone)

    def slot(self, name: str) -> Any:
        slots = self.decided.slots
        return slots[name] if name in slots else self._tracker.slots.get(name)

    def known(self, name: str) -> Any:
        """The value of a field's slot, None where the customer cannot or will not tell."""
        return known(self.slot(name))

    @property
    def form(self) -> str | None:
        """The active form; None once this turn has left it."""
        return None if self.decided.ends_form else (self._tracker.active_loop or {}).get("name") or None

    @property
    def pending(self) -> Json:
        """The question that was open when the message came, `{"kind", ...}`; empty when none was."""
        return dict(self._tracker.slots.get("pending") or {})

    @property
    def has_acted(self) -> bool:
        """Whether another action has already dealt with this message."""
        for event in reversed(self._tracker.events):
            if event.get("event") == "user":
                return False
            if event.get("event") == "action" and event.get("name") not in _SILENT_ACTIONS:
                return True
        return False

    def noted(self, what: str) -> bool:
        """Whether something that is said only once has been said."""
        return what in (self.slot("noted") or [])

    # -- what is done

    def say(self, response: str, *, custom: Json | None = None, buttons: Sequence[Button] = (), **fields: Any) -> None:
        """Say one of the wordings of `response`, its fields filled."""
        self.decided.said.append(response)
        self._dispatcher.utter_message(response=response, json_message=custom, buttons=list(buttons), **fields)

    def set(self, **slots: Any) -> None:
        self.decided.slots.update(slots)

    def clear(self, names: Sequence[str]) -> None:
        self.set(**dict.fromkeys(names))

    def note(self, what: str) -> None:
        if not self.noted(what):
            self.set(noted=[*(self.slot("noted") or []), what])

    def ask(self, kind: str, **data: Any) -> None:
        """Remember what was asked, so that a bare yes, no or value finds its meaning."""
        self.set(pending={"kind": kind, **data})

    def follow(self, action: str) -> None:
        """What comes next, whatever the rules say."""
        self.decided.follow = action

    def stay(self) -> None:
        """Begin no form after this; an active form asks its question again all the same."""
        self.follow(self.form or LISTEN)

    def leave_form(self, *, park: bool) -> None:
        """End the active form; with `park` its values are kept and it may be taken up again."""
        if self.form:
            self.set(parked_form=self.form if park else None, requested_slot=None, checking=None, tries=None)
            self.decided.ends_form = True
        self.follow(LISTEN)

    async def stage(self, kind: str, payload: Json, form_run: str | None = None) -> Json:
        """Stage an effect; what was reserved for it."""
        return await stage(self.services, self.ref, kind, payload, form_run)

    def new_form_run(self) -> str:
        """Names one filling of a form. Made from the message, so that a repeated attempt makes the same."""
        return uuid5(NAMESPACE_OID, f"{self.ref.conversation_id}:{self.ref.message_id}").hex

    def events(self) -> list[EventType]:
        """The decisions as Rasa's events."""
        events = [SlotSet(name, value) for name, value in self.decided.slots.items()]
        if self.decided.ends_form:
            events.append(ActiveLoop(None))
        if self.decided.follow:
            events.append(FollowupAction(self.decided.follow))
        return events


Handler = Callable[[Turn], Awaitable[None]]
