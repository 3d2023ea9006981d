"""The dialogue workers: who is up, whose turn it is, and what counts as a failure.

A worker that cannot be reached is starting or being restarted: the message waits for it, up to
`worker_wait`, and that is no failure. A turn that was begun and not answered well is one; it is tried
once more, on another worker where there is one.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx
import structlog

from helpdesk.errors import WorkerFailed
from helpdesk.request_id import HEADER, followed
from helpdesk.settings import Settings

log = structlog.get_logger(__name__)

TRIES = 2
PROBE_SECONDS = 0.25
HEALTH_LIMIT = 2.0
UNREACHABLE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Unreachable(WorkerFailed):
    """No connection to this worker: nothing was begun."""


@dataclass(frozen=True)
class WorkerAnswer:
    """What a worker made of an input: replies as it gives them, what it understood, the state after it."""

    replies: list[dict[str, Any]]
    understood: dict[str, Any] | None
    state: dict[str, Any]
    state_reset: bool = False


@dataclass(eq=False)
class Worker:
    """One worker's address and what we know of it."""

    url: str
    slots: asyncio.Semaphore
    up: asyncio.Event = field(default_factory=asyncio.Event)
    probe: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self.up.set()  # believed until a connection fails


class WorkerPool:
    """Round robin over the workers that answer."""

    def __init__(self, settings: Settings) -> None:
        token = settings.worker_token.get_secret_value()
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(None, connect=2.0),
            trust_env=False,
            verify=any(not url.startswith("http:") for url in settings.workers),  # reading certificates takes a while
        )
        self._limit = settings.turn_limit
        self._wait = settings.worker_wait
        self._actions = settings.actions_url
        self._workers = [Worker(url, asyncio.Semaphore(settings.worker_parallel)) for url in settings.workers]
        self._next = 0

    async def turn(self, body: dict[str, Any]) -> WorkerAnswer:
        """Ask for one turn, twice at most.

        Raises:
            WorkerFailed: both tries failed, or no worker could be reached in time.
        """
        failed: Worker | None = None
        for last in (False, True):
            worker, answer = await self._try(body, failed)
            if isinstance(answer, WorkerAnswer):
                return answer
            log.warning("worker_failed", worker=worker.url, error=str(answer), conversation=body["conversation"])
            if last:
                raise answer
            failed = worker
        raise AssertionError  # pragma: no cover

    async def _try(self, body: dict[str, Any], avoid: Worker | None) -> tuple[Worker, WorkerAnswer | WorkerFailed]:
        """One try on a worker that can be reached, waiting for one."""
        until = asyncio.get_running_loop().time() + self._wait
        while True:
            worker = await self._choose(avoid, until)
            try:
                return worker, await self._ask(worker, body)
            except Unreachable:
                self._mark_down(worker)
            except WorkerFailed as error:
                return worker, error

    async def _choose(self, avoid: Worker | None, until: float) -> Worker:
        """The next worker that is up; one that just failed only when there is no other."""
        candidates = [worker for worker in self._in_turn() if worker.up.is_set()]
        for worker in candidates:
            if worker is not avoid:
                return worker
        if candidates:
            return candidates[0]
        return await self._first_up(until)

    def _in_turn(self) -> list[Worker]:
        self._next = (self._next + 1) % len(self._workers)
        return self._workers[self._next :] + self._workers[: self._next]

    async def _first_up(self, until: float) -> Worker:
        waits = {asyncio.create_task(worker.up.wait()): worker for worker in self._workers}
        left = until - asyncio.get_running_loop().time()
        try:
            done, _ = await asyncio.wait(waits, timeout=max(left, 0), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waits:
                task.cancel()
        if not done:
            raise WorkerFailed(f"no worker could be reached within {self._wait} s")
        return waits[done.pop()]

    async def _ask(self, worker: Worker, body: dict[str, Any]) -> WorkerAnswer:
        async with worker.slots:
            if not worker.up.is_set():
                raise Unreachable(f"{worker.url} went down while the turn was waiting for it")
            try:
                async with asyncio.timeout(self._limit):
                    told = {**body, "actions": self._actions}
                    response = await self._client.post(f"{worker.url}/turn", json=told, headers=_named())
            except UNREACHABLE as error:
                raise Unreachable(f"{worker.url}: {error!r}") from error
            except httpx.TransportError as error:
                self._mark_down(worker)
                raise WorkerFailed(f"{worker.url}: {error!r}") from error
            except TimeoutError as error:
                raise WorkerFailed(f"{worker.url}: no answer within {self._limit} s") from error
        return _read(response)

    def _mark_down(self, worker: Worker) -> None:
        if worker.up.is_set():
            log.warning("worker_unreachable", worker=worker.url)
        worker.up.clear()
        if worker.probe is None or worker.probe.done():
            worker.probe = asyncio.create_task(self._probe(worker))

    async def _probe(self, worker: Worker) -> None:
        while not await self._is_healthy(worker):
            await asyncio.sleep(PROBE_SECONDS)
        log.info("worker_reachable", worker=worker.url)
        worker.up.set()

    async def _is_healthy(self, worker: Worker) -> bool:
        try:
            response = await self._client.get(f"{worker.url}/health", timeout=HEALTH_LIMIT)
        except httpx.TransportError:
            return False
        return response.status_code == httpx.codes.OK

    async def health(self) -> dict[str, bool]:
        """Which worker answers its health route, by address."""
        answers = await asyncio.gather(*(self._is_healthy(worker) for worker in self._workers))
        return {worker.url: answer for worker, answer in zip(self._workers, answers, strict=True)}

    async def close(self) -> None:
        """Stop probing and give back the connections."""
        probes = [worker.probe for worker in self._workers if worker.probe]
        for probe in probes:
            probe.cancel()
        await asyncio.gather(*probes, return_exceptions=True)
        await self._client.aclose()


def _named() -> dict[str, str]:
    """The request that the turn is done for, as the worker's log shall name it."""
    return {HEADER: followed()} if followed() else {}


def _read(response: httpx.Response) -> WorkerAnswer:
    """The worker's answer, checked: a turn without a reply is a failure.

    Raises:
        WorkerFailed: an error status, or a body of another shape.
    """
    if response.status_code != httpx.codes.OK:
        raise WorkerFailed(f"{response.request.url}: {response.status_code} {response.text[:500]}")
    try:
        body = response.json()
        answer = WorkerAnswer(
            replies=list(body["replies"]),
            understood=body.get("understood"),
            state=dict(body["state"]),
            state_reset=body.get("state_reset") is True,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise WorkerFailed(f"{response.request.url}: not a turn's answer: {error!r}") from error
    if not answer.replies:
        raise WorkerFailed(f"{response.request.url}: no reply")
    return answer
