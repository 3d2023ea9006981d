"""CPU per message over one long conversation: stock Rasa beside the worker's engine, same model and messages.

    .envs/bot/bin/python bench/worker_speed.py [--model models/] [--messages 500]

Each side runs in a process of its own; custom actions answer from a third, so that their cost is on neither side but
the cost of calling them is. Measured: process CPU time, which leaves out waiting and other programs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import multiprocessing
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.messages import MESSAGES  # noqa: E402
from bot import startup  # noqa: E402

Json = dict[str, Any]
Say = Callable[[str, int], Awaitable[object]]
Close = Callable[[], Awaitable[object]]

WINDOW = 100


def serve_actions(listener: socket.socket) -> None:
    """Answers every action alike: says one thing and listens."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    async def run(request: Request) -> JSONResponse:
        call = await request.json()
        if call["next_action"].startswith("validate_"):
            return JSONResponse({"events": [], "responses": []})
        listen = {"event": "followup", "name": "action_listen"}
        return JSONResponse({"events": [listen], "responses": [{"text": "好的。"}]})

    app = Starlette(routes=[Route("/actions", run, methods=["POST"])])
    config = uvicorn.Config(app, log_level="error", access_log=False, ws="none", lifespan="off")
    asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))


def stock(model: str, url: str) -> tuple[Say, Close]:
    """An agent as `rasa run` has it: trackers in memory, Rasa's own endpoint."""
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage
    from rasa.model import get_latest_model
    from rasa.utils.endpoints import EndpointConfig

    agent = Agent.load(get_latest_model(model), action_endpoint=EndpointConfig(url))

    async def say(text: str, n: int) -> object:
        return await agent.handle_message(UserMessage(text, sender_id="bench", message_id=f"m{n}"))

    async def close() -> None:
        """Nothing: stock Rasa opens and closes a session for every call."""

    return say, close


def worker(model: str, url: str) -> tuple[Say, Close]:
    """The worker's engine, its state going through JSON after every message."""
    from bot.contract import Said, Turn
    from bot.endpoint import ActionEndpoint
    from bot.engine import Engine

    engine = Engine.load(model, ActionEndpoint(url, "bench"))
    stored: list[str] = ["null"]

    async def say(text: str, n: int) -> object:
        answer = await engine.turn(Turn("bench", f"m{n}:{n}", Said(text), json.loads(stored[-1])))
        stored[:] = [json.dumps(answer["state"])]
        return answer

    return say, engine.endpoint.close


SIDES: dict[str, Callable[[str, str], tuple[Say, Close]]] = {"stock": stock, "worker": worker}


def measure(side: str, model: str, url: str, messages: int, results: multiprocessing.Queue[Json]) -> None:
    """Runs in its own process; puts the CPU seconds of every message."""
    startup.prepare()
    logging.disable(logging.WARNING)
    say, close = SIDES[side](model, url)

    async def talk() -> list[float]:
        seconds = []
        for n in range(messages):
            before = time.process_time()
            await say(MESSAGES[n % len(MESSAGES)], n)
            seconds.append(time.process_time() - before)
        await close()
        return seconds

    results.put({"side": side, "seconds": asyncio.run(talk())})


def compare(model: str, messages: int) -> dict[str, list[float]]:
    """CPU seconds of every message, by side."""
    context = multiprocessing.get_context("spawn")
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    actions = multiprocessing.get_context("fork").Process(target=serve_actions, args=(listener,), daemon=True)
    actions.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/actions"
    found: dict[str, list[float]] = {}
    for side in SIDES:
        results: multiprocessing.Queue[Json] = context.Queue()
        process = context.Process(target=measure, args=(side, model, url, messages, results))
        process.start()
        found[side] = results.get(timeout=1800)["seconds"]
        process.join()
    actions.terminate()
    return found


def table(found: dict[str, list[float]]) -> str:
    """Median CPU ms a message in the first hundred, in the last, over all; and how many times less the worker needs."""
    rows = ["CPU ms a message | first 100 | last 100 | all (mean)", "---|---|---|---"]
    figures = {side: _figures(seconds) for side, seconds in found.items()}
    for side, values in figures.items():
        rows.append(f"{side} | " + " | ".join(f"{value:.1f}" for value in values))
    ratios = [one / other for one, other in zip(figures["stock"], figures["worker"], strict=True)]
    rows.append("stock / worker | " + " | ".join(f"{ratio:.1f}x" for ratio in ratios))
    return "\n".join(rows)


def _figures(seconds: list[float]) -> list[float]:
    first, last = median(seconds[:WINDOW]), median(seconds[-WINDOW:])
    return [1000 * value for value in (first, last, sum(seconds) / len(seconds))]


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=str(ROOT / "models"))
    parser.add_argument("--messages", type=int, default=500)
    options = parser.parse_args()
    print(table(compare(options.model, options.messages)))


if __name__ == "__main__":
    main()
