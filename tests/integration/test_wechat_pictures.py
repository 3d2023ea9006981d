"""Pictures of customers on WeChat are fetched and kept; those of staff arrive as pictures."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

import pytest
from PIL import Image

from helpdesk.model.picture import content_type
from helpdesk.store.tables import Message, Picture
from helpdesk.testing import Databases, eventually
from helpdesk.usecases.queue import sent_pictures
from helpdesk.usecases.queue.handover import take
from tests.support.wechat_world import WeChatWorld, wechat_world


@pytest.fixture
async def here(databases: Databases) -> AsyncIterator[WeChatWorld]:
    async with wechat_world(databases.fresh()) as made:
        yield made


def photograph() -> bytes:
    """A picture as a telephone makes it, with the place where it was taken."""
    said = Image.Exif()
    said[0x010E] = "海珠区新港中路"
    written = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(written, "JPEG", exif=said)
    return written.getvalue()


async def shown(here: WeChatWorld) -> str:
    """The address of the customer's last picture, once nothing is to be fetched any more."""

    async def is_settled() -> Message | None:
        last = (await here.messages_of("o_li", "customer"))[-1]
        return None if "media_id" in (last.input or {}) else last

    message = await eventually(is_settled, "the picture is fetched or given up")
    return str(message.image)


async def test_a_picture_is_fetched_drawn_anew_and_kept(here: WeChatWorld) -> None:
    await here.wechat.show("o_li", photograph())
    address = await shown(here)
    (picture,) = await here.world.rows(Picture)
    assert address == f"/pictures/{picture.id}"
    async with here.world.services.db.read() as uow:
        content = await uow.session.scalar(Picture.__table__.select().with_only_columns(Picture.content))
    assert content_type(content) == "image/jpeg"
    assert "海珠区".encode() not in content
    assert here.wechat.fetched == ["sent_1"]


async def test_what_cannot_be_had_now_is_fetched_later(here: WeChatWorld) -> None:
    here.wechat.media_answers = [{"errcode": -1, "errmsg": "system busy"}, {"errcode": 45009, "errmsg": "limit"}]
    for _ in range(3):  # each picture that comes has those looked for that did not
        await here.wechat.show("o_li", photograph())
    assert (await shown(here)).startswith("/pictures/")

    async def all_kept() -> bool:
        return all(str(one.image).startswith("/pictures/") for one in await here.messages_of("o_li", "customer"))

    await here.wechat.show("o_li", photograph())
    await eventually(all_kept, "every picture is kept")
    assert len(await here.world.rows(Picture)) == 4


@pytest.mark.parametrize("content", [b"<html><script>alert(1)</script>", b"{}", b""], ids=["page", "object", "nothing"])
async def test_what_is_no_picture_keeps_its_address_and_is_asked_for_once(here: WeChatWorld, content: bytes) -> None:
    await here.wechat.show("o_li", content)
    assert await shown(here) == f"{here.wechat.url}/sent_1"
    here.wechat.media.clear()
    await here.wechat.post(here.wechat.message("o_li", "image", PicUrl="http://x.example/2", MediaId="gone"))
    assert await shown(here) == "http://x.example/2"
    assert here.wechat.fetched == ["sent_1", "gone"]
    assert await here.world.rows(Picture) == []


async def test_a_refused_token_is_renewed_for_a_picture_too(here: WeChatWorld) -> None:
    await here.wechat.show("o_li", photograph())
    await shown(here)
    here.wechat.tokens.append("of another process")
    await here.wechat.show("o_li", photograph())
    assert (await shown(here)).startswith("/pictures/")


async def test_a_picture_of_staff_arrives_as_a_picture(here: WeChatWorld) -> None:
    await here.wechat.say("o_li", "您好")
    services = here.world.services
    conversation, staff = await here.world.conversation(), await here.world.staff_on_duty()
    await take(services, conversation.id, staff)
    await sent_pictures.send(services, conversation.id, staff, photograph(), "p1")
    await here.appears("[media_1]")
    assert content_type(here.wechat.media["media_1"]) == "image/jpeg"
