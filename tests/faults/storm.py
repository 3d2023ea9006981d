"""Half an hour of bad weather under load, and a ledger of every message.

    python tests/faults/storm.py [minutes] [customers] [postgres | redis | sqlite] [seed]

Two services and two workers (one service on SQLite) while processes are killed and frozen, the database or Redis is
ended, and the disk is full, one or two of these at a time, at random; with 0 minutes each of them once, in haste.
Afterwards every message has been stored once and answered once, every complaint has one ticket and its letters once,
and nobody was told of an error but 「not now」.
"""

from __future__ import annotations

import asyncio
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from helpdesk.settings import Settings
from helpdesk.store.migrate import migrate
from helpdesk.testing import Process, RestClient, eventually, free_port, settings_for, worker_process
from tests.faults.crowd import Customer, check_ledger
from tests.faults.weather import Disk, Postgres, children, own_disks, send
from tests.support.nursery import forked_service
from tests.support.redis_server import RedisServer, program

MINUTES, CUSTOMERS, KIND = 30.0, 60, "postgres"
DISK_MB = 400
PATIENCE = 600.0  # seconds until everything is up again and customers are answered
HONEST = {200, 202, 429, 503}
"""What a customer's program may be told: taken, taken and answered later, slower please, not now."""

Harm = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Pace:
    """How long a harm lasts at most and how long a customer thinks, in seconds; answers between two harms."""

    harm: float
    thinking: float
    between: int


AT_LEISURE = Pace(harm=12.0, thinking=12.0, between=15)
IN_HASTE = Pace(harm=2.0, thinking=1.0, between=5)
"""Of the suite's storm: the same with less waiting."""


@dataclass
class Land:
    """An installation, its customers, and what was done to it."""

    services: list[Process]
    workers: list[Process]
    settings: Settings
    disk: Disk
    chance: random.Random
    pace: Pace
    postgres: Postgres | None = None
    redis: RedisServer | None = None
    customers: list[Customer] = field(default_factory=list)
    answers: int = 0
    done: Counter[str] = field(default_factory=Counter)
    ended: list[str] = field(default_factory=list)

    def answered(self) -> None:
        """One more message got its answer."""
        self.answers += 1

    # ---------------------------------------------------------------- harms

    def harms(self) -> dict[str, Harm]:
        """What may be done, by name."""
        made: dict[str, Harm] = {
            "service killed": lambda: self._kill(self.services),
            "worker killed": lambda: self._kill(self.workers),
            "service frozen": lambda: self._freeze(self.services),
            "worker frozen": lambda: self._freeze(self.workers),
        }
        if self.postgres:
            made |= {"database killed": self._end_database, "database frozen": self._freeze_database}
        if self.redis:
            made["redis killed"] = self._end_redis
        if self.disk.is_own:
            made["disk full"] = self._fill_disk
        return made

    async def _a_while(self) -> None:
        await asyncio.sleep(self.chance.uniform(0.5, self.pace.harm))

    async def _kill(self, among: list[Process]) -> None:
        victim = self.chance.choice(among)
        victim.kill()
        await asyncio.sleep(self.chance.uniform(0, 2))
        victim.start()

    async def _freeze(self, among: list[Process]) -> None:
        victim = self.chance.choice(among).running
        assert victim is not None
        victim.send_signal(signal.SIGSTOP)
        await self._a_while()
        victim.send_signal(signal.SIGCONT)

    async def _end_database(self) -> None:
        assert self.postgres is not None
        self.postgres.kill()
        await self._a_while()
        self.postgres.start()

    async def _freeze_database(self) -> None:
        assert self.postgres is not None
        everyone = [self.postgres.pid, *children(self.postgres.pid)]
        send(everyone, signal.SIGSTOP)
        await self._a_while()
        send(everyone, signal.SIGCONT)

    async def _end_redis(self) -> None:
        assert self.redis is not None
        self.redis.stop()
        await self._a_while()
        await asyncio.to_thread(self.redis.start)

    async def _fill_disk(self) -> None:
        await asyncio.to_thread(self.disk.fill)
        await self._a_while()
        self.disk.empty()

    # ---------------------------------------------------------------- its life

    def at_random(self, minutes: float) -> Iterator[list[str]]:
        """One or two harms at a time, for so long."""
        until = time.monotonic() + 60 * minutes
        while time.monotonic() < until:
            names = self.chance.sample(sorted(self.harms()), self.chance.choice((1, 1, 2)))
            gone = {"database killed", "database frozen"} <= set(names)  # the frozen one is not there any more
            yield names[:1] if gone else names

    def each_once(self) -> Iterator[list[str]]:
        """Every harm there is, alone."""
        yield from ([name] for name in sorted(self.harms()))

    async def rage(self, plan: Iterable[list[str]]) -> None:
        """Harm after harm; between two everything stands again and customers are answered."""
        for names in plan:
            await self._progress()
            await asyncio.gather(*(self.harms()[name]() for name in names))
            self.done.update(names)
            await self.heal()
            print(f"{time.monotonic():.0f} s: {' + '.join(names)}; {self.answers} answers", flush=True)

    async def heal(self) -> None:
        """Wait until all is up; a database that ended itself is started by whoever looks after it."""
        if self.postgres:
            await eventually(self._database_is_up, "the database answers", PATIENCE)
        await eventually(self._all_ready, "every service says that it is ready", PATIENCE)

    async def _database_is_up(self) -> bool:
        assert self.postgres is not None
        if not self.postgres.is_running:
            self.done["database ended itself"] += 1
            self.postgres.start()
        return await asyncio.to_thread(self.postgres.answers)

    async def _all_ready(self) -> bool:
        for process in (*self.services, *self.workers):
            if process.running is None or process.running.poll() is not None:
                self.ended.append(f"{process.name}: {process.tail(600)}")
                process.start()
        found = await asyncio.gather(*(one.client.is_ready() for one in self.customers[: len(self.services)]))
        return all(found)

    async def _progress(self) -> None:
        goal = self.answers + self.pace.between

        async def has_progressed() -> bool:
            return self.answers >= goal

        await eventually(has_progressed, f"{self.pace.between} more answers", PATIENCE)

    async def storm(self, plan: Iterable[list[str]]) -> None:
        """From the first start to the ledger."""
        try:
            await self.heal()
            await self.live(plan)
            await self.heal()
            await check_ledger(self.settings.database_url, self.customers)
        finally:
            await asyncio.gather(*(one.client.close() for one in self.customers))

    async def live(self, plan: Iterable[list[str]]) -> None:
        """Everybody complains and goes on talking while it rages."""
        raging = asyncio.create_task(self.rage(plan))
        try:
            await asyncio.gather(*(one.live(raging, self.answered) for one in self.customers), raging)
        finally:
            raging.cancel()


def built(kind: str, folder: Path, customers: int, chance: random.Random, pace: Pace, stack: ExitStack) -> Land:
    """A land of one kind, not started yet."""
    disk = Disk(folder / "disk", DISK_MB)
    disk.mount()
    stack.callback(disk.unmount)
    postgres, redis = _stores(kind, disk, stack)
    url = postgres.url if postgres else f"sqlite+aiosqlite:///{disk.folder / 'helpdesk.db'}"
    migrate(url)
    ports = [free_port(), free_port()]
    shared = settings_for(
        url,
        workers=tuple(f"http://127.0.0.1:{port}" for port in ports),
        var_dir=folder,
        claim_seconds=6.0,
        recover_every=1.0,
        worker_wait=120.0,
        redis_url=SecretStr(redis.url if redis else ""),
    )
    all_settings = [shared.model_copy(update=_ports()) for _ in range(2 if postgres else 1)]
    services = [forked_service(one, folder) for one in all_settings]
    workers = [worker_process(all_settings[0], folder, port) for port in ports]
    crowd = [_customer(all_settings[n % len(all_settings)], n, pace) for n in range(customers)]
    return Land(services, workers, shared, disk, chance, pace, postgres, redis, crowd)


def _ports() -> dict[str, int]:
    return {"port": free_port(), "internal_port": free_port()}


def _customer(settings: Settings, number: int, pace: Pace) -> Customer:
    client = RestClient(f"http://127.0.0.1:{settings.port}", "rest-token", f"customer-{number}")
    return Customer(client, f"138{number:08}", pace.thinking)


def _stores(kind: str, disk: Disk, stack: ExitStack) -> tuple[Postgres | None, RedisServer | None]:
    if kind == "sqlite":
        return None, None
    postgres = Postgres(disk)
    postgres.make()
    postgres.start()
    stack.callback(postgres.kill)
    until = time.monotonic() + PATIENCE
    while not postgres.answers():
        assert time.monotonic() < until, postgres.process.tail()
        time.sleep(0.1)
    if kind != "redis":
        return postgres, None
    command = program()
    assert command, "no Redis here"
    redis = RedisServer(command)
    redis.start()
    stack.callback(redis.close)
    return postgres, redis


def weather(kind: str, minutes: float, customers: int, seed: int) -> None:
    """Build, storm, and check.

    Raises:
        AssertionError: something was lost, was done twice, ended by itself, or told a customer of a crash.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sansheng-storm-")))
        folder.chmod(0o711)  # the database server has a user of its own
        pace = AT_LEISURE if minutes else IN_HASTE
        land = built(kind, folder, customers, random.Random(seed), pace, stack)
        for process in (*land.workers, *land.services):
            process.start()
            stack.callback(process.stop)
        asyncio.run(land.storm(land.at_random(minutes) if minutes else land.each_once()))
    told = sum((one.client.statuses for one in land.customers), Counter())
    print(f"{land.answers} messages; {dict(land.done)}; statuses {dict(told)}; ended {land.ended}", flush=True)
    assert set(told) <= HONEST
    assert not land.ended


def main(minutes: float = MINUTES, customers: int = CUSTOMERS, kind: str = KIND, seed: int | None = None) -> None:
    """One storm; the seed is printed."""
    own_disks()
    seed = random.SystemRandom().randrange(10**6) if seed is None else seed
    print(f"{kind}, {minutes} minutes, {customers} customers, seed {seed}", flush=True)
    weather(kind, minutes, customers, seed)
    print("nothing lost, nothing twice", flush=True)


if __name__ == "__main__":
    read: tuple[Callable[[str], float | int | str], ...] = (float, int, str, int)
    main(*(kind(given) for kind, given in zip(read, sys.argv[1:], strict=False)))  # type: ignore[arg-type]
