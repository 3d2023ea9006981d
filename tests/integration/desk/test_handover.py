"""From the queue to a person and back."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from helpdesk.errors import MoveRefused
from helpdesk.model import dialogue
from helpdesk.store.tables import Audit, Conversation, Customer, Message, Promise, Rating, Ticket
from helpdesk.usecases.journal import queue_joins
from tests.integration.desk.conftest import Desk, complaint
from tests.integration.desk.steps import names


async def test_nobody_on_duty_means_offline_and_nothing_moves(sqlite_desk: Desk) -> None:
    conversation_id = await sqlite_desk.customer()
    result = await sqlite_desk.turn(conversation_id, "join_queue", {"reason": "customer_asked"})
    assert result == {"state": "offline", "position": 0, "estimate_s": None, "priority": "normal"}
    assert await sqlite_desk.state(conversation_id) == "bot"
    assert await sqlite_desk.told(conversation_id) == []


async def test_a_bot_that_failed_queues_the_customer_even_so(sqlite_desk: Desk) -> None:
    conversation_id = await sqlite_desk.customer()
    result = await sqlite_desk.turn(conversation_id, "join_queue", {"reason": "worker_failed"})
    assert (result["state"], await sqlite_desk.state(conversation_id)) == ("waiting", "waiting")


async def test_strangers_of_one_address_do_not_fill_the_queue(sqlite_desk: Desk) -> None:
    """Sixty sessions that cost nothing are ten at most; a neighbour in danger and old customers are not held up."""
    desk = sqlite_desk
    desk.services.settings = desk.services.settings.model_copy(update={"address_room": 1.0})
    await desk.sign_in()

    async def join(sender: str, network: str = "", **payload: Any) -> str:
        if network:
            async with desk.services.db.write() as uow:
                queue_joins.remember(uow, sender, network)
                await uow.commit()
        result = await desk.turn(await desk.customer(sender), "join_queue", {"reason": "customer_asked", **payload})
        return str(result["state"])

    flood = [await join(f"fake{n}", "203.0.113.9") for n in range(60)]
    assert flood == ["waiting"] * queue_joins.MOST + ["offline"] * (60 - queue_joins.MOST)
    assert await join("elsewhere", "203.0.113.10") == "waiting"
    assert await join("known") == "waiting"
    assert await join("in danger", "203.0.113.9", priority="safety") == "waiting"
    desk.clock.advance(timedelta(minutes=11))
    await desk.sign_in()
    assert await join("later", "203.0.113.9") == "waiting"


async def test_joining_tells_the_place_honestly_and_how_to_leave(desk: Desk) -> None:
    await desk.sign_in()
    conversation_id = await desk.waiting()
    [told] = await desk.told(conversation_id)
    assert told.custom == {"kind": "handoff", "state": "waiting", "position": 1, "estimate_s": None}
    assert "不好估计" in told.text
    assert [(b["title"], b["press"]) for b in told.buttons or []] == [("取消排队", {"service": "leave_queue"})]


async def test_the_queue_is_in_the_order_of_need(desk: Desk) -> None:
    await desk.sign_in()
    await desk.waiting("normal")
    await desk.waiting("urgent", priority="urgent")
    key = await desk.customer("key")
    conversation = await desk.row(Conversation, id=key)
    await desk.change(Customer, conversation.customer_id, tier="key")
    await desk.turn(key, "join_queue", {"reason": "customer_asked"})
    await desk.waiting("danger", priority="safety")
    assert await names(desk) == ["danger", "urgent", "key", "normal"]
    queue = await desk.ok("GET", "/queue")
    assert [place["position"] for place in queue] == [1, 2, 3, 4]
    assert set(queue[0]) >= {"conversation_id", "sender", "channel", "position", "waiting_s", "reason", "priority"}


async def test_an_open_safety_matter_goes_first_whatever_is_asked_now(sqlite_desk: Desk) -> None:
    await sqlite_desk.sign_in()
    danger = await sqlite_desk.customer("danger")
    await sqlite_desk.turn(
        danger, "open_ticket", {"kind": "complaint", "urgency": "safety", "fields": {"description": "冒烟"}}
    )
    assert (await sqlite_desk.reserve(danger, "join_queue", {"reason": "asked"}))["priority"] == "safety"


async def test_a_form_is_parked_and_the_handoff_note_holds_what_was_told(sqlite_desk: Desk) -> None:
    await sqlite_desk.sign_in()
    conversation_id = await sqlite_desk.customer("wang", "冰箱不制冷")
    await sqlite_desk.set_dialogue(
        conversation_id, "complaint_form", name="王小明", phone="13812345678", requested_slot="order", tries=1
    )
    await sqlite_desk.turn(conversation_id, "unanswered", {"text": "能不能以旧换新", "suggested": []})
    await sqlite_desk.turn(conversation_id, "open_ticket", complaint(order="2026110899887"))
    await sqlite_desk.turn(conversation_id, "join_queue", {"reason": "angry", "mood": "angry"})
    conversation = await sqlite_desk.row(Conversation, id=conversation_id)
    assert conversation.dialogue["active_loop"] is None
    assert dialogue.suspended_form(conversation.dialogue) == "complaint_form"
    assert dialogue.told(conversation.dialogue)["phone"] == "13812345678"
    note = conversation.handoff_note
    assert note["fields"] == {"name": "王小明", "phone": "13812345678"}
    assert (note["reason"], note["mood"], note["form"]) == ("angry", "angry", "complaint_form")
    assert note["failed"] == ["能不能以旧换新"]
    assert note["asked"][0]["text"] == "冰箱不制冷"
    assert [ticket["kind"] for ticket in note["tickets"]] == ["complaint"]
    assert {promise["kind"] for promise in note["promises"]} == {"first_contact", "result"}


async def test_of_two_who_take_one_wins_and_the_other_hears_who(desk: Desk) -> None:
    await desk.sign_in("agent")
    await desk.sign_in("agent2")
    conversation_id = await desk.waiting()
    answers = await asyncio.gather(
        *(desk.call("POST", f"/conversations/{conversation_id}/claim", staff) for staff in ("agent", "agent2"))
    )
    assert sorted(a.status_code for a in answers) == [200, 409]
    winner = next(a for a in answers if a.status_code == 200).json()["staff_id"]
    loser = next(a for a in answers if a.status_code == 409).json()["error"]
    assert loser["details"]["taken_by"]["id"] == winner
    told = [m for m in await desk.told(conversation_id) if (m.custom or {}).get("state") == "staff"]
    assert len(told) == 1


async def test_the_customer_is_told_name_and_number(desk: Desk) -> None:
    await desk.sign_in()
    conversation_id = await desk.waiting()
    await desk.ok("POST", f"/conversations/{conversation_id}/claim")
    told = (await desk.told(conversation_id))[-1]
    assert "林晓" in told.text
    assert "S1001" in told.text
    assert told.custom["kind"] == "handoff"
    assert told.custom["state"] == "staff"


async def test_taking_ones_own_again_says_nothing_twice(sqlite_desk: Desk) -> None:
    await sqlite_desk.sign_in()
    conversation_id = await sqlite_desk.waiting()
    for _ in range(2):
        await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/claim")
    assert len(await sqlite_desk.told(conversation_id)) == 2


async def test_a_person_serves_only_so_many(desk: Desk) -> None:
    await desk.sign_in()
    capacity = desk.services.company.limits.parallel_conversations
    customers = [await desk.waiting(f"c{n}") for n in range(capacity + 1)]
    answers = await asyncio.gather(*(desk.call("POST", f"/conversations/{c}/claim") for c in customers))
    assert sorted(a.status_code for a in answers) == [200] * capacity + [409]


async def taken(desk: Desk, sender: str = "wang") -> str:
    await desk.sign_in()
    conversation_id = await desk.waiting(sender)
    await desk.ok("POST", f"/conversations/{conversation_id}/claim")
    return conversation_id


async def test_a_message_is_sent_once_however_often_it_comes(desk: Desk) -> None:
    conversation_id = await taken(desk)
    body = {"text": "您好，已经为您查到订单。", "client_id": "m1"}
    answers = await asyncio.gather(
        *(desk.call("POST", f"/conversations/{conversation_id}/messages", **body) for _ in range(4))
    )
    assert {a.status_code for a in answers} == {201}
    assert len({a.json()["id"] for a in answers}) == 1
    said = [m for m in await desk.told(conversation_id) if m.author == "staff"]
    assert [(m.text, m.staff_id) for m in said] == [(body["text"], "agent")]
    await desk.refused(409, "POST", f"/conversations/{conversation_id}/messages", text="您好，别的话。", client_id="m1")


@pytest.mark.parametrize(
    "text, code",
    [
        ("这个不归我管，您去找厂家吧", "evasion"),
        ("自己看说明书", "rude"),
        ("嗯", "curt"),
        ("拆封不退", "void_terms"),
        ("您好，我们会给您回电的", "undated_promise"),
        ("那个订单昨天就已经发走了", "missing_courtesy"),
    ],
)
async def test_language_is_checked_before_a_reply_is_sent(sqlite_desk: Desk, text: str, code: str) -> None:
    conversation_id = await taken(sqlite_desk)
    path = f"/conversations/{conversation_id}/messages"
    error = await sqlite_desk.refused(422, "POST", path, text=text, client_id="m1")
    found = {finding["code"]: finding for finding in error["details"]["findings"]}
    assert set(found[code]) == {"code", "text", "suggestion", "severity", "rewrite"}
    assert [m for m in await sqlite_desk.told(conversation_id) if m.author == "staff"] == []
    await sqlite_desk.ok("POST", path, text=text, client_id="m1", force=True)
    forced = await sqlite_desk.row(Audit, action="reply_forced")
    assert (forced.actor, forced.subject, forced.detail["text"]) == ("staff:agent", conversation_id, text)


async def test_after_a_courteous_word_a_plain_sentence_is_fine(sqlite_desk: Desk) -> None:
    conversation_id = await taken(sqlite_desk)
    path = f"/conversations/{conversation_id}/messages"
    await sqlite_desk.ok("POST", path, text="您好，请稍等。", client_id="m1")
    sent = await sqlite_desk.ok("POST", path, text="那个订单昨天就已经发走了", client_id="m2")
    assert sent["findings"] == []


async def test_a_dated_promise_of_staff_is_in_the_ledger(sqlite_desk: Desk) -> None:
    conversation_id = await taken(sqlite_desk)
    text = "您好，我会在今天18:00前给您回电。"
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/messages", text=text, client_id="m1")
    promise = await sqlite_desk.row(Promise)
    assert (promise.kind, promise.owner_id, promise.state) == ("staff", "agent", "open")
    assert promise.due_at.isoformat() == "2026-11-23T10:00:00+00:00"


async def test_talking_to_the_customer_is_the_first_contact(sqlite_desk: Desk) -> None:
    await sqlite_desk.sign_in()
    conversation_id = await sqlite_desk.customer()
    await sqlite_desk.turn(conversation_id, "open_ticket", complaint())
    await sqlite_desk.turn(conversation_id, "join_queue", {"reason": "asked"})
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/claim")
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/messages", text="您好，我在看您的投诉。")
    assert (await sqlite_desk.row(Ticket)).first_contact_at == sqlite_desk.clock.now()
    assert {p.kind: p.state for p in await sqlite_desk.rows(Promise)} == {"first_contact": "kept", "result": "open"}


async def test_only_who_serves_may_speak(sqlite_desk: Desk) -> None:
    conversation_id = await taken(sqlite_desk)
    path = f"/conversations/{conversation_id}/messages"
    await sqlite_desk.refused(403, "POST", path, "agent2", text="您好，我也在。")
    waiting = await sqlite_desk.waiting("li")
    await sqlite_desk.refused(409, "POST", f"/conversations/{waiting}/messages", text="您好，请讲。")


async def test_a_transfer_to_a_colleague_keeps_an_owner_and_tells(desk: Desk) -> None:
    conversation_id = await taken(desk)
    path = f"/conversations/{conversation_id}/transfer"
    await desk.refused(409, "POST", path, to="agent2")  # not on duty
    await desk.sign_in("agent2")
    moved = await desk.ok("POST", path, to="agent2")
    assert (moved["state"], moved["staff_id"]) == ("staff", "agent2")
    assert "周敏" in (await desk.told(conversation_id))[-1].text
    await desk.refused(403, "POST", path, "agent", to="agent")


async def test_a_transfer_to_a_department_finds_who_is_free_or_queues(desk: Desk) -> None:
    conversation_id = await taken(desk)
    path = f"/conversations/{conversation_id}/transfer"
    moved = await desk.ok("POST", path, to="office")
    assert (moved["state"], moved["staff_id"]) == ("waiting", None)
    [place] = await desk.ok("GET", "/queue")
    assert place["department"] == "office"
    await desk.ok("POST", f"/conversations/{conversation_id}/claim")
    await desk.sign_in("supervisor")
    moved = await desk.ok("POST", path, to="office")
    assert moved["staff_id"] == "supervisor"


async def test_release_gives_the_bot_the_next_word(desk: Desk) -> None:
    conversation_id = await taken(desk)
    assert (await desk.ok("POST", f"/conversations/{conversation_id}/release"))["state"] == "bot"
    start = [m for m in await desk.rows(Message, author="customer") if m.input]
    assert [m.input for m in start] == [{"start": "staff_released"}]
    shown = await desk.ok("GET", f"/conversations/{conversation_id}")
    assert all(m["text"] for m in shown["messages"])
    conversation = await desk.row(Conversation, id=conversation_id)
    assert (conversation.staff_id, conversation.last_staff_id, conversation.queued_at) == (None, "agent", None)


async def test_closing_says_goodbye_and_asks_for_a_rating(desk: Desk) -> None:
    conversation_id = await taken(desk)
    assert (await desk.ok("POST", f"/conversations/{conversation_id}/close"))["state"] == "closed"
    *_, farewell, rating = await desk.told(conversation_id)
    assert farewell.custom == {"kind": "farewell"}
    assert rating.custom == {"kind": "rating_request"}
    assert [b["press"]["score"] for b in rating.buttons or []] == [5, 4, 3, 2, 1]
    await desk.refused(409, "POST", f"/conversations/{conversation_id}/close")
    await desk.refused(409, "POST", f"/conversations/{conversation_id}/claim")


async def test_who_has_just_rated_is_not_asked_again_unless_a_person_served_since(sqlite_desk: Desk) -> None:
    conversation_id = await taken(sqlite_desk)
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/close")
    await sqlite_desk.turn(conversation_id, "rate", {"score": 5})
    await sqlite_desk.customer("wang", "谢谢")
    await sqlite_desk.change(Conversation, conversation_id, state="bot")
    await sqlite_desk.turn(conversation_id, "close", {"rating": True})
    assert (await asked_to_rate(sqlite_desk, conversation_id)) == 1
    await sqlite_desk.change(Conversation, conversation_id, state="waiting")
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/claim")
    sqlite_desk.clock.advance(timedelta(minutes=1))
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/messages", text="您好，请问还有什么可以帮您？")
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/close")
    assert (await asked_to_rate(sqlite_desk, conversation_id)) == 2


async def asked_to_rate(desk: Desk, conversation_id: str) -> int:
    told = await desk.told(conversation_id)
    return sum((one.custom or {}).get("kind") == "rating_request" for one in told)


async def test_no_rating_after_a_safety_matter(sqlite_desk: Desk) -> None:
    await sqlite_desk.sign_in()
    conversation_id = await sqlite_desk.customer()
    danger = {"kind": "complaint", "urgency": "safety", "fields": {"description": "插座冒烟了"}}
    await sqlite_desk.turn(conversation_id, "open_ticket", danger)
    await sqlite_desk.turn(conversation_id, "join_queue", {"reason": "safety", "priority": "safety"})
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/claim")
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/close")
    kinds = [(m.custom or {}).get("kind") for m in await sqlite_desk.told(conversation_id)]
    assert kinds[-1] == "farewell"
    assert "rating_request" not in kinds
    other = await sqlite_desk.customer("li")
    await sqlite_desk.turn(other, "open_ticket", danger)
    await sqlite_desk.turn(other, "close", {"rating": True})
    assert [m.custom["letter"] for m in await sqlite_desk.told(other)] == ["acknowledgement"]


async def test_the_bots_closing_asks_for_a_rating_only_when_told_to(sqlite_desk: Desk) -> None:
    for sender, rating in (("yes", True), ("no", False)):
        conversation_id = await sqlite_desk.customer(sender)
        await sqlite_desk.turn(conversation_id, "close", {"rating": rating})
        assert await sqlite_desk.state(conversation_id) == "closed"
        assert len(await sqlite_desk.told(conversation_id)) == rating


async def test_a_bad_rating_is_somebodys_task_and_a_second_one_replaces_it(desk: Desk) -> None:
    conversation_id = await taken(desk)
    await desk.ok("POST", f"/conversations/{conversation_id}/messages", text="您好，请问有什么可以帮您？")
    await desk.ok("POST", f"/conversations/{conversation_id}/close")
    await desk.turn(conversation_id, "rate", {"score": 1, "comment": "太慢"})
    await desk.turn(conversation_id, "rate", {"score": 2})
    rating = await desk.row(Rating)
    assert (rating.score, rating.comment, rating.staff_id) == (2, "太慢", "agent")
    task = await desk.row(Ticket)
    assert (task.kind, task.category, task.conversation_id) == ("internal", "low_rating", None)


@pytest.mark.parametrize("score", [0, 6, "5", None, True, 2.5])
async def test_only_one_to_five_is_a_score(sqlite_desk: Desk, score: Any) -> None:
    from helpdesk.errors import InvalidInput

    conversation_id = await sqlite_desk.customer()
    with pytest.raises(InvalidInput):
        await sqlite_desk.reserve(conversation_id, "rate", {"score": score})


async def test_leaving_the_queue_gives_the_bot_back_and_forgets_the_place(desk: Desk) -> None:
    from helpdesk.store.queries import lock_conversation
    from helpdesk.usecases.queue import handover

    await desk.sign_in()
    conversation_id = await desk.waiting(priority="urgent")
    async with desk.services.db.write() as uow:
        conversation = await lock_conversation(uow.session, conversation_id)
        says = await handover.leave_queue(desk.services, uow, conversation)
        await uow.commit()
    assert len(says) == 1
    conversation = await desk.row(Conversation, id=conversation_id)
    assert (conversation.state, conversation.queued_at, conversation.priority) == ("bot", None, "normal")
    assert await names(desk) == []


async def test_the_place_is_told_at_most_once_a_minute_and_a_word_each_time(sqlite_desk: Desk) -> None:
    from helpdesk.store.queries import lock_conversation
    from helpdesk.usecases.queue import handover

    await sqlite_desk.sign_in()
    conversation_id = await sqlite_desk.waiting()
    texts = []
    for _ in range(3):
        sqlite_desk.clock.advance(timedelta(seconds=40))
        async with sqlite_desk.services.db.write() as uow:
            conversation = await lock_conversation(uow.session, conversation_id)
            says = await handover.receipt(sqlite_desk.services, uow, conversation)
            texts.append([say.text for say in says])
            await uow.commit()
    assert [len(one) for one in texts] == [1, 1, 1]
    assert ["第 1 位" in one[0] for one in texts] == [False, True, False]


async def test_an_effect_that_comes_too_late_is_refused(sqlite_desk: Desk) -> None:
    conversation_id = await taken(sqlite_desk)
    result = {"state": "waiting", "position": 1, "estimate_s": None, "priority": "normal"}
    with pytest.raises(MoveRefused):
        await sqlite_desk.apply(conversation_id, "join_queue", {"reason": "asked"}, result)


async def test_the_estimate_comes_from_how_many_are_served_an_hour(sqlite_desk: Desk) -> None:
    for n in range(3):
        conversation_id = await taken(sqlite_desk, f"c{n}")
        sqlite_desk.clock.advance(timedelta(minutes=6))
        await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/close")
    await sqlite_desk.sign_in()
    for n in range(3):
        await taken(sqlite_desk, f"d{n}")
    joining = await sqlite_desk.customer("last")
    result = await sqlite_desk.reserve(joining, "join_queue", {"reason": "asked"})
    assert result["estimate_s"] == 20 * 60  # three an hour, and no place is free
    sqlite_desk.clock.advance(timedelta(hours=1))
    await sqlite_desk.sign_in()
    result = await sqlite_desk.reserve(joining, "join_queue", {"reason": "asked"})
    assert result["estimate_s"] is None  # nobody was served within the hour


async def test_an_abandoned_form_with_a_phone_is_followed_up(sqlite_desk: Desk) -> None:
    conversation_id = await sqlite_desk.customer()
    await sqlite_desk.turn(conversation_id, "abandoned", {"form": "complaint_form", "fields": {"name": "王"}})
    assert await sqlite_desk.rows(Ticket) == []
    fields = {"name": "王", "phone": "13812345678"}
    await sqlite_desk.turn(conversation_id, "abandoned", {"form": "complaint_form", "fields": fields})
    assert (await sqlite_desk.row(Ticket)).category == "abandoned"


async def test_the_customers_file_keeps_what_it_held_before(sqlite_desk: Desk) -> None:
    conversation_id = await sqlite_desk.customer()
    await sqlite_desk.turn(conversation_id, "save_customer", {"name": "王", "phone": "13812345678"})
    await sqlite_desk.turn(conversation_id, "save_customer", {"phone": "13900000000", "name": None})
    customer = await sqlite_desk.row(Customer)
    assert (customer.name, customer.phone) == ("王", "13900000000")
    assert (await sqlite_desk.row(Audit, action="customer_changed")).detail == {"before": {"phone": "13812345678"}}
