"""What a clause says outright beside others: a person is called for, whatever else is denied."""

from __future__ import annotations

import pytest

from bot.nlu.reader.outright import outright

NAMES = {"request_human": ["人工", "真人", "客服"]}


@pytest.mark.parametrize("clause", ["改不到转真人", "弄不好帮我转人工", "说不清楚叫个真人", "听不懂就找人工"])
def test_a_person_is_called_for_behind_what_cannot_be_done(clause: str) -> None:
    assert outright(f"我要退货，{clause}", {}, NAMES) == ("person",)


@pytest.mark.parametrize("clause", ["不转人工", "不用找人工", "别给我转客服", "没要叫真人", "不想换人工"])
def test_a_call_that_is_denied_calls_nobody(clause: str) -> None:
    assert outright(f"我要退货，{clause}", {}, NAMES) == ()


def test_a_complaint_is_wished_for_before_the_colon_that_tells_it() -> None:
    names = {"file_complaint": ["投诉"]}
    assert outright("帮我登记投诉:退款拖着不给,运费也没人管", {}, names) == ("complain",)
    assert outright("10:30到的,投诉电话多少", {}, names) == ()
