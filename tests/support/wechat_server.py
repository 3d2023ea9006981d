"""A stand-in of WeChat's servers: it calls our callback as WeChat does, and its API checks what it receives.

Encryption, signatures and parsing are wechatpy's, not ours. What customers see on their phones is in `phones`.
"""

from __future__ import annotations

import asyncio
import base64
import email
import itertools
import json
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from wechatpy.crypto import WeChatCrypto
from wechatpy.parser import parse_message
from wechatpy.utils import WeChatSigner, to_text

from helpdesk.testing import now
from tests.support.listener import listening_on

Json = dict[str, Any]
APP_ID = "wx0123456789abcdef"
SECRET = "app-secret"
TOKEN = "callback-token"
AES_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
ACCOUNT = "gh_account"
TEMPLATE, TEMPLATE_IDS = "template-1", 200163840
SUBSCRIPTION = "subscription-1"
WINDOW_S = 48 * 3600
BUDGET = 5
TEXT_LIMIT = 2048
PATIENCE_S = 5.0
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
UNREACHABLE = "该公众号暂时无法提供服务，请稍后再试"


@dataclass
class Seen:
    """One thing that appeared on a phone."""

    text: str
    via: str  # passive | api | system
    menu: list[Json] = field(default_factory=list)
    at: float = field(default_factory=time.monotonic)


@dataclass
class Phone:
    """A customer as WeChat knows them."""

    seen: list[Seen] = field(default_factory=list)
    last_wrote: float | None = None
    used: int = 0  # API messages since the customer last wrote
    typing: int = 0

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.seen]


class WeChatServer:
    """The platform: `say` and `event` deliver to the callback, the routes of `app` are the API."""

    def __init__(self, port: int, callback: str = "", mode: str = "plain", now: Callable[[], datetime] = now) -> None:
        self.now = now
        self.url = f"http://127.0.0.1:{port}"
        self.callback = callback
        self.mode = mode  # plain | compatible | safe
        self.phones: defaultdict[str, Phone] = defaultdict(Phone)
        self.tokens: list[str] = []  # every token given; only the last one is good
        self.is_verified = True
        self.answers: list[Json] = []  # instead of taking the next sends, one each; `http` is a status
        self.hold: asyncio.Event | None = None  # sends wait for this before they are answered
        self.sends: list[Json] = []
        self.media: dict[str, bytes] = {}  # what was uploaded, by id
        self.fetched: list[str] = []  # ids of media that were asked for
        self.media_answers: list[Json] = []  # instead of giving the next media, one each
        self.token_lasts = 7200
        self.templates = 0  # template messages that were taken
        self.allowed: Counter[str] = Counter()  # subscription messages that a customer still wants
        self.subscription_answers: list[Json] = []  # instead of taking the next ones, one each
        self.patience_s = PATIENCE_S
        self._ids = itertools.count(23000000000000001)
        self._nonces = itertools.count(1)
        self._port = port
        self._crypto = WeChatCrypto(TOKEN, AES_KEY, APP_ID)

    # ------------------------------------------------------------ the API

    def app(self) -> Starlette:
        """WeChat's side, as far as a customer service needs it."""
        return Starlette(
            routes=[
                Route("/cgi-bin/token", self._token),
                Route("/cgi-bin/message/custom/send", self._send, methods=["POST"]),
                Route("/cgi-bin/message/template/send", self._template, methods=["POST"]),
                Route("/cgi-bin/message/subscribe/bizsend", self._subscription, methods=["POST"]),
                Route("/cgi-bin/message/custom/typing", self._typing, methods=["POST"]),
                Route("/cgi-bin/media/upload", self._upload, methods=["POST"]),
                Route("/cgi-bin/media/get", self._get_media),
                Route("/pictures-elsewhere/{name}", self._elsewhere),
            ]
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[WeChatServer]:
        """Listening for as long as the block lasts."""
        async with listening_on(self.app(), self._port):
            yield self

    async def _token(self, request: Request) -> Response:
        query = request.query_params
        if query.get("grant_type") != "client_credential" or query.get("appid") != APP_ID:
            return _refusal(40013, "invalid appid")
        if query.get("secret") != SECRET:
            return _refusal(40125, "invalid appsecret")
        self.tokens.append(f"access-{len(self.tokens) + 1}")
        return JSONResponse({"access_token": self.tokens[-1], "expires_in": self.token_lasts})

    async def _send(self, request: Request) -> Response:
        body = await request.json()
        self.sends.append(body)
        if self.hold is not None:
            await self.hold.wait()
        if self.answers:
            given = self.answers.pop(0)
            return JSONResponse(given, status_code=given.get("http", 200))
        refusal = self._refused(request, body)
        if refusal is not None:
            return refusal
        phone = self.phones[body["touser"]]
        phone.used += 1
        phone.seen.append(_shown(body))
        return _refusal(0, "ok")

    async def _template(self, request: Request) -> Response:
        """A template message: in any window, to those who follow the account."""
        body = await request.json()
        if not self.tokens or request.query_params.get("access_token") != self.tokens[-1]:
            return _refusal(40001, "invalid credential, access_token is invalid or not latest")
        if body.get("touser") not in self.phones:
            return _refusal(43004, "require subscribe")
        if body.get("template_id") != TEMPLATE:
            return _refusal(40037, "invalid template_id")
        told = " ".join(one["value"] for one in body["data"].values())
        self.phones[body["touser"]].seen.append(Seen(f"{told} {body['url']}", "template"))
        self.templates += 1
        return JSONResponse({"errcode": 0, "errmsg": "ok", "msgid": TEMPLATE_IDS + self.templates})

    async def _subscription(self, request: Request) -> Response:
        """A subscription message: in any window, one for each time that the customer said yes."""
        body = await request.json()
        if self.subscription_answers:
            return JSONResponse(self.subscription_answers.pop(0))
        if not self.tokens or request.query_params.get("access_token") != self.tokens[-1]:
            return _refusal(40001, "invalid credential, access_token is invalid or not latest")
        if body.get("template_id") != SUBSCRIPTION:
            return _refusal(40037, "invalid template_id")
        if not self.allowed[body.get("touser")]:
            return _refusal(43101, "user refuse to accept the msg")
        if set(body["data"]) != {"thing1", "time2"}:
            return _refusal(47003, "argument invalid!")
        self.allowed[body["touser"]] -= 1
        told = " ".join(one["value"] for one in body["data"].values())
        self.phones[body["touser"]].seen.append(Seen(f"{told} {body['page']}", "subscription"))
        self.templates += 1
        return JSONResponse({"errcode": 0, "errmsg": "ok", "msgid": TEMPLATE_IDS + self.templates})

    def _refused(self, request: Request, body: Json) -> Response | None:
        phone = self.phones.get(body.get("touser", ""))
        if not self.tokens or request.query_params.get("access_token") != self.tokens[-1]:
            return _refusal(40001, "invalid credential, access_token is invalid or not latest")
        if not self.is_verified:
            return _refusal(48001, "api unauthorized")
        if phone is None:
            return _refusal(40003, "invalid openid")
        if phone.last_wrote is None or self.now().timestamp() - phone.last_wrote > WINDOW_S:
            return _refusal(45015, "response out of time limit or subscription is canceled")
        if phone.used >= BUDGET:
            return _refusal(45047, "out of response count limit")
        if body.get("msgtype") == "image":
            is_known = body["image"].get("media_id") in self.media
            return None if is_known else _refusal(40007, "invalid media_id")
        return _refusal(40008, "invalid message type") if not _is_sendable(body) else None

    async def _upload(self, request: Request) -> Response:
        if not self.tokens or request.query_params.get("access_token") != self.tokens[-1]:
            return _refusal(40001, "invalid credential")
        if not self.is_verified:
            return _refusal(48001, "api unauthorized")
        head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
        files = [one for one in email.message_from_bytes(head + await request.body()).walk() if one.get_filename()]
        if request.query_params.get("type") != "image" or len(files) != 1:
            return _refusal(40004, "invalid media type")
        content = files[0].get_payload(decode=True)
        assert isinstance(content, bytes)
        self.media[f"media_{len(self.media) + 1}"] = content
        return JSONResponse(
            {"type": "image", "media_id": list(self.media)[-1], "created_at": int(self.now().timestamp())}
        )

    async def _get_media(self, request: Request) -> Response:
        """A picture as it is; a refusal is JSON, and like WeChat's it does not say so in its head."""
        self.fetched.append(request.query_params.get("media_id", ""))
        if not self.tokens or request.query_params.get("access_token") != self.tokens[-1]:
            return _refusal(40001, "invalid credential")
        if self.media_answers:
            return Response(json.dumps(self.media_answers.pop(0)), media_type="text/plain")
        content = self.media.get(self.fetched[-1])
        if content is None:
            return Response(json.dumps({"errcode": 40007, "errmsg": "invalid media_id"}), media_type="text/plain")
        head = {"Content-disposition": 'attachment; filename="picture.jpg"'}
        return Response(content, media_type="image/jpeg", headers=head)

    async def _elsewhere(self, _: Request) -> Response:
        """A picture on some web server."""
        return Response(PICTURE, media_type="image/png")

    async def _typing(self, request: Request) -> Response:
        body = await request.json()
        if not self.tokens or request.query_params.get("access_token") != self.tokens[-1]:
            return _refusal(40001, "invalid credential")
        self.phones[body["touser"]].typing += 1
        return _refusal(0, "ok")

    # ------------------------------------------------------------ the callback

    async def say(self, open_id: str, text: str, **more: str) -> str:
        """A text of a customer; what appeared at once, or nothing."""
        return await self.post(self.message(open_id, "text", Content=text, **more))

    async def show(self, open_id: str, content: bytes) -> str:
        """A picture of a customer; what appeared at once, or nothing."""
        media_id = f"sent_{len(self.media) + 1}"
        self.media[media_id] = content
        return await self.post(self.message(open_id, "image", PicUrl=f"{self.url}/{media_id}", MediaId=media_id))

    async def event(self, open_id: str, event: str, key: str = "") -> str:
        """An event; what appeared at once, or nothing."""
        return await self.post(self.message(open_id, "event", Event=event, EventKey=key))

    def answered(self, open_id: str, **answers: str) -> str:
        """The event in which a customer was asked: template (with `_` for `-`) -> `accept` or `reject`."""
        told = {name.replace("_", "-"): answer for name, answer in answers.items()}
        self.allowed[open_id] += sum(answer == "accept" for name, answer in told.items() if name == SUBSCRIPTION)
        entries = (
            f"<List><TemplateId>{name}</TemplateId><SubscribeStatusString>{answer}</SubscribeStatusString>"
            "<PopupScene>2</PopupScene></List>"
            for name, answer in told.items()
        )
        head = as_xml(self.message(open_id, "event", Event="subscribe_msg_popup_event")).removesuffix("</xml>")
        return f"{head}<SubscribeMsgPopupEvent>{''.join(entries)}</SubscribeMsgPopupEvent></xml>"

    def message(self, open_id: str, kind: str, **elements: str) -> Json:
        """A message as WeChat would send it; `MsgId` is made unless it is an event."""
        own = {} if kind == "event" else {"MsgId": str(next(self._ids))}
        now = str(int(self.now().timestamp()))
        return {"ToUserName": ACCOUNT, "FromUserName": open_id, "CreateTime": now, "MsgType": kind, **own, **elements}

    async def post(self, message: Json, tries: int = 3) -> str:
        """Deliver as WeChat does: up to three times, five seconds each; then the phone shows that nobody is there."""
        phone = self.phones[message["FromUserName"]]
        phone.last_wrote, phone.used = self.now().timestamp(), 0
        for _ in range(tries):
            try:
                response = await self.deliver(message)
            except httpx.TransportError:
                await asyncio.sleep(0.2)
                continue
            return self._received(phone, response)
        phone.seen.append(Seen(UNREACHABLE, "system"))
        return UNREACHABLE

    def _received(self, phone: Phone, response: httpx.Response) -> str:
        text = self.read(response)
        if text is None:
            phone.seen.append(Seen(UNREACHABLE, "system"))
            return UNREACHABLE
        if text:
            phone.seen.append(Seen(text, "passive"))
        return text

    async def deliver(self, message: Json, callback: str = "", **changes: str) -> httpx.Response:
        """One POST, signed and in the account's mode; `changes` to the query spoil it."""
        return await self.deliver_xml(as_xml(message), callback, **changes)

    async def deliver_xml(self, plain: str, callback: str = "", **changes: str) -> httpx.Response:
        """The same for a document as it is."""
        query, body = self.signed_xml(plain)
        url = httpx.URL(callback or self.callback, params={**query, **changes})
        try:
            return await asyncio.wait_for(_post(url, body), self.patience_s)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            raise httpx.TransportError(repr(error)) from error

    def signed(self, message: Json) -> tuple[dict[str, str], bytes]:
        """Query and body of a delivery."""
        return self.signed_xml(as_xml(message))

    def signed_xml(self, plain: str) -> tuple[dict[str, str], bytes]:
        """The same for a document as it is."""
        stamp, nonce = str(int(self.now().timestamp())), str(next(self._nonces))
        query = {"signature": sign(TOKEN, stamp, nonce), "timestamp": stamp, "nonce": nonce}
        if self.mode == "plain":
            return query, plain.encode()
        envelope = self._crypto.encrypt_message(plain, nonce, stamp)
        encrypted = _between(envelope, "<Encrypt><![CDATA[", "]]>")
        query |= {"encrypt_type": "aes", "msg_signature": sign(TOKEN, stamp, nonce, encrypted)}
        kept = plain.strip().removeprefix("<xml>").removesuffix("</xml>") if self.mode == "compatible" else ""
        return query, f"<xml>{kept}<ToUserName>{ACCOUNT}</ToUserName><Encrypt>{encrypted}</Encrypt></xml>".encode()

    def read(self, response: httpx.Response) -> str | None:
        """The text of a passive reply, "" for an acknowledgement, None for what WeChat would not understand."""
        if response.status_code != 200:
            return None
        body = response.text
        if body in ("success", ""):
            return ""
        if self.mode != "plain":
            stamp, nonce = _between(body, "<TimeStamp><![CDATA[", "]]>"), _between(body, "<Nonce><![CDATA[", "]]>")
            body = to_text(
                self._crypto.decrypt_message(body, _between(body, "<MsgSignature><![CDATA[", "]]>"), stamp, nonce)
            )
        reply = parse_message(body)
        assert reply.type == "text"
        assert reply.source == ACCOUNT
        assert len(reply.content.encode()) <= TEXT_LIMIT
        return str(reply.content)


async def _post(url: httpx.URL, body: bytes) -> httpx.Response:
    """One request on a connection of its own: a pooled client slows down with a hundred of them."""
    reader, writer = await asyncio.open_connection(url.host, url.port)
    try:
        target = url.raw_path.decode()
        head = f"POST {target} HTTP/1.1\r\nHost: {url.host}\r\nContent-Type: text/xml\r\nConnection: close\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer, _, content = (await reader.read()).partition(b"\r\n\r\n")
        if not answer:
            raise ConnectionResetError("closed without an answer")
        status, *headers = answer.decode().split("\r\n")
        pairs = [(name, value) for name, _, value in (line.partition(": ") for line in headers)]
        return httpx.Response(int(status.split()[1]), headers=pairs, content=content)
    finally:
        writer.close()


def sign(*parts: str) -> str:
    """wechatpy's signature."""
    signer = WeChatSigner()
    signer.add_data(*parts)
    return str(signer.signature)


def as_xml(message: Json) -> str:
    """The XML of a message; values are escaped."""
    return "<xml>" + "".join(f"<{name}>{escape(value)}</{name}>" for name, value in message.items()) + "</xml>"


def _between(text: str, start: str, end: str) -> str:
    return text.split(start, 1)[1].split(end, 1)[0]


def _shown(body: Json) -> Seen:
    if body["msgtype"] == "text":
        return Seen(body["text"]["content"], "api")
    if body["msgtype"] == "image":
        return Seen(f"[{body['image']['media_id']}]", "api")
    menu = body["msgmenu"]
    return Seen(menu["head_content"], "api", menu["list"])


def _is_sendable(body: Json) -> bool:
    if body.get("msgtype") == "text":
        return 0 < len(body["text"]["content"].encode()) <= TEXT_LIMIT
    menu = body.get("msgmenu") or {}
    items = menu.get("list") or []
    return bool(items) and all(isinstance(one.get("id"), str) and one.get("content") for one in items)


def _refusal(code: int, message: str) -> Response:
    return JSONResponse({"errcode": code, "errmsg": message})
