"""Whatever a stranger puts into a packet, on both databases: a clear error or an answer, never a crash of ours."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integration.web.conftest import Site

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVENTS = ("session_request", "user_uttered", "open", "history", "typing", "read", "rate", "answer_rated")
FIELDS = (
    "message", "session_id", "metadata", "picture", "client_id", "after_seq", "seq", "score", "comment", "message_id",
    "helpful", "on",
)  # fmt: skip
EXAMPLES = 200
AT_ONCE = 60
"""Packets of one connection: more within ten seconds would be refused unread."""
WORDS = st.text(max_size=12) | st.sampled_from(
    ["\ud800", "\udfff\ud800", "\x00", "a\x00b", "\u202e", "'; --", "你" * 300]
)
NUMBERS = st.integers(-(2**70), 2**70) | st.sampled_from([2**31, 2**63, -(2**63) - 1]) | st.floats(allow_nan=False)
ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS) | WORDS, inner, max_size=4),
    max_leaves=8,
)
MEANT = st.dictionaries(st.sampled_from(FIELDS), ANYTHING, min_size=1, max_size=5)


def packets() -> list[tuple[str, Any]]:
    """The same ones each time."""
    made: list[tuple[str, Any]] = []

    @settings(max_examples=EXAMPLES, derandomize=True, database=None, deadline=None)
    @given(st.sampled_from(EVENTS), MEANT | ANYTHING)
    def collect(event: str, data: Any) -> None:
        made.append((event, data))

    collect()
    return made


async def test_any_packet_is_answered(site: Site) -> None:
    crashed, answered = [], 0
    everything = packets()
    for start in range(0, len(everything), AT_ONCE):
        customer = await site.customer()
        await customer.begin()
        for event, data in everything[start : start + AT_ONCE]:
            told = await customer.ask(event, data)
            assert isinstance(told, dict), (event, data, told)
            code = told.get("error", {}).get("code")
            answered += code is None
            if code == "internal":
                crashed.append((event, data))
        await customer.leave()
    assert not crashed
    assert answered > 0
    one = await site.customer()
    await one.say("您好")
    await one.hears("您好")
