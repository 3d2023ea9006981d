"""Playing a conversation: its steps one after the other, going on whatever fails."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx

from tests.support.cases.checks import (
    Evidence,
    alternatives,
    holds,
    is_later,
    unasked,
    wants_desk,
)
from tests.support.cases.choices import Choice, chosen, is_kept
from tests.support.cases.customer import CONFIRM, Customer, Json, asked
from tests.support.cases.desk import WITH_PEOPLE, Desk
from tests.support.cases.script import Conversation, Step
from tests.support.cases.values import PLAIN, YES, Drawn

AT_ONCE = 8
MOST_ANSWERS = 20
MOST_REPLIES = 9
"""What `agree` may take."""
MOST_ASKED = 2
MOST_UNASKED = 2
"""So often in a row a customer who wants a ticket says yes to nothing that is asked."""


@dataclass
class Exchange:
    """What was said, and what came."""

    said: str
    replies: Sequence[Json]


@dataclass
class PlayedStep:
    """A step as it went."""

    step: Step
    exchanges: list[Exchange] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def counts(self) -> bool:
        """Whether it is one of the steps that are right or wrong: it expects something, or something failed."""
        return bool(self.step.expect or self.failures)


@dataclass
class Played:
    """A conversation as it went."""

    script: Conversation
    steps: list[PlayedStep] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        """Whether nothing failed."""
        return not any(step.failures for step in self.steps)


@dataclass(frozen=True)
class Waiting:
    """A check that the finished ticket will decide."""

    check: str
    step: PlayedStep
    choice: Choice | None


async def play_all(scripts: Sequence[Conversation], client: httpx.AsyncClient, token: str, desk: Desk) -> list[Played]:
    """Play conversations, some at a time, each with a customer of its own."""
    lanes = asyncio.Semaphore(AT_ONCE)

    async def one(script: Conversation) -> Played:
        async with lanes:
            return await Player(script, Customer(client, token), desk).play()

    await desk.presence("online")
    try:
        return list(await asyncio.gather(*map(one, scripts)))
    finally:
        await desk.presence("away")


class Player:
    """Plays one conversation."""

    def __init__(self, script: Conversation, customer: Customer, desk: Desk) -> None:
        self._played = Played(script)
        self._customer = customer
        self._desk = desk
        self._drawn = Drawn()
        self._noask: set[str] = set()
        self._waiting: list[Waiting] = []
        self._finished = 0
        """So many of the customer's tickets were looked at by a `finish`."""
        self._has_place = False

    async def play(self) -> Played:
        """Every step; what cannot be reached is that step's failure."""
        try:
            for step in self._played.script.steps:
                await self._step(step)
            for waiting in self._waiting:
                waiting.step.failures.append(waiting.check)
        finally:
            await self._tidy()
        return self._played

    async def _step(self, step: Step) -> None:
        played = PlayedStep(step)
        self._played.steps.append(played)
        kinds = {"say": self._say, "finish": self._finish, "agree": self._agree, "staff": self._staff}
        try:
            if step.kind in kinds:
                await kinds[step.kind](played)
            if step.kind != "agree":
                await self._expect(played)
        except (httpx.HTTPError, TimeoutError) as error:
            played.failures.append(f"{type(error).__name__}: {error}")

    # ------------------------------------------------------------------ the kinds of steps

    async def _say(self, played: PlayedStep) -> None:
        self._noask |= unasked(played.step.expect)
        self._defer(played)
        await self._send(self._drawn.fill(str(played.step.given)), played)

    async def _finish(self, played: PlayedStep) -> None:
        self._noask |= unasked(played.step.expect)
        self._defer(played)
        await self._answer_all(played)
        self._finished = len(self._customer.tickets)
        self._noask.clear()
        await self._settle()

    async def _answer_all(self, played: PlayedStep) -> None:
        times: Counter[str] = Counter()
        idle = 0
        while not self._is_finished():
            pending = self._customer.pending
            idle = 0 if pending else idle + 1
            times[pending or ""] += bool(pending)
            if idle > MOST_UNASKED or len(played.exchanges) == MOST_ANSWERS:
                played.failures.append("no ticket is opened")
                return
            if times[pending or ""] > MOST_ASKED:
                played.failures.append(f"{pending} is asked a third time")
                return
            await self._send(self._answer(played.step, pending), played)

    def _is_finished(self) -> bool:
        return len(self._customer.tickets) > self._finished and self._customer.pending is None

    async def _agree(self, played: PlayedStep) -> None:
        self._noask |= unasked(played.step.expect)
        for _ in range(MOST_REPLIES):
            if not await self._broken(played.step.expect):
                return
            pending = self._customer.pending
            words = YES if pending == CONFIRM else self._answer(played.step, pending)
            await self._send(words, played)
        played.failures += await self._broken(played.step.expect)

    async def _staff(self, played: PlayedStep) -> None:
        await self._customer.catch_up()
        what, sender = str(played.step.given), self._customer.sender
        if what == "claim":
            await self._take()
        elif what == "close":
            await self._desk.close(sender)
        else:
            await self._desk.write(sender, self._drawn.fill(what))
        await self._customer.listen()

    async def _take(self) -> None:
        if not self._has_place:
            await self._desk.places.acquire()
            self._has_place = True
        await self._desk.claim(self._customer.sender)

    async def _tidy(self) -> None:
        """Leave nobody in the queue or with a person: others are served by the same staff."""
        try:
            state = (await self._desk.look(self._customer.sender)).state
            if state == "waiting":
                await self._take()
            if state in WITH_PEOPLE:
                await self._desk.close(self._customer.sender)
        except httpx.HTTPError:
            return  # the conversation has already failed, or has ended by itself
        finally:
            if self._has_place:
                self._desk.places.release()

    # ------------------------------------------------------------------ saying and looking

    def _answer(self, step: Step, pending: str | None) -> str:
        """What the customer says to what is asked."""
        if pending == CONFIRM:
            return self._customer.submit()
        if pending is None:
            return YES
        return self._drawn.fill(step.answers.get(pending) or PLAIN.get(pending, "不清楚"))

    async def _send(self, text: str, played: PlayedStep) -> None:
        replies = await self._customer.say(text)
        played.exchanges.append(Exchange(text, replies))
        if self._customer.tickets:
            self._drawn.number = self._customer.tickets[-1]
        if not replies and not await self._is_with_people():
            played.failures.append("silence")
        played.failures += [f"{name} is asked" for name in asked(replies) if name in self._noask]

    async def _is_with_people(self) -> bool:
        if self._customer.was_handed_over:
            return True
        return (await self._desk.look(self._customer.sender)).state in WITH_PEOPLE

    async def _expect(self, played: PlayedStep) -> None:
        now = [check for check in played.step.expect if not is_later(check)]
        played.failures += await self._broken(now)

    async def _broken(self, checks: Sequence[str]) -> list[str]:
        """The checks that do not hold now."""
        evidence = await self._evidence(checks)
        return [check for check in checks if not holds(self._drawn.fill(check), evidence)]

    async def _evidence(self, checks: Sequence[str]) -> Evidence:
        customer = self._customer
        desk = await self._desk.look(customer.sender) if wants_desk(checks) else None
        return Evidence(customer.last, customer.told, desk)

    # ------------------------------------------------------------------ checks that wait for the ticket

    def _defer(self, played: PlayedStep) -> None:
        """Before it is said: the choice is one of the question before."""
        for check in filter(is_later, played.step.expect):
            self._waiting.append(Waiting(check, played, chosen(check, self._customer)))

    async def _settle(self) -> None:
        if not self._waiting:
            return
        seen = await self._desk.look(self._customer.sender)
        for waiting in self._waiting:
            filled = alternatives(self._drawn.fill(waiting.check))
            if not any(is_kept(one, waiting.choice, seen) for one in filled):
                waiting.step.failures.append(waiting.check)
        self._waiting.clear()
