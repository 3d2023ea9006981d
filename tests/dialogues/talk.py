"""A conversation as a transcript tells it: say or press, compare, and look at the rows in the end."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import func, select

from helpdesk.bus import Bus
from helpdesk.clock import ShiftedClock
from helpdesk.settings import Settings
from helpdesk.store.database import Database, UnitOfWork
from helpdesk.store.tables import Conversation, Draft, Identity, Message, Rating, Ticket, Unanswered
from helpdesk.testing import SHIFT, eventually, now
from helpdesk.usecases.conversations.receive import conversation_of
from helpdesk.usecases.conversations.sessions import request_start

Json = dict[str, Any]
CHANNEL = "rest"
FLAGGED = "bottom_line"
"""The category of internal tickets for a supervisor (company/red_lines.yml)."""
ROWS: Mapping[str, type[Any]] = {"tickets": Ticket, "unanswered": Unanswered, "ratings": Rating}
HIDDEN = re.compile(r"\{[a-z_]+\}|\bNone\b|\bTraceback\b|utter_")
"""What no customer may ever see: an unfilled field, a name of ours."""
CONFIRM = "confirm"
MOST_QUESTIONS = 20
FAILURE = ("处理出了问题", "没能处理好", "处理中断了")
"""Apologies of the service for a turn that failed; in a transcript they are always a mistake."""


@dataclass
class Town:
    """The running service, and how to reach it."""

    settings: Settings
    client: httpx.AsyncClient
    password: str
    logs: Sequence[Path]
    tokens: dict[str, str]

    async def staff(self, name: str = "agent") -> Staff:
        """A member of staff, signed in once."""
        if name not in self.tokens:
            response = await self.client.post("/api/session", json={"username": name, "password": self.password})
            response.raise_for_status()
            self.tokens[name] = response.json()["token"]
        return Staff(self.client, {"Authorization": f"Bearer {self.tokens[name]}"})

    async def rows(self, table: str, sender: str) -> list[Json]:
        """The rows of a customer, as they are in the database."""
        model = ROWS[table]
        query = select(model).join(Conversation, Conversation.id == model.conversation_id)
        query = query.join(Identity, Identity.id == Conversation.identity_id).where(Identity.sender == sender)
        async with self._database() as uow:
            found = await uow.session.execute(query.with_only_columns(*model.__table__.columns))
            return [dict(row) for row in found.mappings()]

    async def flags(self, sender: str) -> int:
        """How many internal tickets ask a supervisor to look at this customer's words."""
        query = select(func.count()).select_from(Ticket).where(Ticket.kind == "internal", Ticket.category == FLAGGED)
        query = query.join(Identity, Identity.customer_id == Ticket.customer_id).where(Identity.sender == sender)
        async with self._database() as uow:
            return int(await uow.session.scalar(query) or 0)

    async def state(self, sender: str) -> str:
        """Who answers the customer's next message."""
        query = select(Conversation.state).join(Identity, Identity.id == Conversation.identity_id)
        async with self._database() as uow:
            return str((await uow.session.execute(query.where(Identity.sender == sender))).scalar_one())

    async def age(self, sender: str, by: timedelta) -> None:
        """Let so much time pass for one customer: everything that was said and kept is that much older."""
        async with self._database() as uow:
            conversation = await conversation_of(uow, CHANNEL, sender)
            conversation.opened_at -= by
            conversation.last_customer_at = conversation.last_customer_at and conversation.last_customer_at - by
            conversation.closed_at = conversation.closed_at and conversation.closed_at - by
            for model in (Message, Draft):
                rows = await uow.session.scalars(select(model).where(model.conversation_id == conversation.id))
                for row in rows:
                    row.at -= by
            await uow.commit()

    async def start(self, sender: str, how: str) -> None:
        """Let the bot speak first: open, subscribe, return."""
        async with self._database() as uow:
            await request_start(uow, await conversation_of(uow, CHANNEL, sender), how)
            await uow.commit()

    @asynccontextmanager
    async def _database(self) -> AsyncIterator[UnitOfWork]:
        database = Database(self.settings.database_url, Bus(), ShiftedClock(SHIFT))
        try:
            async with database.write(now()) as uow:
                yield uow
        finally:
            await database.close()

    def log(self) -> str:
        """The ends of the processes' logs, for a failure's message."""
        return "\n".join(path.read_text("utf-8", errors="replace")[-1500:] for path in self.logs if path.exists())


@dataclass
class Staff:
    """A member of staff at work."""

    client: httpx.AsyncClient
    headers: dict[str, str]

    async def presence(self, state: str) -> None:
        await self._post("/api/presence", {"state": state})

    async def do(self, what: str, conversation_id: str, body: Json | None = None) -> None:
        """claim, messages, release, close."""
        await self._post(f"/api/conversations/{conversation_id}/{what}", body or {})

    async def move(self, number: str, action: str, note: str = "") -> None:
        """Move a ticket on; an answer has its cause and its corrective action."""
        body = {"action": action, "note": note, "cause": "零件", "corrective_action": "更换"}
        await self._post(f"/api/tickets/{number}/transitions", body)

    async def offer(self, number: str, amount: str, text: str) -> None:
        """Offer a compensation; what the role's limit does not allow at once is approved."""
        body = {"form": "money", "amount": amount, "text": text, "reason": "耽误使用"}
        answer = await self.client.post(f"/api/tickets/{number}/compensations", json=body, headers=self.headers)
        assert answer.status_code < 300, answer.text
        made = answer.json()["compensations"][-1]
        if made["state"] == "proposed":
            await self._post(f"/api/compensations/{made['id']}/decision", {"decision": "approve"})

    async def waiting(self, sender: str) -> Json:
        """The customer's place in the queue."""
        response = await self.client.get("/api/queue", headers=self.headers)
        response.raise_for_status()
        return next(one for one in response.json() if one["sender"] == sender)

    async def _post(self, path: str, body: Json) -> None:
        response = await self.client.post(path, json=body, headers=self.headers)
        assert response.status_code < 300, f"{path}: {response.status_code} {response.text}"


@dataclass
class Talk:
    """One customer's conversation."""

    town: Town
    sender: str = field(default_factory=lambda: f"dialogue-{uuid4().hex[:12]}")
    buttons: dict[str, str] = field(default_factory=dict)
    choices: list[str] = field(default_factory=list)
    memory: dict[str, str] = field(default_factory=dict)
    last_id: str = ""
    asked: Asked = field(default_factory=lambda: Asked())

    async def say(self, text: str, corrects: Sequence[str] = ()) -> list[Json]:
        """What comes back to a message; `[标题]` presses the button of that title, `#2` the second choice.

        Whatever is said, nothing that has been answered is asked again unless the message `corrects` it (B1).
        """
        replies = await self.send(self._meant(text))
        self.asked.note(replies, text, corrects)
        return replies

    def _meant(self, text: str) -> str:
        if pressed := re.fullmatch(r"\[(.+)\]", text):
            return self.buttons[pressed.group(1)]
        if chosen := re.fullmatch(r"#(\d+)", text):
            return self.choices[int(chosen.group(1)) - 1]
        return text.replace("{ticket}", self.memory.get("ticket", ""))

    def known(self, expect: Json) -> Json:
        """What a step expects, with the number of the customer's ticket where it says {ticket}."""
        number = self.memory.get("ticket", "TS")
        return {name: _filled(value, number) for name, value in expect.items()}

    async def fill(self, answers: Mapping[str, str], until: str) -> list[Json]:
        """Answer whatever is asked until a field or the read-back (`confirm`) is; the last replies."""
        replies: list[Json] = []
        for _ in range(MOST_QUESTIONS):
            pending = self.asked.pending
            if pending in (None, until):
                break
            assert pending in answers, f"{pending} is asked, and no answer is given"
            replies = await self.say(answers[pending])
            assert replies, f"silence after {answers[pending]}"
            check(replies, {}, answers[pending])
            assert self.asked.pending is not None, f"nothing is asked after {answers[pending]}: {replies}"
        assert self.asked.pending == until, f"{self.asked.pending} is asked, not {until}"
        return replies

    async def send(self, text: str) -> list[Json]:
        """Send as it is."""
        body = {"sender": self.sender, "message": text, "message_id": uuid4().hex}
        headers = {"Authorization": f"Bearer {self.town.settings.rest_token.get_secret_value()}"}
        response = await self.town.client.post("/webhooks/rest/webhook", json=body, headers=headers)
        assert response.status_code == 200, f"{text}: {response.status_code} {response.text}"
        replies: list[Json] = response.json()
        self._remember(replies)
        return replies

    async def told(self, words: str = "") -> list[Json]:
        """What the customer was told since the last look, by whomever; waits until `words` were among it."""
        page: list[Json] = []

        async def came() -> bool:
            page.extend(await self._page())
            return any(re.search(words, one.get("text") or "") for one in page) or not words

        await eventually(came, f"the customer is told {words}")
        return page

    async def _page(self) -> list[Json]:
        headers = {"Authorization": f"Bearer {self.town.settings.rest_token.get_secret_value()}"}
        query = {"sender": self.sender, "after": self.last_id}
        response = await self.town.client.get("/webhooks/rest/messages", params=query, headers=headers)
        response.raise_for_status()
        page: list[Json] = response.json()
        self.last_id = page[-1]["id"] if page else self.last_id
        self._remember(page)
        return page

    def _remember(self, replies: Sequence[Json]) -> None:
        choices = [one["payload"] for reply in replies for one in reply.get("buttons") or ()]
        self.choices = choices or self.choices
        for reply in replies:
            self.buttons.update({one["title"]: one["payload"] for one in reply.get("buttons") or ()})
            custom = reply.get("custom") or {}
            if custom.get("kind") == "ticket_opened":
                self.memory["ticket"] = custom["number"]


ALWAYS_KNOWN = frozenset({"name", "phone", "email", "wechat"})
"""What one matter's form has learnt the next one's does not ask."""


@dataclass
class Asked:
    """What a customer was asked and has answered; fails when something answered is asked again (B1)."""

    pending: str | None = None
    answered: set[str] = field(default_factory=set)
    form: str | None = None

    def note(self, replies: Sequence[Json], said: str, corrects: Sequence[str]) -> None:
        """Take in what came back to a message."""
        customs = [reply["custom"] for reply in replies if reply.get("custom")]
        self.answered -= set(corrects)
        if any(custom["kind"] == "ticket_opened" for custom in customs):
            self._other_matter()
        asked = [custom for custom in customs if custom["kind"] == "form"]
        if asked and self.form and asked[-1]["form"] != self.form:
            self._other_matter()
        now = self._field(asked[-1]) if asked else None
        if self.pending not in (None, CONFIRM, now) and asked and not corrects:
            self.answered.add(str(self.pending))
        assert now not in self.answered, f"{now} was answered before and is asked again after: {said}"
        self.form = asked[-1]["form"] if asked else self.form
        self.pending = now

    def _other_matter(self) -> None:
        self.answered &= ALWAYS_KNOWN
        self.pending = None

    @staticmethod
    def _field(custom: Json) -> str:
        return CONFIRM if custom["state"] == "confirm" else str(custom["field"])


def check(replies: Sequence[Json], expect: Json, said: str) -> None:
    """Compare what came back with what a step expects."""
    text = "\n".join(reply.get("text") or "" for reply in replies)
    customs = [reply["custom"] for reply in replies if reply.get("custom")]
    shown = f"\nsaid: {said}\ncame: {text}\ncustom: {customs}"
    assert not HIDDEN.search(text), f"something of ours was shown{shown}"
    assert not any(words in text for words in FAILURE), f"the turn failed{shown}"
    _check_words(text, expect, shown)
    _check_facts(customs, expect, shown)
    for title in expect.get("buttons") or ():
        assert any(b["title"] == title for r in replies for b in r.get("buttons") or ()), f"no button {title}{shown}"


def _check_words(text: str, expect: Json, shown: str) -> None:
    for words in _listed(expect.get("says")):
        assert any(one in text for one in words.split("|")), f"{words} was not said{shown}"
    for words in _listed(expect.get("never")):
        assert words not in text, f"{words} was said{shown}"
    order = _listed(expect.get("in_order"))
    places = [text.find(words) for words in order]
    assert -1 not in places, f"{order} were not all said{shown}"
    assert places == sorted(places), f"{order} came in another order{shown}"


def _check_facts(customs: Sequence[Json], expect: Json, shown: str) -> None:
    kinds = [custom["kind"] for custom in customs]
    for kind in _listed(expect.get("kinds")):
        assert kind in kinds, f"no {kind}{shown}"
    for kind in _listed(expect.get("no_kinds")):
        assert kind not in kinds, f"{kind} came{shown}"
    pending = [custom for custom in customs if custom["kind"] == "form"]
    if "asks" in expect:
        assert pending, f"nothing is asked{shown}"
        assert pending[-1]["field"] == expect["asks"], f"another field is asked{shown}"
    for field_name in _listed(expect.get("asks_not")):
        assert all(custom["field"] != field_name for custom in pending), f"{field_name} is asked{shown}"
    if "faq" in expect:
        found = [custom.get("faq_id") for custom in customs if custom["kind"] == "faq_answer"]
        assert expect["faq"] in found, f"not answered by {expect['faq']}{shown}"
    if "handoff" in expect:
        assert expect["handoff"] in [c.get("state") for c in customs if c["kind"] == "handoff"], shown


def _filled(value: Any, number: str) -> Any:
    if isinstance(value, list):
        return [_filled(one, number) for one in value]
    return value.replace("{ticket}", number) if isinstance(value, str) else value


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return list(map(str, value)) if isinstance(value, list) else [str(value)]


def fits(row: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether a row has these values; a nested mapping compares only what it names, a list its alternatives."""
    for name, value in wanted.items():
        found = row.get(name)
        if isinstance(value, Mapping):
            if not isinstance(found, Mapping) or not fits(found, value):
                return False
        elif isinstance(value, str) and value.startswith("~"):
            if value[1:] not in str(found):
                return False
        elif found != value:
            return False
    return True
