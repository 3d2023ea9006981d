"""`make chat`: a customer at a terminal, through the REST channel. Type a number to press a button, Ctrl-D to leave."""

from __future__ import annotations

import json
import secrets
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import Any, Sequence

from tools.errors import ToolError
from tools.project import Project
from tools.settings import load_settings, read_env_file

POLL_S = 1.0
ANSWER_LIMIT_S = 40


def chat(project: Project, names: Sequence[str] = ()) -> None:
    """Talk until the input ends. A name as argument continues that customer's conversation."""
    settings = {**load_settings(project), **read_env_file(project.running)}
    address = f"http://127.0.0.1:{settings['HELPDESK_PORT']}/webhooks/rest"
    talk = Talk(
        address, settings.get("HELPDESK_REST_TOKEN", ""), names[0] if names else f"terminal-{secrets.token_hex(3)}"
    )
    talk.catch_up()
    print(f"{talk.sender} -> {address} (a number presses a button, Ctrl-D leaves)")
    stop = threading.Event()
    listener = threading.Thread(target=_listen, args=(talk, stop), daemon=True)
    listener.start()
    for line in sys.stdin:
        if line.strip():
            talk.say(line.strip())
    stop.set()
    listener.join(ANSWER_LIMIT_S)


def _listen(talk: Talk, stop: threading.Event) -> None:
    """Show what arrives unasked: a colleague's answer, a late reply."""
    while not stop.wait(POLL_S):
        try:
            talk.show_news()
        except ToolError as error:
            print(error, file=sys.stderr)
            return


@dataclass
class Talk:
    """One customer's conversation; what was shown is remembered by message id, so that nothing appears twice."""

    address: str
    token: str
    sender: str
    last: str = ""
    choices: list[str] = field(default_factory=list)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def say(self, text: str) -> None:
        """Send what was typed (a number presses that button) and show what there is to read afterwards."""
        number = int(text) if text.isdigit() and text.isascii() else 0
        message = self.choices[number - 1] if 0 < number <= len(self.choices) else text
        with self.turn:
            self.request("/webhook", {"sender": self.sender, "message": message, "message_id": secrets.token_hex(8)})
            self._show(self._news())

    def show_news(self) -> None:
        """Show what came since the last look."""
        with self.turn:
            self._show(self._news())

    def catch_up(self) -> None:
        """Take a continued conversation as read."""
        while self._news():
            pass

    def _news(self) -> list[dict[str, Any]]:
        query = urllib.parse.urlencode({"sender": self.sender, "after": self.last})
        news: list[dict[str, Any]] = self.request(f"/messages?{query}")
        if news:
            self.last = str(news[-1]["id"])
        return news

    def _show(self, messages: Sequence[dict[str, Any]]) -> None:
        for message in messages:
            for line in lines(message):
                print(line, flush=True)
            if message.get("author") != "system" or message.get("buttons"):
                self.choices = [button["payload"] for button in message.get("buttons") or []]

    def request(self, path: str, body: dict[str, str] | None = None) -> Any:
        """POST a body or GET; the JSON answer. Raises ToolError with what to do."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.address + path, data, headers)
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_LIMIT_S) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise ToolError(f"the service refused: {_reason(error)}") from None
        except (OSError, ValueError):
            raise ToolError(f"nobody answers at {self.address}: start the service with `make run`") from None


def lines(message: dict[str, Any]) -> list[str]:
    """A message as it is shown: who, what, and the choices with their numbers."""
    who = {"staff": "客服", "system": "系统"}.get(message.get("author", ""), "三声")
    shown = [f"{who}: {line}" for line in (message.get("text") or "").splitlines()]
    shown += [f"{who}: {message[name]}" for name in ("image",) if message.get(name)]
    return shown + [f"  {number}) {button['title']}" for number, button in enumerate(message.get("buttons") or [], 1)]


def _reason(error: urllib.error.HTTPError) -> str:
    try:
        return f"{error.code} {json.loads(error.read())['error']['message']}"
    except (OSError, ValueError, KeyError, TypeError):
        return f"{error.code} {error.reason}"
