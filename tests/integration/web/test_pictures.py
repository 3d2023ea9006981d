"""Pictures: only pictures, only so large, only so many, and seen by nobody but their session and staff."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from helpdesk.model.picture import LARGEST
from helpdesk.store.tables import Conversation, Message, Picture, Ticket
from helpdesk.testing import eventually
from helpdesk.usecases.conversations import pictures
from helpdesk.usecases.people.roster import ensure_demo_staff
from helpdesk.usecases.queue.handoff_note import build_handoff_note
from helpdesk.usecases.tickets.opening import register, reserve_ticket
from tests.integration.web.conftest import Customer, Site
from tests.support.files import NO_PICTURES, PNG, drawn
from tests.support.scripted_worker import answer, heard

pytestmark = pytest.mark.asyncio(loop_scope="module")


KINDS = {
    "PNG": ("image/png", PNG),
    "JPEG": ("image/jpeg", drawn("JPEG")),
    "GIF": ("image/png", drawn("GIF")),
    "WEBP": ("image/jpeg", drawn("WEBP")),
}
PASSWORD = "三声-demo-2026"


@pytest_asyncio.fixture(loop_scope="module")
async def http(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    """A browser's requests."""
    async with httpx.AsyncClient(base_url=site.url, trust_env=False, timeout=30) as client:
        yield client


async def begun(site: Site) -> Customer:
    """Somebody with a session."""
    customer = await site.customer()
    await customer.begin()
    return customer


def as_session(customer: Customer) -> dict[str, str]:
    """The header that speaks for a session."""
    return {"X-Session-Id": customer.session_id or ""}


async def upload(http: httpx.AsyncClient, customer: Customer, content: bytes = PNG, **headers: str) -> httpx.Response:
    """Send a picture as a browser's form does."""
    files = {"picture": ("a.png", content, "image/png")}
    return await http.post("/web/pictures", files=files, headers={**as_session(customer), **headers})


async def show(site: Site, http: httpx.AsyncClient, customer: Customer) -> str:
    """Send a picture and say it; its address."""
    sent = (await upload(http, customer)).json()
    assert "id" in await customer.say("", client_id=f"p-{sent['id']}", metadata={"picture": sent["id"]})
    return str(sent["url"])


async def sign_in(site: Site, http: httpx.AsyncClient, username: str = "agent") -> dict[str, str]:
    """A member of staff's bearer token as a header."""
    await ensure_demo_staff(site.services, PASSWORD)
    signed_in = await http.post("/api/session", json={"username": username, "password": PASSWORD})
    return {"Authorization": f"Bearer {signed_in.json()['token']}"}


@pytest.mark.parametrize("kind", KINDS)
async def test_a_picture_is_kept_and_shown_as_a_picture_and_nothing_else(
    site: Site, http: httpx.AsyncClient, kind: str
) -> None:
    customer = await begun(site)
    media_type, given = KINDS[kind]
    sent = await upload(http, customer, given)
    assert sent.status_code == 201
    assert sent.json()["url"] == f"/pictures/{sent.json()['id']}"
    shown = await http.get(sent.json()["url"], headers=as_session(customer))
    assert Image.open(io.BytesIO(shown.content)).size == (256, 256)
    assert shown.headers["content-type"] == media_type
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert shown.headers["cache-control"].startswith("private")
    again = await http.get(sent.json()["url"], headers={**as_session(customer), "If-None-Match": shown.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def huge(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims so many pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    chunks = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize("size", [(30_000, 30_000), (2_000_000_000, 1), (1, 100_000_000)])
async def test_a_picture_of_too_many_pixels_is_refused_unread(
    site: Site, http: httpx.AsyncClient, size: tuple[int, int]
) -> None:
    refused = await upload(http, await begun(site), huge(*size))
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "invalid_input"


def scanned(times: int) -> bytes:
    """A progressive JPEG whose last walk over the pixels comes so often."""
    whole = drawn("JPEG", progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * times + whole[-2:]


async def test_a_picture_that_is_drawn_over_and_over_is_refused_undrawn(site: Site, http: httpx.AsyncClient) -> None:
    customer = await begun(site)
    assert (await upload(http, customer, scanned(1))).status_code == 201
    refused = await upload(http, customer, scanned(2000))
    assert (refused.status_code, refused.json()["error"]["reason"]) == (422, "picture_damaged")


async def test_what_its_sender_did_not_mean_to_tell_is_gone(site: Site, http: httpx.AsyncClient) -> None:
    """Where it was taken, what was written into it, frames that nobody sees, and bytes behind its end."""
    where = Image.Exif()
    where[0x010E] = "SECRET description"
    where.get_ifd(0x8825)[2] = (31.0, 14.0, 4.0)
    comment = PngInfo()
    comment.add_text("Comment", "SECRET comment")
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    sent = [
        drawn("JPEG", exif=where, comment=b"SECRET"),
        drawn("WEBP", exif=where.tobytes()),
        drawn("PNG", exif=where.tobytes(), pnginfo=comment),
        drawn("GIF", comment=b"SECRET", save_all=True, append_images=frames),
        drawn("PNG") + b"SECRET<script>alert(1)</script>",
    ]
    customer = await begun(site)
    for content in sent:
        assert b"SECRET" in content
        url = (await upload(http, customer, content)).json()["url"]
        kept = (await http.get(url, headers=as_session(customer))).content
        assert b"SECRET" not in kept
        picture = Image.open(io.BytesIO(kept))
        assert dict(picture.getexif()) == {}
        assert getattr(picture, "n_frames", 1) == 1


async def test_pictures_have_a_total_a_day_and_leave_room_on_the_disk(
    site: Site, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = await begun(site)
    assert (await upload(http, customer)).status_code == 201
    settings = site.services.settings
    monkeypatch.setattr(site.services, "settings", settings.model_copy(update={"pictures_a_day": 0}))
    refused = await upload(http, customer)
    assert (refused.status_code, "Retry-After" in refused.headers) == (429, True)
    monkeypatch.setattr(site.services, "settings", settings.model_copy(update={"disk_floor": 10**9}))
    refused = await upload(http, customer)
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "no_room")
    assert "Retry-After" in refused.headers


@pytest.mark.parametrize("name", NO_PICTURES)
async def test_what_only_says_that_it_is_a_picture_is_refused(site: Site, http: httpx.AsyncClient, name: str) -> None:
    refused = await upload(http, await begun(site), NO_PICTURES[name])
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "invalid_input"


async def test_a_picture_of_the_largest_size_is_taken_and_one_byte_more_is_not(
    site: Site, http: httpx.AsyncClient
) -> None:
    customer = await begun(site)
    largest = PNG + bytes(LARGEST - len(PNG))  # what stands behind a picture's end is not kept
    assert (await upload(http, customer, largest)).status_code == 201
    for content in (largest + b"x", largest * 3):
        refused = await upload(http, customer, content)
        assert refused.status_code == 413
        assert refused.json()["error"]["code"] == "too_large"


@pytest.mark.parametrize(
    "request_with",
    [
        {"json": {"picture": "x"}},
        {"content": b"", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"content": b"--x\r\nbroken", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"data": {"other": "1"}, "files": {"file": b"GIF89a"}},
    ],
)
async def test_a_broken_form_is_refused(site: Site, http: httpx.AsyncClient, request_with: dict[str, Any]) -> None:
    headers = {**as_session(await begun(site)), **request_with.pop("headers", {})}
    refused = await http.post("/web/pictures", headers=headers, **request_with)
    assert refused.status_code == 422
    assert set(refused.json()) == {"error"}


@pytest.mark.parametrize("token", ["", "A" * 43, "x", "' OR 1=1 --"])
async def test_without_a_session_of_ours_nothing_is_taken_or_shown(
    site: Site, http: httpx.AsyncClient, token: str
) -> None:
    before = len(await site.world.rows(Picture))
    sent = await http.post("/web/pictures", files={"picture": PNG}, headers={"X-Session-Id": token})
    assert sent.status_code == 401
    assert len(await site.world.rows(Picture)) == before
    mine = (await upload(http, await begun(site))).json()["url"]
    assert (await http.get(mine, headers={"X-Session-Id": token})).status_code == 401
    assert (await http.get(mine)).status_code == 401


async def test_a_foreign_session_can_neither_see_nor_send_a_picture(site: Site, http: httpx.AsyncClient) -> None:
    li, wang = await begun(site), await begun(site)
    url = await show(site, http, li)
    foreign = await http.get(url, headers=as_session(wang))
    unknown = await http.get("/pictures/" + "0" * 32, headers=as_session(wang))
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json() == unknown.json()
    refused = await wang.say("", client_id="c1", metadata={"picture": url.rsplit("/", 1)[1]})
    assert refused["error"]["code"] == "not_found"
    assert url not in str(wang.heard)


async def test_staff_see_a_customers_picture_in_the_thread_and_in_the_packet(
    site: Site, http: httpx.AsyncClient
) -> None:
    customer = await begun(site)
    url = await show(site, http, customer)
    staff = await sign_in(site, http)
    assert (await http.get(url, headers=staff)).headers["content-type"] == "image/png"
    (said,) = await site.world.rows(Message, image=url)
    conversation = (await http.get(f"/api/conversations/{said.conversation_id}", headers=staff)).json()
    assert url in [message["image"] for message in conversation["messages"]]
    async with site.services.db.write(said.at) as uow:
        row = await uow.session.get_one(Conversation, said.conversation_id)
        note = await build_handoff_note(site.services, uow, row, reason="staff", mood=None)
    assert url in [one.get("image") for one in note["asked"]]


async def test_a_flood_of_pictures_is_held_up(
    site: Site, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "AN_HOUR", 3)
    customer, other = await begun(site), await begun(site)
    taken = [(await upload(http, customer)).status_code for _ in range(5)]
    assert taken == [201, 201, 201, 429, 429]
    assert (await upload(http, other)).status_code == 201


async def test_a_picture_is_acknowledged_and_told_to_every_window(site: Site, http: httpx.AsyncClient) -> None:
    one = await begun(site)
    other = await site.customer(one.session_id)
    await other.begin()
    url = await show(site, http, one)

    async def told() -> dict[str, Any] | None:
        return next((data for name, data in other.heard if name == "customer_uttered"), None)

    message = await eventually(told, "the other window hears of the picture")
    assert message["attachment"] == {"type": "image", "payload": {"src": url}}
    assert message["text"] == ""
    await other.hears("图片")
    assert other.texts()[-1] in site.services.wording.variants("picture_received")
    history = await other.ask("history", {"after_seq": 0})
    assert history["messages"][0]["attachment"]["payload"]["src"] == url


async def test_a_picture_said_twice_is_one_message(site: Site, http: httpx.AsyncClient) -> None:
    customer = await begun(site)
    sent = (await upload(http, customer)).json()
    said = {"client_id": "c1", "metadata": {"picture": sent["id"]}}
    assert await customer.say("", **said) == await customer.say("", **said)
    assert len(await site.world.rows(Message, image=sent["url"])) == 1


@pytest.mark.parametrize("picture", [7, {"id": "x"}, ["x"], "x", "0" * 32])
async def test_a_message_with_a_picture_that_is_none_is_refused(site: Site, picture: Any) -> None:
    customer = await begun(site)
    refused = await customer.say("看这个", client_id="c1", metadata={"picture": picture})
    assert refused["error"]["code"] in {"invalid_input", "not_found"}


async def test_evidence_is_what_the_picture_shows_and_the_ticket_holds_its_address(
    site: Site, http: httpx.AsyncClient
) -> None:
    async def script(body: dict[str, Any]) -> dict[str, Any]:
        given = answer(body, f"答：{heard(body)}")
        given["state"]["active_loop"] = {"name": "complaint_form"}
        asked = {"投诉": "evidence", "［图片］": "phone"}.get(heard(body), "phone")
        given["state"]["slots"]["requested_slot"] = asked
        return given

    site.world.worker.script = script
    customer = await begun(site)
    await customer.say("投诉")
    await customer.hears("答：投诉")
    evidence = await show(site, http, customer)
    await customer.hears("答：［图片］")
    second = await show(site, http, customer)

    async def acknowledged() -> bool:
        return any(text in site.services.wording.variants("picture_in_form") for text in customer.texts())

    await eventually(acknowledged, "a picture in mid-form is acknowledged, and the question stays")
    (said,) = await site.world.rows(Message, image=evidence)
    fields = await _registered(site, said.conversation_id, {"description": "冰箱漏水", "evidence": "［图片］"})
    assert fields["evidence"] == [evidence, second]
    later = await _registered(site, said.conversation_id, {"description": "又想起一件事"})
    assert "evidence" not in later


async def _registered(site: Site, conversation_id: str, fields: dict[str, str]) -> dict[str, Any]:
    """Have the effect of a filled form happen; the ticket's fields."""
    async with site.services.db.write() as uow:
        conversation = await uow.session.get_one(Conversation, conversation_id)
        payload = {"kind": "offline_message", "fields": fields}
        result = await reserve_ticket(site.services, uow, conversation, payload)
        await register(site.services, uow, conversation, payload, result)
        await uow.commit()
    (ticket,) = await site.world.rows(Ticket, number=result["number"])
    held: dict[str, Any] = ticket.fields
    return held


async def test_a_site_that_embeds_the_chat_may_use_it_from_a_browser_and_no_other(
    site: Site, http: httpx.AsyncClient
) -> None:
    customer = await begun(site)
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-session-id"}
    ours = await http.options("/web/pictures", headers={"Origin": "https://shop.example", **asks})
    assert ours.headers["access-control-allow-origin"] == "https://shop.example"
    foreign = await http.options("/web/pictures", headers={"Origin": "https://evil.example", **asks})
    assert "access-control-allow-origin" not in foreign.headers
    refused = await upload(http, customer, b"no picture", Origin="https://shop.example")
    assert refused.status_code == 422
    assert refused.headers["access-control-allow-origin"] == "https://shop.example"
    api = await http.get("/api/queue", headers={"Origin": "https://shop.example"})
    assert "access-control-allow-origin" not in api.headers
