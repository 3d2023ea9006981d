"""One message as a handler sees it, and what the handler does about it.

A handler is `async def handler(turn: Turn) -> None`. It says responses by name, sets slots, changes the frame and
stages effects; `events()` puts that into Rasa's words. One action call deals with a whole message: a form is begun and
ended here, too, and its next question is said by whoever took the answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.clauses import pieces
from actions.decide import Reading
from actions.heard import Heard, Json
from actions.numbers import one_meant, with_case
from helpdesk.company import Company
from helpdesk.model.conversation import TurnRef
from helpdesk.model.field import known
from helpdesk.model.frame import MOST_CHOICES, Frame
from helpdesk.model.shop import Order
from helpdesk.services import Services
from helpdesk.usecases.turns.stage import stage
from zhtext import normalise
from zhtext.questions import is_question
from zhtext.values import ways
from zhtext.values.shifts import shift_in

LISTEN = "action_listen"
COMPLAINT_FORM = "complaint_form"
SERVICE_FORM = "service_form"
FORMS = (COMPLAINT_FORM, SERVICE_FORM)
FRAME = "frame"
CUSTOMER_FIELDS = ("name", "phone", "email", "wechat", "contact_way")
"""Known once, known for the whole conversation (B1)."""
CONTEXT_FIELDS = ("order", "product")
"""Kept when a form ends: what is being spoken of."""
STATE_SLOTS = ("kind", "form_run", "tries", "declined", "answered", "masked", "requested_slot")
"""What a form knows of itself."""
Button = dict[str, str]


@dataclass
class Decided:
    """What the handlers of one message have decided so far."""

    frame: Frame
    form: str | None
    slots: Json = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    given_up: Json = field(default_factory=dict)
    """What was told of the matter that is given up in this message, and its `kind`."""
    articles: list[str] = field(default_factory=list)
    """Answers of ours that are in what is said."""
    choices: list[Button] = field(default_factory=list)


def read(company: Company, heard: Heard, message: Mapping[str, Any], in_form: bool = False) -> Reading:
    """What a message does: as it was read, and by the company's own words where these say it outright."""
    reading = Reading.of(message, heard.values).by_shades(in_form, is_question(heard.plain))
    sayings, clauses = company.sayings, [] if heard.is_press else [normalise(one) for one in pieces(heard.text)]
    told = [one for one in clauses if not (is_question(one) or sayings.gives_up.search(one))]
    wished = [act for act, words in sayings.outright.items() if any(words.search(one) for one in told)]
    if "order" in heard.values and shift_in(heard.plain):
        wished.append("change_order")  # 「2026…能不能晚两天送」: put as a question, and wished
    if not in_form and _is_to_be_mended(company, heard, reading, clauses):
        wished.append("repair")
    is_own_call = any(sayings.calls_self.search(one) for one in clauses) and "callback" in reading.acts
    denied = ["callback"] if is_own_call else []
    if "person" in reading.acts and any(sayings.turns_down.search(one) for one in clauses):
        denied.append("person")
    if any(company.accounts.told_already.search(one) for one in clauses):
        reading = reading.without("deny", "correct")  # 「我不是刚说了吗」 denies nothing
    return reading.with_words(wished, denied) if wished or denied else reading


def _is_to_be_mended(company: Company, heard: Heard, reading: Reading, clauses: Sequence[str]) -> bool:
    """「电视有杂音要修，后天上午，…1388…」, 「能不能给我修一下」: one's own thing is to be mended, by the words.

    Where nothing was heard but values a fault has to be told, and in a question it is wished to be done for us.
    """
    if "product" not in heard.values or reading.denies("repair"):
        return False
    sayings, is_heard = company.sayings, reading.wanted == "repair"
    if not (is_heard or (reading.wanted is None and "tells_fault" in reading.shades)):
        return False
    wished = [(one, said.group()) for one in clauses if (said := sayings.asks_mending.search(one))]
    return any(said[0] in FOR_US if is_heard else not is_question(one) for one, said in wished)


FOR_US = "给帮替同"
"""How what is to be done for somebody begins: 给我修."""


class Turn:
    """The message, what is known, and what has been decided."""

    def __init__(self, services: Services, tracker: Tracker, dispatcher: CollectingDispatcher) -> None:
        self.services = services
        self.company = services.company
        self.ref = TurnRef.parse(tracker.sender_id, tracker.latest_message["message_id"])
        self.before = Frame.of(tracker.slots.get(FRAME))
        self.heard = self.meant(Heard.of(tracker.latest_message))
        in_form = bool((tracker.active_loop or {}).get("name"))
        self.reading = read(services.company, self.heard, tracker.latest_message, in_form)
        self.steps: Sequence[Json] = tuple(tracker.latest_message.get("steps") or ())
        self.began_in = (tracker.active_loop or {}).get("name") or None
        self.decided = Decided(replace(self.before, question={}, choices=()), self.began_in)
        self.order_seen: Order | None = None
        self._tracker = tracker
        self._dispatcher = dispatcher

    def meant(self, heard: Heard) -> Heard:
        """The message without what only looks like a product or a name, and with the one number that it points at."""
        sayings = self.company.sayings
        kept = heard.without("product", sayings.no_product).without("name", sayings.seen_where)
        one = one_meant(self.company, kept)
        return with_case(one, self.before.case_numbers)

    def hearing(self, heard: Heard, reading: Reading | None = None) -> Turn:
        """The same turn with other words heard; what it decides is decided for the whole."""
        other = object.__new__(Turn)
        other.__dict__.update(self.__dict__)
        other.heard = heard
        other.reading = reading or replace(self.reading, values=heard.values)
        return other

    def going_on(self, heard: Heard, reading: Reading) -> Turn:
        """The next part of the same message: it comes where the parts before have left the conversation."""
        other = self.hearing(heard, reading)
        if self.decided.said:
            self.stand()
            other.before = self.frame
        return other

    def turn_to(self, number: str) -> None:
        """Of the matters registered earlier this one is spoken of."""
        self.before = self.before.turning_to(number)
        self.decided.frame = self.frame.turning_to(number)

    def overtake(self, questions: Collection[str]) -> None:
        """What was asked by the parts before this one is not said: it may be answered already."""
        said = self._dispatcher.messages
        said[:] = [one for one in said if one.get("response") not in questions]
        self.decided.choices = []
        self.change(question={}, choices=())

    def ask_last(self) -> None:
        """What a form asks is said behind what was said after it."""
        said = self._dispatcher.messages
        said.sort(key=lambda one: (one.get("custom") or {}).get("kind") == "form")

    # -- what is known

    @property
    def facts(self) -> Json:
        return self.heard.facts

    @property
    def frame(self) -> Frame:
        """Where the conversation stands after what was decided so far."""
        return self.decided.frame

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
        """The form under way; None once this turn has left it."""
        return self.decided.form

    @property
    def pending(self) -> Mapping[str, Any]:
        """The question that was open when the message came, `{"kind", ...}`; empty when none was."""
        return self.before.question

    def noted(self, what: str) -> bool:
        """Whether something that is said only once has been said."""
        return what in self.frame.said_once

    # -- what is done

    def say(self, response: str, *, custom: Json | None = None, buttons: Sequence[Button] = (), **fields: Any) -> None:
        """Say one of the wordings of `response`, its fields filled."""
        self.decided.said.append(response)
        self.decided.choices = list(buttons) or self.decided.choices
        fields = {"reach": self.reach, **fields}
        self._dispatcher.utter_message(response=response, json_message=custom, buttons=list(buttons), **fields)

    @property
    def reach(self) -> str:
        """How this customer is reached, as a wording says it: 打电话, unless something else was wished for."""
        way = self.known("contact_way") or ways.CALL
        return next(one.title for one in self.company.fields["contact_way"].choices if one.value == way)

    def set(self, **slots: Any) -> None:
        self.decided.slots.update(slots)

    def clear(self, names: Sequence[str]) -> None:
        self.set(**dict.fromkeys(names))

    def change(self, **parts: Any) -> None:
        """Set parts of the frame."""
        self.decided.frame = replace(self.frame, **parts)

    def note(self, what: str) -> None:
        self.decided.frame = self.frame.noting(what)

    def ask(self, kind: str, **data: Any) -> None:
        """Remember what was asked, so that a bare yes, no or value finds its meaning."""
        self.decided.frame = self.frame.asking(kind, **data)

    @property
    def asks_record(self) -> bool:
        """Whether it is asked what was written down: read between the words, or in the company's."""
        sayings, plain = self.company.sayings, self.heard.plain
        if any(sayings.writes_down.search(normalise(one)) for one in pieces(self.heard.text)):
            return False  # 「你倒是给我登记呀」
        is_after = (self.before.registered or self.facts.get("open_ticket_number")) and sayings.asks_still.search(
            plain
        ) is not None
        return bool(is_after) or "asks_record" in self.reading.shades or sayings.asks_record.search(plain) is not None

    @property
    def takes_offer(self) -> bool:
        """Whether what we offered to register is wished: read between the words, or in the company's."""
        is_said = self.company.sayings.wants_record.search(self.heard.plain) is not None
        return is_said or "takes_offer" in self.reading.shades

    def leave_asked(self) -> None:
        """What was asked before this turn stays asked."""
        self.change(question=self.pending)

    def begin_form(self, name: str) -> None:
        """A form is under way from here on."""
        self.decided.form = name

    def end_form(self) -> None:
        """No form is under way any more; its slots are the caller's to empty."""
        self.decided.form = None
        self.change(form=None, kind=None)

    def put_aside(self, fields: Sequence[str]) -> None:
        """The form under way is suspended: what was told moves from the slots into the frame."""
        if self.form is None:
            return
        told = {name: self.slot(name) for name in (*fields, *STATE_SLOTS[:-1]) if self.slot(name) not in (None, "", [])}
        self.decided.frame = self.frame.pushing(self.form, told)
        self.clear([*(name for name in fields if name not in CUSTOMER_FIELDS), *STATE_SLOTS])
        self.end_form()

    async def stage(self, kind: str, payload: Json, form_run: str | None = None) -> Json:
        """Stage an effect; what was reserved for it."""
        return await stage(self.services, self.ref, kind, payload, form_run)

    def new_form_run(self) -> str:
        """Names one filling of a form. Made from the message, so that a repeated attempt makes the same."""
        return uuid5(NAMESPACE_OID, f"{self.ref.conversation_id}:{self.ref.message_id}").hex

    def stand(self) -> None:
        """Where the conversation stands now: what a form asks for, what was offered, and what was registered before."""
        self.decided.frame = self.frame.keeping(self.before.registered)
        if not self.frame.choices and self.decided.choices:
            self.change(choices=tuple(self.decided.choices[:MOST_CHOICES]))
        if self.form:
            asked = str(self.slot("requested_slot"))
            self.set(requested_slot=asked)  # a form that names no field to ask for counts as done for Rasa
            self.change(form=asked, kind=self.slot("kind"))

    def events(self) -> list[EventType]:
        """The decisions as Rasa's events; the next message is waited for."""
        self.stand()
        slots = {**self.decided.slots, FRAME: self.frame.to_json()}
        events: list[EventType] = [SlotSet(name, value) for name, value in slots.items()]
        if self.form != self.began_in:
            events.append(ActiveLoop(self.form))
        return [*events, FollowupAction(LISTEN)]


Handler = Callable[[Turn], Awaitable[None]]
