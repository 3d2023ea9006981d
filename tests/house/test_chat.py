"""The terminal client against a tiny REST channel: what is shown, what a number sends, what errors say."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tools.chat import Talk, lines
from tools.errors import ToolError
from tools.ports import free_port

Json = dict[str, Any]
CHOICES = [{"title": "投诉", "payload": "b:aaaaaaaa"}, {"title": "转人工", "payload": "b:bbbbbbbb"}]


class Channel(ThreadingHTTPServer):
    """Stores what a customer says, answers with choices, and refuses another token."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.received: list[Json] = []
        self.stored: list[Json] = []

    def tell(self, text: str, **more: object) -> None:
        self.stored.append({"id": str(len(self.stored) + 1), "author": "bot", "text": text, **more})


class Handler(BaseHTTPRequestHandler):
    server: Channel

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.received.append(body)
        self.server.tell(f"收到：{body['message']}", buttons=CHOICES)
        self._answer(200, [])

    def do_GET(self) -> None:
        after = parse_qs(urlsplit(self.path).query).get("after", [""])[0]
        self._answer(200, self.server.stored[int(after or 0) :])

    def _answer(self, status: int, content: object) -> None:
        if self.headers["Authorization"] != "Bearer token":
            status, content = 401, {"error": {"code": "unauthorized", "message": "wrong token"}}
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def channel() -> Iterator[Channel]:
    server = Channel()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def talk_to(channel: Channel, token: str = "token") -> Talk:
    return Talk(f"http://127.0.0.1:{channel.server_port}", token, "wang")


def test_what_is_said_is_answered_once_with_numbered_choices(
    channel: Channel, capsys: pytest.CaptureFixture[str]
) -> None:
    talk = talk_to(channel)
    talk.say("您好")
    talk.show_news()
    assert capsys.readouterr().out.splitlines() == ["三声: 收到：您好", "  1) 投诉", "  2) 转人工"]
    assert channel.received[0]["sender"] == "wang"


def test_a_number_presses_the_button_and_other_numbers_are_text(channel: Channel) -> None:
    talk = talk_to(channel)
    for typed in ("您好", "2", "3", "0"):
        talk.say(typed)
    assert [body["message"] for body in channel.received] == ["您好", "b:bbbbbbbb", "3", "0"]
    assert len({body["message_id"] for body in channel.received}) == 4


def test_a_colleagues_late_answer_is_shown_with_who_wrote_it(
    channel: Channel, capsys: pytest.CaptureFixture[str]
) -> None:
    talk = talk_to(channel)
    talk.say("转人工")
    capsys.readouterr()
    channel.tell("您好，我是小李。\n请稍等。", author="staff")
    talk.show_news()
    assert capsys.readouterr().out.splitlines() == ["客服: 您好，我是小李。", "客服: 请稍等。"]


def test_a_continued_conversation_is_not_shown_again(channel: Channel, capsys: pytest.CaptureFixture[str]) -> None:
    channel.tell("从前的话")
    talk = talk_to(channel)
    talk.catch_up()
    talk.show_news()
    assert capsys.readouterr().out == ""


def test_a_refusal_says_why(channel: Channel) -> None:
    with pytest.raises(ToolError, match="the service refused: 401 wrong token"):
        talk_to(channel, "other").say("您好")


def test_nobody_there_says_what_to_do() -> None:
    with pytest.raises(ToolError, match="start the service with `make run`"):
        Talk(f"http://127.0.0.1:{free_port()}", "token", "wang").say("您好")


def test_a_picture_is_shown_by_its_address() -> None:
    assert lines({"author": "bot", "image": "https://example.test/a.png"}) == ["三声: https://example.test/a.png"]
