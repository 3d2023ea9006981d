"""A company's systems over HTTP: asked in time, believed only where the answer fits, kept for when none comes."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog
from structlog.testing import CapturingLogger

from demo.shop import FAULTS, HANG, NONE, StubShop
from helpdesk.clock import ManualClock
from helpdesk.connectors import Shop, caller, open_shop
from helpdesk.connectors.demo import DemoShop
from helpdesk.errors import NotAnswering
from helpdesk.testing import free_port, settings_for
from tests.unit.connectors.conftest import COMPANY, Opened, changed

ON_THE_WAY = "2026111500021"
WAYBILL = "SS2026111700214"


async def test_over_http_the_same_is_told_as_by_the_files(opened: Opened, clock: ManualClock) -> None:
    shop, files = opened(), DemoShop(COMPANY, clock)
    assert await shop.orders.by_number(ON_THE_WAY) == await files.by_number(ON_THE_WAY)
    for number in COMPANY.orders:
        assert list((await shop.orders.progress(number)).value) == (await files.progress(number)).value
        assert list((await shop.orders.parcels(number)).value) == (await files.parcels(number)).value
    assert await shop.orders.parcel(WAYBILL) == await files.parcel(WAYBILL)
    assert await shop.customers.by_id("u1001") == await files.by_id("u1001")
    assert await shop.products.offer("fridge_cross") == await files.offer("fridge_cross")


async def test_orders_are_found_by_customer_and_by_phone_with_surname(opened: Opened) -> None:
    orders = opened().orders
    assert {one.number for one in (await orders.of_customer("u1001")).value} == {"2026110812345", "2026111800609"}
    assert [one.number for one in (await orders.by_phone("13912340066", "李")).value] == [ON_THE_WAY]
    assert (await orders.by_phone("13912340066", "王")).value == []


async def test_what_is_unknown_is_none(opened: Opened) -> None:
    shop = opened()
    assert (await shop.orders.by_number("2026010100001")).value is None
    assert (await shop.orders.parcel("SF1")).value is None
    assert (await shop.customers.by_id("u9")).value is None


@pytest.mark.parametrize("fault", [HANG, *FAULTS])
async def test_whatever_is_no_answer_is_not_answering_and_soon(fault: str, opened: Opened, stub: StubShop) -> None:
    stub.fault = fault
    shop = opened(timeout_s=0.5)
    began = time.monotonic()
    for asked in (shop.orders.by_number(ON_THE_WAY), shop.orders.of_customer("u1001"), shop.customers.by_id("u1001")):
        with pytest.raises(NotAnswering):
            await asked
    assert time.monotonic() - began < 10.0


async def test_a_wrong_secret_and_nobody_there_are_not_answering(opened: Opened, clock: ManualClock) -> None:
    with pytest.raises(NotAnswering):
        await opened(token="wrong").orders.by_number(ON_THE_WAY)
    settings = settings_for("sqlite+aiosqlite://", shop_address=f"http://127.0.0.1:{free_port()}")
    nobody = open_shop(settings, COMPANY, clock)
    with pytest.raises(NotAnswering):
        await nobody.orders.by_number(ON_THE_WAY)
    await nobody.close()


async def test_orders_of_another_are_no_answer(opened: Opened, stub: StubShop) -> None:
    shop = opened(
        calls={**dump(), "orders_of_customer": {**dump()["orders_of_customer"], "body": {"customer": "u1002"}}}
    )
    with pytest.raises(NotAnswering, match="another one"):
        await shop.orders.of_customer("u1001")


def dump() -> dict[str, dict[str, object]]:
    calls: dict[str, dict[str, object]] = COMPANY.connectors.model_dump()["calls"]
    return calls


async def test_what_may_pass_is_tried_again_and_what_will_not_is_not(opened: Opened, stub: StubShop) -> None:
    shop = opened()
    for fault, tries in (("busy", 2), ("error", 1), ("html", 1)):
        stub.fault, stub.asked = fault, []
        with pytest.raises(NotAnswering):
            await shop.orders.by_number(ON_THE_WAY)
        assert len(stub.asked) == tries


async def test_after_some_failures_it_is_left_alone_and_later_tried_again(
    opened: Opened, stub: StubShop, clock: ManualClock
) -> None:
    stub.fault = "nonsense"  # a lie counts as a failure
    shop = opened(breaker={"failures": 2, "rest_s": 20})
    await fail(shop, 4)
    assert len(stub.asked) == 2
    clock.advance(timedelta(seconds=21))
    await fail(shop, 2)
    assert len(stub.asked) == 3, "one is let through, the next is not"
    stub.fault = NONE
    clock.advance(timedelta(seconds=21))
    assert (await shop.orders.by_number(ON_THE_WAY)).value is not None
    assert (await shop.orders.by_number("2026110812345")).value is not None


async def fail(shop: Shop, times: int) -> None:
    for _ in range(times):
        with pytest.raises(NotAnswering):
            await shop.orders.by_number(ON_THE_WAY)


async def test_an_answer_is_kept_and_told_with_its_age_when_no_other_comes(
    opened: Opened, stub: StubShop, clock: ManualClock
) -> None:
    shop = opened(keeping={"fresh_s": 15, "kept_s": 60, "most": 2})
    first = await shop.orders.by_number(ON_THE_WAY)
    clock.advance(timedelta(seconds=10))
    assert await shop.orders.by_number(ON_THE_WAY) == first
    assert len(stub.asked) == 1
    stub.fault = "error"
    clock.advance(timedelta(seconds=10))
    assert await shop.orders.by_number(ON_THE_WAY) == replace(first, is_old=True)
    clock.advance(timedelta(seconds=60))
    await fail(shop, 1)


async def test_no_more_answers_are_kept_than_allowed(opened: Opened, stub: StubShop) -> None:
    shop = opened(keeping={"fresh_s": 15, "kept_s": 60, "most": 1})
    for number in (ON_THE_WAY, "2026110812345", ON_THE_WAY):
        await shop.orders.by_number(number)
    assert len(stub.asked) == 3


async def test_many_at_once_wait_no_longer_than_one(opened: Opened, stub: StubShop) -> None:
    stub.fault = HANG
    shop = opened(timeout_s=0.5, breaker={"failures": 100, "rest_s": 20})
    began = time.monotonic()
    asked = [shop.orders.by_number(f"20261115000{n:02}") for n in range(30)]
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert {type(one) for one in found} == {NotAnswering}
    assert time.monotonic() - began < 5.0


async def test_the_log_tells_what_failed_and_nothing_of_anybody(
    opened: Opened, stub: StubShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    caught = CapturingLogger()
    monkeypatch.setattr(caller, "log", structlog.wrap_logger(caught, processors=[]))
    stub.fault = "nonsense"
    with pytest.raises(NotAnswering):
        await opened().orders.by_number(ON_THE_WAY)
    (line,) = caught.calls
    assert (line.kwargs["event"], line.kwargs["call"]) == ("shop_not_answering", "/orders/{number}")
    assert ON_THE_WAY not in str(line)
    assert "beamed" not in str(line)


async def test_their_names_and_words_are_mapped(opened: Opened) -> None:
    call = {
        "path": "/parcels/{waybill}",
        "fields": {"waybill": "waybill", "state": "carrier", "place": "place"},
        "values": {"state": {"三声物流": "delivering"}},
    }
    found = (await opened(calls={"parcel": call}).orders.parcel(WAYBILL)).value
    assert found is not None
    assert (found.state, found.place, found.carrier) == ("delivering", "郑州中转站", "")


async def test_a_question_that_is_left_out_is_not_asked(opened: Opened, stub: StubShop) -> None:
    shop = opened(calls={})
    assert (await shop.orders.by_number(ON_THE_WAY)).value is None
    assert list((await shop.orders.parcels(ON_THE_WAY)).value) == []
    assert stub.asked == []


@pytest.mark.parametrize(
    "call, problem",
    [
        ({"order": {"path": "/orders/{id}", "fields": {}}}, "{id} is not known here, only number"),
        ({"order": {"path": "/orders/{number}", "fields": {"colour": "c"}}}, "colour is no field of ours"),
        ({"ordre": {"path": "/orders", "fields": {}}}, "is no question"),
    ],
)
def test_a_mistake_in_the_file_is_named(call: dict[str, object], problem: str) -> None:
    with pytest.raises(ValueError, match=problem.replace("{", r"\{")):
        changed(calls=call)


async def test_outside_demo_mode_no_demo_data_is_told(clock: ManualClock) -> None:
    shop = open_shop(settings_for("sqlite+aiosqlite://"), COMPANY, clock)
    with pytest.raises(NotAnswering, match="HELPDESK_SHOP_ADDRESS"):
        await shop.orders.by_number(ON_THE_WAY)
    demo = open_shop(settings_for("sqlite+aiosqlite://", demo=True), COMPANY, clock)
    assert (await demo.orders.by_number(ON_THE_WAY)).value is not None
