"""A ticket waits for its customer: the result's clock stands still, and goes on with their next word (C3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from helpdesk.store.tables import Audit, Conversation, Letter, Promise, Ticket, TicketEvent, TicketPause
from helpdesk.usecases.conversations.sessions import request_start
from tests.integration.desk.conftest import Desk, complaint
from tests.integration.desk.steps import hears, says, shanghai, until

WISH = "请您发一张冰箱铭牌的照片"
ANSWER = (
    {"action": "accept"},
    {"action": "investigate"},
    {"action": "answer", "note": "已换新", "cause": "压缩机", "corrective_action": "加检"},
)


async def asked(desk: Desk, payload: dict[str, Any] | None = None) -> tuple[str, str]:
    """(conversation, number) of a complaint registered on Monday the 23rd and asked about the next day at ten."""
    conversation_id = await says(desk, "我要投诉")
    number = (await desk.turn(conversation_id, "open_ticket", payload or complaint()))["number"]
    await desk.ok("POST", f"/tickets/{number}/transitions", action="accept")
    await until(desk, "2026-11-24 10:00")
    await desk.ok("POST", f"/tickets/{number}/ask", text=WISH)
    return conversation_id, number


async def result_due(desk: Desk) -> datetime:
    """The same for the ticket and for what was promised of it."""
    ticket, promise = await desk.row(Ticket), await desk.row(Promise, kind="result")
    assert ticket.result_due == promise.due_at
    return promise.due_at  # type: ignore[no-any-return]


async def test_a_question_is_a_letter_and_the_answer_moves_the_date(desk: Desk) -> None:
    conversation_id, number = await asked(desk)
    question = await desk.row(Letter, kind="reminder_question")
    assert WISH in question.text
    assert (await desk.told(conversation_id))[-1].id == question.message_id
    pause = await desk.row(TicketPause)
    assert (pause.since, pause.until, pause.reason) == (shanghai("2026-11-24 10:00"), None, WISH)
    assert await result_due(desk) == shanghai("2026-11-30 21:00")
    desk.clock.set(shanghai("2026-11-27 09:00"))
    await says(desk, "照片发您了")
    for moment in ("2026-11-27 09:00", "2026-11-27 09:01"):
        await until(desk, moment)
    assert await result_due(desk) == shanghai("2026-12-03 21:00")  # three days later
    assert (await desk.row(TicketPause)).until == shanghai("2026-11-27 09:00")
    [event] = await desk.rows(TicketEvent, number=number, action="continued")
    assert (event.actor, event.detail["result_due"]) == ("customer", shanghai("2026-12-03 21:00").isoformat())
    told = (await desk.told(conversation_id))[-1]
    assert told.custom["letter"] == "progress"
    assert "12月3日" in told.text


async def test_while_it_waits_nothing_runs_out(desk: Desk) -> None:
    _, number = await asked(desk)
    for moment in ("2026-11-29 21:00", "2026-11-30 17:00", "2026-11-30 21:01", "2026-12-02 09:00"):
        await until(desk, moment)
    assert await desk.rows(Audit, action="warning") == []
    assert await desk.rows(Letter, kind="postponement") == []
    assert (await desk.row(Promise, kind="result")).state == "open"
    owner = (await desk.row(Ticket)).owner_id
    assert [one["code"] for one in await desk.ok("GET", "/warnings", owner)] == ["paused_long"]
    await says(desk, "照片发您了")
    await until(desk, "2026-12-02 09:01")
    assert await result_due(desk) == shanghai("2026-12-08 21:00")  # eight days
    await until(desk, "2026-12-08 17:00")
    assert [row.detail["code"] for row in await desk.rows(Audit, action="warning", subject=number)] == ["due_soon"]
    assert await desk.rows(Letter, kind="postponement") == []  # it is the fifteenth day: there is no later date
    await until(desk, "2026-12-08 21:01")
    assert (await desk.row(Promise, kind="result")).state == "broken"


async def test_a_question_in_the_evening_is_put_in_the_morning_and_the_wait_begins_then(desk: Desk) -> None:
    conversation_id = await says(desk, "我要投诉")
    number = (await desk.turn(conversation_id, "open_ticket", complaint()))["number"]
    await until(desk, "2026-11-24 22:00")
    before = len(await desk.told(conversation_id))
    await desk.ok("POST", f"/tickets/{number}/ask", text=WISH)
    assert len(await desk.told(conversation_id)) == before
    assert (await desk.row(TicketPause)).since == shanghai("2026-11-25 08:00")
    await until(desk, "2026-11-25 08:00")
    assert WISH in (await desk.told(conversation_id))[-1].text
    desk.clock.set(shanghai("2026-11-25 08:30"))
    await says(desk, "好的，见照片")
    await until(desk, "2026-11-25 08:31")
    assert await result_due(desk) == shanghai("2026-11-30 21:00")  # answered the same day
    assert (await desk.row(TicketPause)).until == shanghai("2026-11-25 08:30")


async def test_who_answers_at_night_is_told_the_new_date_at_once_others_in_the_morning(sqlite_desk: Desk) -> None:
    conversation_id, number = await asked(sqlite_desk)
    sqlite_desk.clock.set(shanghai("2026-11-25 23:00"))
    await says(sqlite_desk, "照片")
    before = len(await sqlite_desk.told(conversation_id))
    await until(sqlite_desk, "2026-11-25 23:00")
    assert len(await sqlite_desk.told(conversation_id)) == before + 1
    await sqlite_desk.ok("POST", f"/tickets/{number}/ask", text="还有购买凭证吗")
    await until(sqlite_desk, "2026-11-27 22:00")
    before = len(await sqlite_desk.told(conversation_id))
    await sqlite_desk.ok("POST", f"/tickets/{number}/unpause", note="电话里说清楚了")
    assert len(await sqlite_desk.told(conversation_id)) == before
    await until(sqlite_desk, "2026-11-28 08:00")
    assert "12月" in (await sqlite_desk.told(conversation_id))[-1].text


async def test_opening_the_window_is_no_answer_but_a_note_about_the_ticket_is(sqlite_desk: Desk) -> None:
    conversation_id, number = await asked(sqlite_desk)
    sqlite_desk.clock.set(shanghai("2026-11-25 09:00"))
    async with sqlite_desk.services.db.write() as uow:
        conversation = await uow.session.get_one(Conversation, conversation_id)
        await request_start(uow, conversation, "return")
        await uow.commit()
    await hears(sqlite_desk, conversation_id)
    await until(sqlite_desk, "2026-11-25 09:01")
    assert (await sqlite_desk.row(TicketPause)).until is None
    await sqlite_desk.turn(conversation_id, "ticket_note", {"number": number, "text": "型号 BCD-219"})
    await until(sqlite_desk, "2026-11-25 09:02")
    assert (await sqlite_desk.row(TicketPause)).until == shanghai("2026-11-25 09:01")


async def test_a_result_given_while_it_waits_is_in_time_and_ends_the_wait(desk: Desk) -> None:
    _, number = await asked(desk)
    await until(desk, "2026-12-01 10:00")  # the old date was yesterday
    for body in ANSWER[1:]:
        await desk.ok("POST", f"/tickets/{number}/transitions", **body)
    assert (await desk.row(Promise, kind="result")).state == "kept"
    assert (await desk.row(TicketPause)).until == desk.clock.now()
    await until(desk, "2026-12-01 10:05")
    assert await desk.rows(TicketEvent, number=number, action="continued") == []


async def test_one_wait_at_a_time_and_the_same_question_once(desk: Desk) -> None:
    _, number = await asked(desk)
    await desk.ok("POST", f"/tickets/{number}/ask", text=WISH)
    assert len(await desk.rows(Letter, kind="reminder_question")) == 1
    await desk.ok("POST", f"/tickets/{number}/ask", text="还有购买凭证吗")
    assert len(await desk.rows(Letter, kind="reminder_question")) == 2
    assert len(await desk.rows(TicketPause)) == 1
    shown = await desk.ok("POST", f"/tickets/{number}/unpause")
    again = await desk.ok("POST", f"/tickets/{number}/unpause")
    assert [event["action"] for event in again["timeline"]] == [event["action"] for event in shown["timeline"]]


async def test_an_urgent_result_moves_by_working_days(sqlite_desk: Desk) -> None:
    payload = complaint(description="冰箱坏了，家里宝宝的母乳都化了")  # urgent: due on Thursday the 26th
    await asked(sqlite_desk, payload)
    sqlite_desk.clock.set(shanghai("2026-11-30 10:00"))  # Monday: 25, 26, 27 and 30 ended in the wait
    await says(sqlite_desk, "照片")
    await until(sqlite_desk, "2026-11-30 10:00")
    assert await result_due(sqlite_desk) == shanghai("2026-12-02 21:00")


async def test_who_may_not_be_asked(sqlite_desk: Desk) -> None:
    _, number = await asked(sqlite_desk)
    await sqlite_desk.refused(404, "POST", "/tickets/TS20261124-9999/ask", text=WISH)
    await sqlite_desk.refused(422, "POST", f"/tickets/{number}/ask", text="")
    error = await sqlite_desk.refused(422, "POST", f"/tickets/{number}/ask", text="这个不归我管，您找厂家")
    assert [finding["code"] for finding in error["details"]["findings"]]
    for body in ANSWER[1:]:
        await sqlite_desk.ok("POST", f"/tickets/{number}/transitions", **body)
    await sqlite_desk.refused(409, "POST", f"/tickets/{number}/ask", text="还有凭证吗")
    internal = (await sqlite_desk.ok("POST", "/tickets", description="仓库发货太慢，建议加人"))["number"]
    await sqlite_desk.refused(409, "POST", f"/tickets/{internal}/ask", "supervisor", text="请您说明")


@pytest.mark.parametrize("path", ["/tickets/TS20261124-9999/unpause", "/tickets/nothing/unpause"])
async def test_what_does_not_exist_waits_for_nobody(sqlite_desk: Desk, path: str) -> None:
    await sqlite_desk.refused(404, "POST", path)
