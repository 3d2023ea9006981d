"""Keeping programs running: restart with growing pauses and of what hangs, output with a name in front, an orderly end.

It ends only what it started. Each program leads its own process group, so Ctrl-C reaches the supervisor alone, and
asks the kernel to be killed with it, so nothing is left behind when the supervisor itself is killed with -9.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Awaitable, Callable, Mapping, Sequence

from tools.errors import ToolError
from tools.processes import die_with_parent

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0
STEADY_S = 10.0  # who ran this long starts again with the shortest pause
HOPELESS = 5  # quick ends in a row, before anything was ever ready, after which we give up
GRACE_S = 7.0  # between being asked to end and being killed
CHUNK_BYTES = 65536
ASK_EVERY_S = 2.5  # a program that can be asked whether it is alive
MISSES = 4  # unanswered calls in a row, after which it hangs
ASK_LIMIT_S = 2.5  # for one of them: a hung program is found within 20 seconds

Say = Callable[[bytes], None]
Alive = Callable[[], Awaitable[bool]]


@dataclass(frozen=True)
class Program:
    """What to keep running; `name` goes in front of each line of its output. `alive`: one health call."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    cwd: Path
    alive: Alive | None = None


@dataclass
class Supervisor:
    """Runs programs until a signal, until `watch` fails, or until one of them cannot be kept running at all."""

    programs: Sequence[Program]
    watch: Callable[[asyncio.Event], Awaitable[None]]
    say: Say = field(default_factory=lambda: write_line)

    def run(self) -> None:
        """Block until the end. Raises ToolError when a program never gets going: it ends at once, again and again."""
        asyncio.run(self._run())

    async def _run(self) -> None:
        stop, settled = asyncio.Event(), asyncio.Event()
        for wanted in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(wanted, stop.set)
        tasks: list[asyncio.Future[Any]] = [
            asyncio.ensure_future(stop.wait()),
            asyncio.ensure_future(self._watch(settled)),
            *(asyncio.ensure_future(keep_running(program, settled, self.say)) for program in self.programs),
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _cancel(tasks)
        for task in done:
            task.result()

    async def _watch(self, settled: asyncio.Event) -> None:
        await self.watch(settled)
        await asyncio.Event().wait()


async def _cancel(tasks: Sequence[asyncio.Future[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def keep_running(program: Program, settled: asyncio.Event, say: Say) -> None:
    """Start the program again whenever it ends. Cancelling ends it in an orderly way."""
    pause, quick_ends = FIRST_PAUSE_S, 0
    while True:
        started = time.monotonic()
        code = await run_once(program, say)
        lived = time.monotonic() - started
        steady = lived > STEADY_S
        pause = FIRST_PAUSE_S if steady else min(pause * 2, LONGEST_PAUSE_S)
        quick_ends = 0 if steady or code < 0 or settled.is_set() else quick_ends + 1
        if quick_ends >= HOPELESS:
            raise ToolError(f"{program.name} ends at once ({describe(code)}): its last lines above say why")
        say(f"[{program.name}] ended ({describe(code)}); starting again in {pause:.1f} s\n".encode())
        await asyncio.sleep(pause)


async def run_once(program: Program, say: Say) -> int:
    """Run the program to its end, forwarding what it prints; returns its exit code (negative: minus the signal)."""
    process = await asyncio.create_subprocess_exec(
        *program.command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=dict(program.env),
        cwd=str(program.cwd),
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGKILL),
    )
    assert process.stdout is not None
    forwarding = asyncio.ensure_future(forward(process.stdout, program.name, say))
    try:
        return await _ended(process, program, say)
    finally:
        await end(process)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(forwarding, 1)


async def _ended(process: asyncio.subprocess.Process, program: Program, say: Say) -> int:
    """Wait for its end, and make one when it hangs: what answers nothing cannot be asked to end either."""
    ending = asyncio.ensure_future(process.wait())
    silence = asyncio.ensure_future(until_silent(program.alive))
    try:
        await asyncio.wait([ending, silence], return_when=asyncio.FIRST_COMPLETED)
        if not ending.done():
            say(f"[{program.name}] answers no health call any more and is killed\n".encode())
            _signal_group(process.pid, signal.SIGKILL)
        return await ending
    finally:
        await _cancel([ending, silence])


async def until_silent(alive: Alive | None) -> None:
    """Return once a program that had answered answers no more; one that cannot be asked is never silent."""
    if alive is None:
        await asyncio.Event().wait()
        return
    has_answered, misses = False, 0
    while misses < MISSES:
        await asyncio.sleep(ASK_EVERY_S)
        answers = await _answers(alive)
        has_answered = has_answered or answers
        misses = 0 if answers or not has_answered else misses + 1


async def _answers(alive: Alive) -> bool:
    try:
        return await asyncio.wait_for(alive(), ASK_LIMIT_S)
    except (OSError, ValueError, asyncio.TimeoutError):
        return False


async def forward(stream: asyncio.StreamReader, name: str, say: Say) -> None:
    """Pass on whole lines with the name in front; a last line without an end gets one."""
    rest = b""
    while True:
        chunk = await stream.read(CHUNK_BYTES)
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines + ([rest] if rest and not chunk else []):
            say(f"[{name}] ".encode() + line + b"\n")
        if not chunk:
            return


async def end(process: asyncio.subprocess.Process) -> None:
    """Ask the program to end, then make it; what it left in its own process group goes with it."""
    if process.returncode is None:
        _signal_group(process.pid, signal.SIGTERM)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(process.wait(), GRACE_S)
    _signal_group(process.pid, signal.SIGKILL)
    await process.wait()


def _signal_group(leader: int, wanted: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, wanted)


def describe(code: int) -> str:
    """An exit code in words."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def write_line(line: bytes) -> None:
    """To standard output as it came: whatever encoding the terminal has, a program's bytes are passed on."""
    sys.stdout.flush()
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()
