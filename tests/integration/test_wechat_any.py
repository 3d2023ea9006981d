"""Whatever stands in a signed callback, on both databases: taken in or refused, never a crash of ours."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.testing import Databases
from tests.integration.signed import query_of
from tests.support.wechat_world import WeChatWorld, patient_world

EXAMPLES = 120
TAGS = (
    "ToUserName", "FromUserName", "CreateTime", "MsgType", "Content", "MsgId", "Event", "EventKey", "MediaId", "PicUrl",
    "Location_X", "Recognition", "bizmsgmenuid", "Encrypt", "MsgDataId",
)  # fmt: skip
KINDS = ("text", "image", "voice", "video", "location", "link", "event", "subscribe", "CLICK", "SCAN", "nothing")
WORDS = st.text(max_size=20) | st.sampled_from(
    [*KINDS, "", "\x00", "\x1d", "]]>", "&amp;", "&x;", "<a/>", "9" * 40, "-1", "1e9", "你" * 4000, "o_li", "\u202e"]
)
WRAPPED = st.sampled_from(
    ["<{0}><![CDATA[{1}]]></{0}>", "<{0}>{1}</{0}>", "<{0} a='{1}'/>", "<{0}><{0}>{1}</{0}></{0}>"]
)
ELEMENT = st.builds(lambda form, tag, words: form.format(tag, words), WRAPPED, st.sampled_from(TAGS), WORDS)
USUAL = "<ToUserName>gh_account</ToUserName><FromUserName>o_li</FromUserName><CreateTime>1764000000</CreateTime>"
BODIES = st.one_of(
    st.builds(lambda parts: f"<xml>{''.join(parts)}</xml>", st.lists(ELEMENT, max_size=6)),
    st.builds(lambda kind, parts: f"<xml>{USUAL}<MsgType>{kind}</MsgType>{''.join(parts)}</xml>",
              st.sampled_from(KINDS), st.lists(ELEMENT, max_size=4)),
    st.text(max_size=60),
)  # fmt: skip


@pytest.fixture
async def here(databases: Databases) -> AsyncIterator[WeChatWorld]:
    async with patient_world(databases.fresh()) as made:
        yield made


def bodies() -> list[bytes]:
    """The same ones each time."""
    made: list[bytes] = []

    @settings(max_examples=EXAMPLES, derandomize=True, database=None, deadline=None)
    @given(BODIES)
    def collect(body: str) -> None:
        made.append(body.encode("utf-8", "surrogatepass"))

    collect()
    return [*made, b"\xff\xfe", b"<xml>" * 100]


async def test_any_signed_callback_is_taken_in_or_refused(here: WeChatWorld) -> None:
    statuses: dict[int, list[bytes]] = {}
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        for number, body in enumerate(bodies()):
            answer = await client.post(here.wechat.callback, params=query_of(f"any{number}"), content=body)
            statuses.setdefault(answer.status_code, []).append(body)
    assert not {status: found[:3] for status, found in statuses.items() if status >= 500}
    assert 200 in statuses
    assert len(statuses) > 1
