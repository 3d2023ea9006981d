"""The web chat as a stock Socket.IO client meets it: Rasa's events, sessions, origins, order."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest
import socketio

from helpdesk.store.tables import AnswerRating, Message, WebSession
from helpdesk.testing import eventually
from tests.integration.web.conftest import PATIENCE, Customer, Site
from tests.support.scripted_worker import answer, heard

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_stock_client_is_given_a_session_and_holds_a_conversation(site: Site) -> None:
    customer = await site.customer()
    await customer.begin()
    stored = await customer.say("冰箱不制冷")
    told = await customer.hears("答：冰箱不制冷")
    assert told["author"] == "bot"
    assert told["quick_replies"] == []
    assert told["seq"] > stored["seq"]
    assert isinstance(customer.session_id, str)
    assert len(customer.session_id) == 43


async def test_a_client_that_never_asks_for_a_session_is_bound_to_its_connection(site: Site) -> None:
    before = len(await site.world.rows(WebSession))
    customer = await site.customer()
    await customer.ask("user_uttered", {"message": "在吗"})
    await customer.hears("答：在吗")
    await customer.ask("user_uttered", {"message": "还在吗"})
    await customer.hears("答：还在吗")
    assert customer.session_id is None
    assert len(await site.world.rows(WebSession)) == before + 1


@pytest.mark.parametrize("forged", ["A" * 43, "x", "", {"a": 1}, 7, "中" * 43])
async def test_a_forged_session_id_gets_a_new_session(site: Site, forged: Any) -> None:
    customer = await site.customer(forged)
    await customer.begin()
    assert customer.session_id != forged
    await customer.say("你好")
    await customer.hears("答：你好")


async def test_a_forged_id_with_a_message_moves_to_a_new_session_and_says_so(site: Site) -> None:
    customer = await site.customer()
    await customer.ask("user_uttered", {"message": "查订单", "session_id": "B" * 43})
    await customer.hears("答：查订单")
    assert customer.session_id not in (None, "B" * 43)


async def test_only_the_hash_of_a_session_id_is_kept(site: Site) -> None:
    customer = await site.customer()
    await customer.begin()
    rows = await site.world.rows(WebSession)
    assert customer.session_id not in {row.token_hash for row in rows}
    row = max(rows, key=lambda one: one.created_at)
    assert 179 < (row.expires_at - row.created_at).days <= 180


async def test_a_session_found_again_tells_its_history(site: Site) -> None:
    first = await site.customer()
    await first.begin()
    await first.say("查订单")
    await first.hears("答：查订单")
    again = await site.customer(first.session_id)
    await again.begin()
    history = await again.ask("history", {"after_seq": 0})
    assert [message["text"] for message in history["messages"]][-1] == "答：查订单"
    assert history["messages"][0]["author"] == "customer"
    assert history["conversation"]["state"] == "bot"


async def test_two_customers_never_hear_each_other(site: Site) -> None:
    li, wang = await site.customer(), await site.customer()
    await asyncio.gather(li.begin(), wang.begin())
    await asyncio.gather(*(one.say(f"{name}说{n}") for one, name in ((li, "李"), (wang, "王")) for n in range(5)))
    await asyncio.gather(li.hears("李说4"), wang.hears("王说4"))
    assert "王说" not in str(li.heard)
    assert "李说" not in str(wang.heard)


async def test_every_window_of_a_session_hears_the_same(site: Site) -> None:
    one = await site.customer()
    await one.begin()
    other = await site.customer(one.session_id)
    await other.begin()
    await one.say("在吗", client_id="c1")
    assert await one.hears("答：在吗") == await other.hears("答：在吗")
    (own,) = [data for name, data in other.heard if name == "customer_uttered"]
    assert own["client_id"] == "c1"


async def test_the_same_message_sent_twice_is_answered_once(site: Site) -> None:
    customer = await site.customer()
    await customer.begin()
    first = await customer.say("退货", client_id="c1")
    await customer.hears("答：退货")
    again = await customer.say("退货", client_id="c1")
    assert again == first
    assert len(await site.world.rows(Message, text="退货")) == 1


async def test_opening_greets_once(site: Site) -> None:
    customer = await site.customer()
    await customer.begin()
    assert await customer.ask("open", {}) == {"greeted": True}
    await customer.hears("答：open")
    assert await customer.ask("open", {}) == {"greeted": False}
    history = await customer.ask("history", {"after_seq": 0})
    assert [message["author"] for message in history["messages"]] == ["bot"]


async def test_a_choice_is_pressed_by_its_payload_and_shown_by_its_title(site: Site) -> None:
    async def script(body: dict[str, Any]) -> dict[str, Any]:
        press = {"intent": "file_complaint", "entities": {}, "title": "我要投诉"}
        return answer(body, f"答：{heard(body)}", buttons=[{"title": "我要投诉", "press": press}])

    site.world.worker.script = script
    customer = await site.customer()
    await customer.begin()
    await customer.say("你好")
    told = await customer.hears("答：你好")
    (choice,) = told["quick_replies"]
    assert choice["content_type"] == "text"
    assert choice["payload"].startswith("b:")
    await customer.say(choice["payload"])
    await customer.hears("答：我要投诉")
    history = await customer.ask("history", {"after_seq": 0})
    assert "我要投诉" in [message["text"] for message in history["messages"] if message["author"] == "customer"]


@pytest.mark.parametrize("message", [None, 7, ["x"], {"text": "x"}])
async def test_what_is_no_text_is_refused_with_the_reason(site: Site, message: Any) -> None:
    customer = await site.customer()
    await customer.begin()
    refused = await customer.ask("user_uttered", {"message": message})
    assert refused["error"]["code"] == "invalid_input"


async def test_too_many_messages_at_once_are_refused_and_may_come_again(site: Site) -> None:
    customer = await site.customer()
    await customer.begin()
    answers = [await customer.say(f"第{n}条", client_id=f"c{n}") for n in range(25)]
    codes = [one["error"]["code"] for one in answers if "error" in one]
    assert set(codes) == {"too_many_tries"}
    assert len(codes) == 5


async def test_a_foreign_site_is_refused_and_an_allowed_one_may_embed(site: Site) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        await Customer(site.url).connect(Origin="https://evil.example")
    allowed = await site.customer(Origin="https://shop.example")
    await allowed.begin()
    own = await site.customer(Origin=site.url)
    await own.begin()


async def test_the_desk_is_closed_to_who_is_not_signed_in(site: Site) -> None:
    client = socketio.AsyncClient(reconnection=False)
    with pytest.raises(socketio.exceptions.ConnectionError):
        await client.connect(site.url, namespaces=["/desk"], transports=["websocket"])
    await client.disconnect()


async def test_an_answer_is_called_helpful_in_every_window_and_after_a_reload(site: Site) -> None:
    async def script(body: dict[str, Any]) -> dict[str, Any]:
        return answer(body, "来回运费由我们承担。", custom={"kind": "faq_answer", "faq_id": "returns.freight"})

    site.world.worker.script = script
    one = await site.customer()
    await one.begin()
    other = await site.customer(one.session_id)
    await other.begin()
    await one.say("运费谁出")
    told = await one.hears("来回运费")
    assert told["helpful"] is None
    assert await one.ask("answer_rated", {"message_id": told["id"], "helpful": True}) == {"rated": True}

    async def shown() -> bool:
        return ("answer_rated", {"message_id": told["id"], "helpful": True}) in other.heard

    await eventually(shown, "the other window shows it")
    again = await site.customer(one.session_id)
    await again.begin()
    history = await again.ask("history", {"after_seq": 0})
    assert [message["helpful"] for message in history["messages"] if "helpful" in message] == [True]
    (kept,) = await site.world.rows(AnswerRating, message_id=told["id"])
    assert (kept.faq_id, kept.helpful) == ("returns.freight", True)


@pytest.mark.parametrize(
    "rated",
    [
        {},
        {"message_id": "x", "helpful": True},
        {"message_id": "\0", "helpful": True},
        {"message_id": "\ud800", "helpful": True},
        {"message_id": 7, "helpful": "ja"},
        None,
    ],
)
async def test_only_ones_own_answers_can_be_rated(site: Site, rated: Any) -> None:
    customer = await site.customer()
    await customer.begin()
    assert "error" in await customer.ask("answer_rated", rated)
    await customer.say("在吗")
    told = await customer.hears("答：在吗")
    refused = await customer.ask("answer_rated", rated or {"message_id": told["id"], "helpful": True})
    assert refused["error"]["code"] in {"not_found", "invalid_input"}


async def test_with_the_network_cut_at_random_nothing_is_lost_twice_or_out_of_order(site: Site) -> None:
    """A hundred and twenty conversations on the two databases, twenty at a time: no measure of the machine."""
    chosen = random.Random(20261121)
    for group in range(3):
        numbers = range(20 * group, 20 * (group + 1))
        talks = [asyncio.create_task(_talk_over_a_bad_line(site, number, chosen.random())) for number in numbers]
        for told, expected in await asyncio.gather(*talks):
            assert told == expected
        while site.customers:
            await site.customers.pop().leave()


async def _talk_over_a_bad_line(site: Site, number: int, seed: float) -> tuple[list[str], list[str]]:
    """Four messages over a line that is cut at random; own words as the service has them, and as they were said."""
    dice = random.Random(seed)
    customer = await site.customer()
    await customer.begin()
    words = [f"{number}号第{n}句" for n in range(4)]
    for n, text in enumerate(words):
        await _say_until_stored(customer, text, f"c{n}", dice)

    async def all_answered() -> list[dict[str, Any]] | None:
        history = await customer.ask("history", {"after_seq": 0})
        answers = "".join(m["text"] for m in history["messages"] if m["author"] == "bot")
        return history["messages"] if all(text in answers for text in words) else None

    messages = await eventually(all_answered, "every message is answered", 2 * PATIENCE)
    return [message["text"] for message in messages if message["author"] == "customer"], words


async def _say_until_stored(customer: Customer, text: str, client_id: str, dice: random.Random) -> None:
    """As the widget does: the same id, again and again, until it is confirmed."""
    while True:
        if not customer.client.connected:
            await customer.connect()
            await customer.begin()
        saying = asyncio.create_task(customer.say(text, client_id=client_id))
        if dice.random() < 0.5:
            await asyncio.sleep(dice.random() * 0.03)
            await customer.cut()
            saying.cancel()
            await asyncio.gather(saying, return_exceptions=True)
            continue
        stored = await saying
        if "id" in stored:
            return
