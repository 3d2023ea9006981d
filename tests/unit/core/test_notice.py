"""The ways of a notice and what may become of each; what a vendor's template is filled with."""

from __future__ import annotations

import pytest

from helpdesk.couriers.sms import filled
from helpdesk.model.notice import AFTER, TryState, Way, in_order, may_become, next_way

WAYS = (Way.CHAT, Way.WECHAT, Way.SMS, Way.EMAIL, Way.CALL)


@pytest.mark.parametrize(
    "preferred, order",
    [
        (None, WAYS),
        (Way.EMAIL, (Way.CHAT, Way.EMAIL, Way.WECHAT, Way.SMS, Way.CALL)),
        (Way.CALL, (Way.CHAT, Way.CALL, Way.WECHAT, Way.SMS, Way.EMAIL)),
        (Way.CHAT, WAYS),
    ],
)
def test_the_chat_comes_first_and_then_what_the_customer_prefers(preferred: Way | None, order: tuple[Way, ...]) -> None:
    assert tuple(in_order(WAYS, preferred)) == order


def test_a_way_is_taken_once_and_only_if_it_is_open() -> None:
    assert next_way(WAYS, {Way.CHAT}, {Way.EMAIL, Way.CALL}) is Way.EMAIL
    assert next_way(WAYS, {Way.CHAT, Way.EMAIL, Way.CALL}, {Way.EMAIL, Way.CALL}) is None


def test_every_state_has_its_followers_and_what_was_read_stays_read() -> None:
    assert set(AFTER) == set(TryState)
    assert not [state for state in TryState if may_become(TryState.OPENED, state)]
    assert [state for state in TryState if may_become(TryState.DELIVERED, state)] == [TryState.OPENED]
    assert not [state for state in TryState if may_become(state, TryState.QUEUED) and state is not TryState.SENDING]


def test_only_the_named_fields_are_filled_in() -> None:
    assert filled({"a": "{phone} {other} {", "b": "x"}, {"phone": "1"}) == {"a": "1 {other} {", "b": "x"}
    assert filled({"a": "{text}"}, {"text": "{secret}", "phone": "1"}) == {"a": "{secret}"}
