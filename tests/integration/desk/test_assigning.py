"""Customers who wait are offered to staff, by reason and for twenty seconds; nobody waits for a word unnoticed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from helpdesk.model.assignment import Mode
from helpdesk.store.tables import Audit, Conversation, Handoff, Offer
from helpdesk.usecases.queue.assigning import assign
from tests.integration.desk.conftest import Desk
from tests.integration.desk.steps import names

SECOND = timedelta(seconds=1)


def choose(desk: Desk, mode: Mode) -> None:
    """The company's setting."""
    company = desk.services.company
    chosen = company.assignment.model_copy(update={"mode": mode})
    desk.services = replace(desk.services, company=company.model_copy(update={"assignment": chosen}))


async def offered(desk: Desk) -> list[tuple[str, str]]:
    """Who is asked now, and why."""
    await assign(desk.services, desk.clock.now())
    return [(one.staff_id, one.why) for one in await desk.rows(Offer, settled_at=None)]


async def all_here(desk: Desk, *names_: str) -> None:
    for name in names_ or ("agent", "agent2", "supervisor"):
        await desk.sign_in(name)


async def test_a_customer_is_offered_to_one_person_and_then_to_the_next(desk: Desk) -> None:
    choose(desk, Mode.AUTOMATIC)
    await all_here(desk, "agent", "agent2")
    conversation_id = await desk.waiting()
    assert await offered(desk) == [("agent", "overflow")]
    assert [one["conversation_id"] for one in await desk.ok("GET", "/offers")] == [conversation_id]
    assert await desk.ok("GET", "/offers", "agent2") == []
    desk.clock.advance(19 * SECOND)
    assert await offered(desk) == [("agent", "overflow")]
    desk.clock.advance(SECOND)
    assert await offered(desk) == [("agent2", "overflow")]
    await desk.ok("POST", f"/conversations/{conversation_id}/pass", "agent2")
    assert await offered(desk) == []
    desk.clock.advance(40 * SECOND)
    assert await offered(desk) == [("agent", "overflow")]
    await desk.ok("POST", f"/conversations/{conversation_id}/claim")
    assert await offered(desk) == []
    rows = sorted(await desk.rows(Offer), key=lambda one: one.offered_at)
    assert [(one.staff_id, one.outcome) for one in rows] == [
        ("agent", "lapsed"), ("agent2", "passed"), ("agent", "accepted"),
    ]  # fmt: skip


async def test_the_reason_of_each_assignment_is_in_the_audit(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    choose(desk, Mode.AUTOMATIC)
    await all_here(desk)
    conversation_id = await desk.customer()
    await desk.set_dialogue(conversation_id, form="complaint_form", category="quality")
    await desk.turn(conversation_id, "join_queue", {"reason": "customer_asked"})
    assert await offered(desk) == [("agent2", "skill")]
    await desk.ok("POST", f"/conversations/{conversation_id}/claim", "agent2")
    assert (await desk.row(Audit, action="customer_offered")).detail == {"to": "agent2", "why": "skill"}
    assert (await desk.row(Audit, action="conversation_taken")).detail["why"] == "skill"
    stay = await desk.row(Handoff)
    assert (stay.staff_id, stay.why, stay.department, stay.category) == ("agent2", "skill", "quality", "quality")


async def test_the_same_person_as_last_time_is_asked_first(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    choose(desk, Mode.AUTOMATIC)
    await all_here(desk)
    conversation_id = await desk.waiting()
    await desk.ok("POST", f"/conversations/{conversation_id}/claim", "agent2")
    await desk.ok("POST", f"/conversations/{conversation_id}/release", "agent2")
    await desk.turn(conversation_id, "join_queue", {"reason": "customer_asked"})
    assert await offered(desk) == [("agent2", "same_person")]


async def test_staff_who_are_full_away_or_complained_of_are_not_asked(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    choose(desk, Mode.AUTOMATIC)
    await all_here(desk, "agent", "agent2")
    for place in range(3):
        served = await desk.waiting(f"served{place}")
        await desk.ok("POST", f"/conversations/{served}/claim")
    conversation_id = await desk.customer()
    await desk.set_dialogue(conversation_id, form="complaint_form", category="attitude", staff_name="周敏")
    await desk.turn(conversation_id, "join_queue", {"reason": "customer_asked"})
    desk.clock.advance(timedelta(minutes=2))
    assert await offered(desk) == []
    await desk.ok("POST", f"/conversations/{served}/close")
    assert await offered(desk) == [("agent", "department")]


async def test_staff_take_whom_they_choose_unless_the_company_says_otherwise(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    assert desk.services.company.assignment.mode is Mode.PULL
    await all_here(desk)
    await desk.waiting()
    desk.clock.advance(timedelta(minutes=5))
    assert await offered(desk) == []


@pytest.mark.parametrize(
    "words, who",
    [
        ("我要找陈静", "supervisor"),
        ("能指名要陈静吗", "supervisor"),
        ("请让 Ｓ１００２ 来接待我", "agent2"),
        ("刚才那位客服还在吗，我想继续跟她说", "agent"),
        ("我叫陈静，帮我转人工", None),
        ("我要投诉陈静，转人工", None),
        ("不要陈静，换个人工", None),
        ("订单S10021，转人工", None),
        ("转人工", None),
    ],
)
async def test_whom_a_customer_asks_for_is_asked_first_in_either_mode(
    sqlite_desk: Desk, words: str, who: str | None
) -> None:
    desk = sqlite_desk
    await all_here(desk)
    conversation_id = await desk.customer("wang", words)
    await desk.change(Conversation, conversation_id, last_staff_id="agent")
    await desk.turn(conversation_id, "join_queue", {"reason": "customer_asked"})
    assert await offered(desk) == ([(who, "asked_for")] if who else [])
    told = (await desk.told(conversation_id))[-1].text
    assert (told in _filled(desk, "queue_wished", who)) is (who is not None)
    [place] = await desk.ok("GET", "/queue")
    assert (place["wished"], place["offered_to"]) == (who, who)


def _filled(desk: Desk, key: str, who: str | None) -> set[str]:
    one = desk.services.company.roster.get(who or "")
    known = {"name": one.name, "number": one.number} if one else {"name": "", "number": ""}
    return {text.format(**known) for text in desk.services.wording.variants(key)}


async def test_who_is_not_there_is_said_to_be_away_and_others_serve(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    await all_here(desk, "agent")
    conversation_id = await desk.customer("wang", "我要找陈静")
    await desk.turn(conversation_id, "join_queue", {"reason": "customer_asked"})
    assert (await desk.told(conversation_id))[-1].text in _filled(desk, "queue_wished_away", "supervisor")
    assert await offered(desk) == []
    await desk.sign_in("supervisor")
    assert await offered(desk) == [("supervisor", "asked_for")]


async def test_somebody_may_be_asked_for_while_one_waits(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    await all_here(desk)
    conversation_id = await desk.waiting()
    await desk.customer("wang", "能不能让陈静来接")
    await desk.turn(conversation_id, "acknowledge", {})
    assert (await desk.told(conversation_id))[-1].text in _filled(desk, "queue_wished", "supervisor")
    assert await offered(desk) == [("supervisor", "asked_for")]


async def test_of_many_processes_one_makes_the_offer_and_nobody_is_asked_twice(desk: Desk) -> None:
    """Every process sees the same queue at the same moment."""
    choose(desk, Mode.AUTOMATIC)
    await all_here(desk)
    for place in range(5):
        await desk.waiting(f"c{place}")
    now = desk.clock.now()
    await asyncio.gather(*(assign(desk.services, now) for _ in range(6)))
    made = await desk.rows(Offer)
    assert len({one.staff_id for one in made}) == len(made) == 3
    assert len({one.conversation_id for one in made}) == 3


async def test_who_accepts_while_the_offer_runs_out_has_the_customer_or_is_told_who_has(desk: Desk) -> None:
    choose(desk, Mode.AUTOMATIC)
    await all_here(desk, "agent", "agent2")
    conversation_id = await desk.waiting()
    await offered(desk)
    desk.clock.advance(20 * SECOND)
    answers = await asyncio.gather(
        assign(desk.services, desk.clock.now()),
        desk.call("POST", f"/conversations/{conversation_id}/claim", "agent"),
        desk.call("POST", f"/conversations/{conversation_id}/claim", "agent2"),
        assign(desk.services, desk.clock.now()),
    )
    assert sorted(one.status_code for one in answers if one is not None) == [200, 409]
    assert await desk.rows(Offer, settled_at=None) == []
    assert len(await desk.rows(Handoff, ended_at=None)) == 1


async def test_an_offer_is_nobodys_once_the_customer_has_left(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    choose(desk, Mode.AUTOMATIC)
    await all_here(desk, "agent")
    conversation_id = await desk.waiting()
    await offered(desk)
    await desk.turn(conversation_id, "leave_queue", {})
    assert (await desk.row(Offer)).outcome == "withdrawn"
    await desk.refused(409, "POST", f"/conversations/{conversation_id}/pass")


# ---------------------------------------------------------------- the first word


async def test_who_hears_no_word_of_a_person_in_thirty_seconds_raises_one_alarm(desk: Desk) -> None:
    await all_here(desk, "agent")
    conversation_id = await desk.waiting()
    stay = await desk.row(Handoff)
    [place] = await desk.ok("GET", "/queue")
    assert place["answer_by"].startswith((stay.wished_at + 30 * SECOND).isoformat()[:19])
    async with desk.services.bus.subscribe("alarm") as feed:
        for seconds in (29, 1, 5):
            desk.clock.advance(seconds * SECOND)
            await asyncio.gather(*(assign(desk.services, desk.clock.now()) for _ in range(2)))
        assert feed.get_now() is not None
        assert feed.get_now() is None
    assert len(await desk.rows(Audit, action="answer_late")) == 1
    await desk.ok("POST", f"/conversations/{conversation_id}/claim")
    [mine] = await desk.ok("GET", "/conversations?mine=1")
    assert mine["answer_by"] == place["answer_by"]
    await desk.ok("POST", f"/conversations/{conversation_id}/messages", text="您好，请讲")
    [mine] = await desk.ok("GET", "/conversations?mine=1")
    assert mine["answer_by"] is None
    assert (await desk.row(Handoff)).first_word_at == desk.clock.now()


async def test_a_word_in_time_raises_none_and_whoever_takes_a_customer_from_the_bot_has_no_clock(
    sqlite_desk: Desk,
) -> None:
    desk = sqlite_desk
    await all_here(desk, "agent")
    spoken, unasked = await desk.waiting("a"), await desk.customer("b")
    for conversation_id in (spoken, unasked):
        await desk.ok("POST", f"/conversations/{conversation_id}/claim")
    await desk.ok("POST", f"/conversations/{spoken}/messages", text="您好，请讲")
    desk.clock.advance(timedelta(minutes=2))
    await assign(desk.services, desk.clock.now())
    assert await desk.rows(Audit, action="answer_late") == []


async def test_each_stay_with_a_person_is_kept_from_wish_to_end(sqlite_desk: Desk) -> None:
    """Handed on before a word was said the customer waits since the first wish, after it since then."""
    desk = sqlite_desk
    await all_here(desk)
    conversation_id = await desk.waiting()
    wished = desk.clock.now()

    async def after(seconds: int, deed: str, by: str = "agent", **body: Any) -> None:
        desk.clock.advance(seconds * SECOND)
        await desk.ok("POST", f"/conversations/{conversation_id}/{deed}", by, **body)

    await after(5, "claim")
    await after(5, "transfer", to="agent2")
    await after(5, "messages", "agent2", text="您好，请讲")
    await after(60, "transfer", "agent2", to="supervisor")
    await after(5, "messages", "supervisor", text="您好，请讲")
    await after(60, "close", "supervisor")
    rows = sorted(await desk.rows(Handoff), key=lambda one: one.ended_at)
    seen = [(one.staff_id, (one.wished_at - wished).seconds, one.outcome, one.why) for one in rows]
    assert seen == [
        ("agent", 0, "transferred", "pulled"),
        ("agent2", 0, "transferred", "handed_on"),
        ("supervisor", 75, "closed", "handed_on"),
    ]


# ---------------------------------------------------------------- tiers


async def test_a_key_customer_is_marked_with_a_reason_and_moves_in_the_queue(desk: Desk) -> None:
    await all_here(desk)
    await desk.waiting("first")
    desk.clock.advance(SECOND)
    conversation_id = await desk.waiting("second")
    customer = (await desk.row(Conversation, id=conversation_id)).customer_id
    path = f"/customers/{customer}/tier"
    await desk.refused(403, "POST", path, "agent", tier="key", reason="常年采购")
    await desk.refused(422, "POST", path, "supervisor", tier="best", reason="常年采购")
    await desk.refused(422, "POST", path, "supervisor", tier="key", reason=" ")
    assert await desk.ok("POST", path, "supervisor", tier="key", reason="常年采购") == {
        "customer_id": customer,
        "tier": "key",
    }
    assert await names(desk) == ["second", "first"]
    detail = (await desk.row(Audit, action="tier_set")).detail
    assert detail == {"from_tier": "normal", "to_tier": "key", "reason": "常年采购"}
    await desk.ok("POST", path, "supervisor", tier="normal", reason="合同到期")
    assert await names(desk) == ["first", "second"]


async def test_a_tier_moves_nobody_who_waits_for_a_danger(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    await all_here(desk)
    conversation_id = await desk.waiting(priority="safety")
    found = await desk.row(Conversation, id=conversation_id)
    await desk.ok("POST", f"/customers/{found.customer_id}/tier", "supervisor", tier="key", reason="常年采购")
    assert (await desk.row(Conversation, id=conversation_id)).priority == "safety"
