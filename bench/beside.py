"""The product beside stock Rasa in the same run, in turn, on the same loads; medians over the rounds.

    .envs/helpdesk/bin/python bench/beside.py [--rounds 3] [--messages 300] [--senders 1,8,64,256] [--growth 2000]
        [--systems product,diet,logistic_regression] [--loads known,new,form] [--out var/bench/beside.json]

All are started once and keep running; each cell of the table (a load, so many senders) is then measured on one after
the other, and that `--rounds` times. CPU is that of all processes of a system, from /proc (Linux); databases are files
in one temporary folder. Only ratios within one run mean something: write down what else the machine did.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.floor import floor  # noqa: E402
from bench.load import LOADS, Channel, drive, only_sender  # noqa: E402
from helpdesk.store.migrate import migrate  # noqa: E402
from helpdesk.testing import (  # noqa: E402
    OF_EVERY_PROCESS,
    Process,
    free_port,
    service_process,
    settings_for,
    wait_until_ok,
    worker_process,
)

STOCK = ROOT / "bench" / "stock"
BOT = ROOT / ".envs" / "bot" / "bin" / "python"
TICKS = os.sysconf("SC_CLK_TCK")
MB = 1 << 20
EARLY, WINDOW = 10, 20
"""Message 10 is the mean of these many messages from there on, and so is the last one."""


@dataclass
class System:
    """What is measured: its processes, its channel, and the file its conversations are in (None: memory)."""

    name: str
    processes: list[Process]
    channel: Channel
    is_up: Callable[[], Awaitable[None]]
    database: Path | None = None
    start: dict[str, float] = field(default_factory=dict)

    async def begin(self) -> None:
        """Start it and wait for it; seconds by the clock and of CPU until it answers are noted."""
        since = time.monotonic()
        for process in self.processes:
            process.start()
        await self.is_up()
        self.start = {"seconds": time.monotonic() - since, "cpu_seconds": sum(self.cpu())}

    def cpu(self) -> list[float]:
        """User and system time of each process so far, in seconds."""
        return [_cpu(_pid(process)) for process in self.processes]

    def memory(self) -> dict[str, float]:
        """What each process holds, shared pages in part, in MB."""
        return {f"{one.name}-{n}": _pss(_pid(one)) / MB for n, one in enumerate(self.processes)}

    def size(self) -> int:
        """Bytes of the database, its log included."""
        if self.database is None:
            return 0
        return sum(path.stat().st_size for path in self.database.parent.glob(self.database.name + "*"))


@dataclass(frozen=True)
class Cell:
    """One load on one system: CPU by process, and how long its customers waited (milliseconds)."""

    system: str
    load: str
    senders: int
    cpu: dict[str, float]
    rate: float
    p50: float
    p95: float
    p99: float
    longest: float
    failures: int
    bytes_a_message: float

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds a message of all its processes."""
        return sum(self.cpu.values())


def _pid(process: Process) -> int:
    assert process.running is not None
    return process.running.pid


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _pss(pid: int) -> int:
    """Proportional size where the kernel tells it, else the resident one."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
        return next(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


# ---------------------------------------------------------------- the systems


def product(folder: Path, workers: int) -> System:
    """A service on SQLite and so many workers."""
    database = folder / "product.db"
    url = f"sqlite+aiosqlite:///{database}"
    migrate(url)
    ports = [free_port() for _ in range(workers)]
    settings = settings_for(url, workers=tuple(f"http://127.0.0.1:{port}" for port in ports), recover_every=3.0)
    service = service_process(settings, folder)
    processes = [service, *(worker_process(settings, folder, port) for port in ports)]

    async def is_up() -> None:
        for address, worker in zip(settings.workers, processes[1:], strict=True):
            await wait_until_ok(f"{address}/health", worker)
        await wait_until_ok(f"http://127.0.0.1:{settings.port}/readyz", service)

    return System("product", processes, Channel(f"http://127.0.0.1:{settings.port}", "rest-token"), is_up, database)


def stock(kind: str, folder: Path) -> System:
    """`rasa run` with a stock project: DIET and TED with conversations in an SQL store, or the cheapest, in memory."""
    model = _trained(kind)
    port = free_port()
    database = folder / "stock.db" if kind == "diet" else None
    endpoints = folder / f"{kind}-endpoints.yml"
    store = f"{{type: SQL, dialect: sqlite, db: {database}}}" if database else "{type: InMemory}"
    endpoints.write_text(f"tracker_store: {store}\n", encoding="utf-8")
    given = {"--model": model, "--endpoints": endpoints, "--credentials": STOCK / "credentials.yml", "--port": port}
    words = [str(word) for pair in given.items() for word in pair]
    command = [str(BOT), "-W", "ignore", "-m", "rasa", "run", "-i", "127.0.0.1", *words]
    env = {**os.environ, **OF_EVERY_PROCESS, **_QUIET}
    process = Process("rasa", command, env, folder / f"{kind}.log", cwd=folder)

    async def is_up() -> None:
        await wait_until_ok(f"http://127.0.0.1:{port}/webhooks/rest/", process)

    return System(kind, [process], Channel(f"http://127.0.0.1:{port}"), is_up, database)


_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}


def _trained(kind: str) -> str:
    """The path of the stock model, which is trained on first use."""
    command = [str(BOT), "-W", "ignore", "bench/stock/train.py", kind]
    env = {**os.environ, **_QUIET, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout.split()[-1]


# ---------------------------------------------------------------- measuring


async def measure(system: System, load: str, senders: int, messages: int) -> Cell:
    """One cell; the longest wait counts those that failed, too."""
    before, size = system.cpu(), system.size()
    waits = await drive(system.channel, load, senders, messages)
    spent = zip(system.processes, before, system.cpu(), strict=True)
    cpu: dict[str, float] = {}
    for process, earlier, later in spent:
        cpu[process.name] = cpu.get(process.name, 0.0) + 1000 * (later - earlier) / messages
    return Cell(
        system=system.name,
        load=load,
        senders=senders,
        cpu=cpu,
        rate=waits.rate,
        p50=1000 * waits.at(0.5),
        p95=1000 * waits.at(0.95),
        p99=1000 * waits.at(0.99),
        longest=1000 * waits.at(1.0),
        failures=len(waits.failures),
        bytes_a_message=(system.size() - size) / messages,
    )


async def growth(system: System, messages: int) -> dict[str, float]:
    """CPU milliseconds of an early message of one conversation, and of a late one."""
    marks: list[float] = []
    sender = only_sender(system.channel)
    async with sender as say:
        for n in range(messages):
            if n in (EARLY, EARLY + WINDOW, messages - WINDOW):
                marks.append(sum(system.cpu()))
            await say(n)
        marks.append(sum(system.cpu()))
    early, late = (1000 * (marks[n + 1] - marks[n]) / WINDOW for n in (0, 2))
    return {"messages": messages, "early_ms": early, "late_ms": late, "ratio": late / early}


def systems_of(options: argparse.Namespace, folder: Path) -> list[System]:
    """Those that are to be compared, not started yet."""
    makers = {
        "product": lambda: product(folder, options.workers),
        "diet": lambda: stock("diet", folder),
        "logistic_regression": lambda: stock("logistic_regression", folder),
    }
    return [makers[name]() for name in options.systems.split(",")]


async def run(options: argparse.Namespace, folder: Path, systems: Sequence[System]) -> dict[str, Any]:
    """Everything that is measured, as JSON."""
    cells: list[Cell] = []
    try:
        for system in systems:
            await system.begin()
            await drive(system.channel, "known", 4, WINDOW)
        for _ in range(options.rounds):
            for load in options.loads.split(","):
                for senders in map(int, options.senders.split(",")):
                    for system in systems:
                        cells.append(await measure(system, load, senders, max(options.messages, 2 * senders)))
                        print(_line(cells[-1]), file=sys.stderr, flush=True)
        lengths = {one.name: options.growth_of_stock for one in systems} | {"product": options.growth}
        grown = {one.name: await growth(one, lengths[one.name]) for one in systems if lengths[one.name]}
        return {
            "load_of_machine": os.getloadavg(),
            "start": {one.name: one.start for one in systems},
            "memory_mb": {one.name: one.memory() for one in systems},
            "growth": grown,
            "floor_ms": await asyncio.to_thread(floor, folder),
            "cells": [asdict(cell) | {"cpu_ms": cell.cpu_ms} for cell in cells],
            "medians": medians(cells),
        }
    finally:
        for system in systems:
            for process in system.processes:
                process.stop()


def medians(cells: Sequence[Cell]) -> list[dict[str, Any]]:
    """A row for each system, load and number of senders: the median of its rounds."""
    groups: dict[tuple[str, int, str], list[Cell]] = {}
    for cell in cells:
        groups.setdefault((cell.load, cell.senders, cell.system), []).append(cell)
    names = ("cpu_ms", "rate", "p50", "p95", "p99", "longest", "failures", "bytes_a_message")
    return [
        {"load": load, "senders": senders, "system": system, "rounds": len(group)}
        | {name: statistics.median(getattr(cell, name) for cell in group) for name in names}
        for (load, senders, system), group in groups.items()
    ]


def table(rows: Sequence[dict[str, Any]]) -> str:
    """The medians in Markdown."""
    head = (
        "| load | senders | system | CPU ms a message | messages/s | p50 ms | p95 ms | p99 ms | longest ms | failed |\n"
        "|---|---|---|---|---|---|---|---|---|---|\n"
    )
    return head + "".join(
        f"| {row['load']} | {row['senders']} | {row['system']} | {row['cpu_ms']:.1f} | {row['rate']:.1f} "
        f"| {row['p50']:.0f} | {row['p95']:.0f} | {row['p99']:.0f} | {row['longest']:.0f} | {row['failures']:.0f} |\n"
        for row in rows
    )


def _line(cell: Cell) -> str:
    cpu = ", ".join(f"{name} {ms:.1f}" for name, ms in cell.cpu.items())
    return (
        f"{cell.load} {cell.senders} {cell.system}: {cell.cpu_ms:.1f} ms ({cpu}), {cell.rate:.1f}/s, "
        f"p95 {cell.p95:.0f} ms, {cell.failures} failed"
    )


def main() -> None:
    """Prints the table, and leaves everything in the JSON file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--messages", type=int, default=300, help="of each cell; at least two a sender")
    parser.add_argument("--senders", default="1,8,64,256")
    parser.add_argument("--loads", default=",".join(LOADS))
    parser.add_argument("--systems", default="product,diet,logistic_regression")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--growth", type=int, default=2000, help="messages of the product's long conversation")
    parser.add_argument("--growth-of-stock", type=int, default=500, help="and of stock Rasa's, which grows slow")
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "bench" / "beside.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(run(options, Path(folder), systems_of(options, Path(folder))))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    print(table(found["medians"]))
    print(json.dumps({name: found[name] for name in found if name not in ("cells", "medians")}, indent=1))


if __name__ == "__main__":
    main()
