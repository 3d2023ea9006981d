"""A small service of custom actions on the loopback, speaking rasa-sdk's protocol."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Json = dict[str, Any]
Answer = tuple[int, Any]
TOKEN = "action-token"


def slot(name: str, value: Any) -> Json:
    return {"event": "slot", "name": name, "value": value}


def say(response: str, **fields: Any) -> Json:
    """A response as rasa-sdk's dispatcher writes it."""
    return {"text": None, "buttons": [], "elements": [], "custom": {}, "image": None, "response": response, **fields}


def done(*events: Json, responses: list[Json] | None = None) -> Answer:
    return 200, {"events": list(events), "responses": responses or []}


def frame(suspended: str) -> Json:
    """Where the conversation stands once a form was set aside."""
    return {"asked": "none", "topic": "none", "suspended": [{"form": suspended, "slots": {}}]}


def candidates(call: Json) -> Json:
    """What the form extracted: the slots set since the form's last action, as rasa-sdk finds them."""
    found: Json = {}
    for event in reversed(call["tracker"]["events"]):
        if event["event"] != "slot":
            break
        found.setdefault(event["name"], event["value"])
    return found


def begin_complaint(call: Json) -> Answer:
    run = call["tracker"]["latest_message"]["message_id"]
    return done(slot("category", None), slot("description", None), slot("phone", None), slot("form_run", run))


def validate(call: Json) -> Answer:
    found = {name: value for name, value in candidates(call).items() if name in ("category", "description", "phone")}
    if found.get("phone", "13") is not None and not str(found.get("phone", "13")).startswith("13"):
        wrong = say("utter_bad_phone", given=found["phone"])
        return done(slot("phone", None), responses=[wrong])
    return done(*[slot(name, value) for name, value in found.items()])


def open_ticket(call: Json) -> Answer:
    slots = call["tracker"]["slots"]
    missing = [name for name in ("category", "description", "phone") if not slots[name]]
    if missing:
        return 500, {"error": f"a ticket without {missing}"}
    return done(responses=[say("utter_ticket", number="TS-" + slots["form_run"])])


ACTIONS: dict[str, Callable[[Json], Answer]] = {
    "action_begin_complaint": begin_complaint,
    "validate_complaint_form": validate,
    "action_ask_category": lambda call: done(responses=[say("utter_choose_category", first="quality")]),
    "action_open_ticket": open_ticket,
    "action_answer_faq": lambda call: done(responses=[say("utter_faq")]),
    "action_park_form": lambda call: done(
        {"event": "active_loop", "name": None},
        slot("frame", frame(call["tracker"]["active_loop"]["name"])),
        slot("requested_slot", None),
    ),
    "action_join_queue": lambda call: done(responses=[say("utter_queue")]),
    "action_fall_back": lambda call: done({"event": "rewind"}, responses=[say("utter_rephrase")]),
}


@dataclass
class ActionServer:
    """Answers calls; keeps what it was asked; fails as it is told."""

    calls: list[Json] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    actions: dict[str, Callable[[Json], Answer]] = field(default_factory=lambda: dict(ACTIONS))
    fail_at: int = 0
    failure: Callable[[Json], Any] = field(default=lambda call: (500, {"error": "broken"}))
    digest: str = ""
    domain: Json | None = None
    url: str = ""
    counted: int = 0

    def reset(self) -> None:
        """As after a restart, knowing no domain."""
        fresh = ActionServer()
        for name in ("calls", "requests", "statuses", "actions", "fail_at", "failure", "digest", "domain", "counted"):
            setattr(self, name, getattr(fresh, name))

    async def handle(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return self._reply((401, {"error": "token"}))
        call = await request.json()
        self.calls.append(call)
        self.requests.append(request.headers.get("x-request-id", ""))
        return self._reply(self._answer(call))

    def _answer(self, call: Json) -> Any:
        if call.get("domain"):
            self.domain, self.digest = call["domain"], call["domain_digest"]
        if call["domain_digest"] != self.digest:
            return 449, {"action_name": call["next_action"], "error": "Missing domain context"}
        self.counted += 1
        if self.counted == self.fail_at:
            return self.failure(call)
        return self.actions[call["next_action"]](call)

    def _reply(self, answer: Any) -> Response:
        if isinstance(answer, Response):
            return answer
        status, body = answer
        self.statuses.append(status)
        return JSONResponse(body, status)


def running() -> Iterator[ActionServer]:
    """A server in a thread of its own, on a free port."""
    actions = ActionServer()
    app = Starlette(routes=[Route("/internal/actions", actions.handle, methods=["POST"])])
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="off", ws="none", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and thread.is_alive() and time.monotonic() < deadline:
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    actions.url = f"http://127.0.0.1:{port}/internal/actions"
    yield actions
    server.should_exit = True
    thread.join(10)
