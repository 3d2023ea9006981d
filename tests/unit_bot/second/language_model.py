"""A stand-in for an OpenAI-compatible server on the loopback; it answers as it is told and keeps what it was asked."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]
Behaviour = Callable[["Handler"], None]


def completion(content: Any) -> bytes:
    """As such servers answer."""
    message = {"role": "assistant", "content": content, "refusal": None}
    body = {"id": "c-1", "object": "chat.completion", "choices": [{"index": 0, "message": message}]}
    return json.dumps(body, ensure_ascii=False).encode()


def act(name: str, polarity: str = "+", confidence: float = 0.9) -> Json:
    return {"act": name, "polarity": polarity, "confidence": confidence}


def says(*acts: Any) -> Behaviour:
    """Answers well: with these acts."""
    return content(json.dumps({"acts": list(acts)}))


def content(text: Any) -> Behaviour:
    """A completion with this text."""
    return answers(completion(text))


def answers(body: bytes, status: int = 200, **headers: str) -> Behaviour:
    def answer(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def hangs(handler: Handler) -> None:
    """Takes the request and says nothing."""
    handler.model.let_go.wait(20)


def drips(handler: Handler) -> None:
    """A good answer, a byte at a time."""
    body = completion(json.dumps({"acts": [act("refund")]}))
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    for place in range(len(body)):
        if handler.model.let_go.wait(0.1):
            return
        handler.wfile.write(body[place : place + 1])
        handler.wfile.flush()


def floods(handler: Handler) -> None:
    """A body without end, of no told length."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.model.let_go.is_set():
        handler.wfile.write(b" " * 65_536)
        handler.model.sent += 65_536


@dataclass
class LanguageModel:
    """What it does next, and what it saw."""

    behaviour: Behaviour = field(default_factory=lambda: says(act("refund")))
    requests: list[Json] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    sent: int = 0
    url: str = ""
    let_go: threading.Event = field(default_factory=threading.Event)

    @property
    def quoted(self) -> Json:
        """What the last request quoted of the conversation."""
        return dict(json.loads(self.requests[-1]["messages"][1]["content"]))


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    model: LanguageModel

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.model.bodies.append(body)
        self.model.requests.append(json.loads(body))
        self.model.headers.append({name.lower(): value for name, value in self.headers.items()})
        self.model.paths.append(self.path)
        self.close_connection = True
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.model.behaviour(self)

    do_GET = do_POST

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


def running() -> Iterator[LanguageModel]:
    """A server in a thread of its own, on a free port."""
    model = LanguageModel()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"model": model}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    model.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    yield model
    model.let_go.set()
    server.shutdown()
    server.server_close()
    thread.join(5)
