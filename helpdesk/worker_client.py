"""The dialogue workers: who is up, whose turn it is, and what counts as a failure.

A worker that cannot be reached is starting or being restarted: the message waits for it, up to
`worker_wait`, and that is no failure. A turn that was begun and not answered well is one; it is tried
once more, on another worker where there is one. Who hangs is put aside (breaker.py), and what it was asked is asked
of another at once. Each turn says where its actions run: at this service, whichever others there are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextvars import Context
from dataclasses import dataclass
from typing import Any

import structlog

from helpdesk.background import after
from helpdesk.breaker import FAILURES, Worker, slow_limit
from helpdesk.errors import WorkerFailed
from helpdesk.settings import Settings
from helpdesk.worker_line import Broken, Unreachable, WorkerLine

log = structlog.get_logger(__name__)

PROBE_SECONDS, PROBE_AT_MOST = 0.25, 5.0
BEAT_SECONDS = 1.0
HEALTH_LIMIT = 2.0  # of a worker that is not up
ALIVE_LIMIT = 1.0  # of one that is, and that others could replace
PROBE: dict[str, Any] = {
    "conversation": "probe",
    "message_id": "probe:0",
    "state": None,
    "facts": {"hours": "open", "channel": "rest"},
    "input": {"text": "您好"},
}
"""A turn of nobody's conversation: read, decided by an action, answered, and kept nowhere."""


@dataclass(frozen=True)
class WorkerAnswer:
    """What a worker made of an input: replies as it gives them, what it understood, the state after it."""

    replies: list[dict[str, Any]]
    understood: dict[str, Any] | None
    state: dict[str, Any]
    state_reset: bool = False


class WorkerPool:
    """Whoever has least to do among the workers that answer, in turn."""

    def __init__(self, settings: Settings) -> None:
        self._line = WorkerLine(settings.worker_token.get_secret_value())
        self._limit = settings.turn_limit
        self._wait = settings.worker_wait
        self._actions = settings.actions_url
        self._workers = [Worker(url, asyncio.Semaphore(settings.worker_parallel)) for url in settings.workers]
        self._next = 0
        self._beating: asyncio.Task[None] | None = None

    # ---------------------------------------------------------------- turns

    async def turn(self, body: dict[str, Any]) -> WorkerAnswer:
        """Ask for one turn, twice at most.

        Raises:
            WorkerFailed: both tries failed, or no worker could be reached in time.
        """
        self._keep_looking()
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
            except Unreachable as error:
                self._put_aside(worker, str(error))
            except WorkerFailed as error:
                self._failed(worker, error)
                return worker, error

    async def _choose(self, avoid: Worker | None, until: float) -> Worker:
        """The worker with least to do among those that are up; one that just failed only when there is no other."""
        candidates = [worker for worker in self._in_turn() if worker.up.is_set()]
        if not candidates:
            return await self._first_up(until)
        preferred = [worker for worker in candidates if worker is not avoid] or candidates
        return min(preferred, key=lambda worker: worker.under_way)

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
            raise WorkerFailed(why=f"no worker could be reached within {self._wait} s")
        return waits[done.pop()]

    async def _ask(self, worker: Worker, body: dict[str, Any]) -> WorkerAnswer:
        worker.under_way += 1
        try:
            async with worker.slots:
                if not worker.up.is_set():
                    raise Unreachable(why=f"{worker.url} was put aside while the turn was waiting for it")
                began = asyncio.get_running_loop().time()
                answer = _read(worker.url, await self._posted(worker, body))
        finally:
            worker.under_way -= 1
        worker.answered(asyncio.get_running_loop().time() - began)
        self._compare(worker)
        return answer

    async def _posted(self, worker: Worker, body: dict[str, Any]) -> dict[str, Any]:
        """What is answered, unless the worker is found to hang meanwhile.

        Raises:
            Unreachable, WorkerFailed.
        """
        hangs = False

        async def look_after() -> None:
            nonlocal hangs
            await self._look_after(worker)
            hangs = True
            limit.reschedule(0)

        try:
            async with asyncio.timeout(self._limit) as limit, after(worker.patience, look_after) as look:
                with worker.telling(look):
                    return await self._post(worker, body)
        except TimeoutError:
            if hangs:
                raise Unreachable(why=f"{worker.url} hangs") from None
            raise WorkerFailed(why=f"{worker.url}: no answer within {self._limit} s") from None

    async def _post(self, worker: Worker, body: dict[str, Any]) -> dict[str, Any]:
        try:
            return await self._line.post(f"{worker.url}/turn", {**body, "actions": self._actions})
        except Broken as error:
            self._put_aside(worker, str(error))
            raise

    # ---------------------------------------------------------------- who is put aside

    async def _look_after(self, worker: Worker) -> None:
        """Until it has to be given up while it is at a turn: begun when that takes long, or when it is put aside."""
        while True:
            is_aside = worker.aside.is_set()
            if self._others(worker) and (is_aside or not await self._is_healthy(worker, ALIVE_LIMIT)):
                return
            if is_aside:
                await asyncio.sleep(PROBE_SECONDS)
            else:
                await worker.is_put_aside(within=worker.patience)

    def _others(self, worker: Worker) -> list[Worker]:
        """Who could do its work."""
        return [one for one in self._workers if one is not worker and one.up.is_set()]

    def _failed(self, worker: Worker, error: WorkerFailed) -> None:
        worker.failures += 1
        if worker.failures >= FAILURES and self._others(worker):
            self._put_aside(worker, str(error))

    def _compare(self, worker: Worker) -> None:
        """Put it aside when it is far slower than the others."""
        if worker.up.is_set() and worker.usual > slow_limit(self._others(worker)):
            self._put_aside(worker, f"a turn takes {worker.usual:.1f} s there")

    def _put_aside(self, worker: Worker, why: str) -> None:
        if worker.up.is_set():
            log.warning("worker_put_aside", worker=worker.url, why=why)
        worker.put_aside()
        if worker.probe is None or worker.probe.done():
            worker.probe = _apart(self._probe(worker))

    async def _probe(self, worker: Worker) -> None:
        """Until a real turn is answered there, no slower than elsewhere; with no elsewhere left, until it lives."""
        pause = PROBE_SECONDS
        while True:
            if await self._is_healthy(worker):
                took = await self._real_turn(worker) if self._others(worker) else 0.0
                if took <= slow_limit(self._others(worker)):
                    break
                pause = min(2 * pause, PROBE_AT_MOST)
            await asyncio.sleep(pause)
        log.info("worker_back", worker=worker.url, seconds=round(took, 3))
        worker.bring_back(took)

    async def _real_turn(self, worker: Worker) -> float:
        """Seconds that a turn takes there; infinity when it fails."""
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(self._limit):
                _read(worker.url, await self._line.post(f"{worker.url}/turn", {**PROBE, "actions": self._actions}))
        except (WorkerFailed, TimeoutError) as error:
            log.info("worker_probe_failed", worker=worker.url, error=str(error) or type(error).__name__)
            return float("inf")
        return asyncio.get_running_loop().time() - began

    def _keep_looking(self) -> None:
        """From the first turn on; with one worker there is nothing to decide."""
        if self._beating is None and len(self._workers) > 1:
            self._beating = _apart(self._beat())

    async def _beat(self) -> None:
        while True:
            await asyncio.gather(*(self._look_at(worker) for worker in self._workers if worker.up.is_set()))
            await asyncio.sleep(BEAT_SECONDS)

    async def _look_at(self, worker: Worker) -> None:
        if not await self._is_healthy(worker, ALIVE_LIMIT) and self._others(worker):
            self._put_aside(worker, "it answers no health call")

    async def _is_healthy(self, worker: Worker, limit: float = HEALTH_LIMIT) -> bool:
        return await self._line.is_ok(f"{worker.url}/health", limit)

    async def health(self) -> dict[str, bool]:
        """Which worker answers and is not put aside, by address."""
        answers = await asyncio.gather(*(self._is_healthy(worker) for worker in self._workers))
        pairs = zip(self._workers, answers, strict=True)
        return {worker.url: answer and not worker.aside.is_set() for worker, answer in pairs}

    async def close(self) -> None:
        """Stop looking and probing, and give back the connections."""
        tasks = [task for task in (self._beating, *(worker.probe for worker in self._workers)) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._line.close()


def _apart(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """A task that belongs to no turn, although one sets it going: its lines in the log carry nobody's ids."""
    return asyncio.create_task(work, context=Context())


def _read(worker: str, body: dict[str, Any]) -> WorkerAnswer:
    """The worker's answer, checked: a turn without a reply is a failure.

    Raises:
        WorkerFailed: a body of another shape.
    """
    try:
        answer = WorkerAnswer(
            replies=list(body["replies"]),
            understood=body.get("understood"),
            state=dict(body["state"]),
            state_reset=body.get("state_reset") is True,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise WorkerFailed(why=f"{worker}: not a turn's answer: {error!r}") from error
    if not answer.replies:
        raise WorkerFailed(why=f"{worker}: no reply")
    return answer
