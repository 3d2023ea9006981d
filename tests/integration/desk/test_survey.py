"""服务质量调查: asked once of who may be, answered once by its link, told by gaps with the answers behind them."""

from __future__ import annotations

import asyncio
import io
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from helpdesk.model.survey import Dimension
from helpdesk.store.tables import Audit, Customer, Letter, Notice, Survey, Ticket
from helpdesk.usecases.privacy import retention
from helpdesk.usecases.ratings import surveys
from tests.integration.desk.conftest import Desk
from tests.integration.desk.steps import ended, taken

DAY = timedelta(days=1)
SPAN = "from=2026-11-01&to=2027-10-31"
GOOD = {str(one): [4, 5] for one in Dimension}
BAD = {str(one): [5, 1] for one in Dimension}


async def timed(desk: Desk) -> list[Survey]:
    await surveys.run(desk.services, desk.clock.now())
    return await desk.rows(Survey)


async def link_of(desk: Desk, number: str) -> str:
    """What stands behind `#` in the letter that was sent about a case."""
    letter = await desk.row(Letter, number=number, kind="survey")
    found = re.search(r"/survey#([\w-]{20}) ", letter.text)
    assert found, letter.text
    return found[1]


async def asked(desk: Desk, sender: str = "wang", **changes: Any) -> tuple[str, str]:
    """(number, token) of a case whose customer was asked by a supervisor."""
    number = (await ended(desk, sender, **changes)).number
    await desk.ok("POST", f"/tickets/{number}/survey", "supervisor")
    return number, await link_of(desk, number)


async def answer(desk: Desk, token: str, scores: dict[str, Any], comment: str = "", **more: Any) -> httpx.Response:
    told = {"token": token, "scores": scores, "comment": comment, **more}
    return await desk.client.post("/survey/answer", json=told)


# ---------------------------------------------------------------- asked


async def test_a_case_that_ended_is_asked_about_once_a_day_later(desk: Desk) -> None:
    ticket = await ended(desk)
    assert await timed(desk) == []
    desk.clock.advance(DAY)
    await asyncio.gather(*(surveys.run(desk.services, desk.clock.now()) for _ in range(3)))
    (made,) = await timed(desk)
    assert (made.number, made.staff_id, made.channel, made.asked_by) == (
        ticket.number,
        ticket.owner_id,
        "rest",
        "system",
    )
    assert "服务质量调查" in (await desk.row(Letter, number=ticket.number, kind="survey")).text
    shown = (await desk.client.post("/survey/open", json={"token": await link_of(desk, ticket.number)})).json()
    assert (shown["number"], [one["title"] for one in shown["dimensions"]][:2]) == (ticket.number, ["有形性", "可靠性"])


async def test_who_refused_is_in_danger_or_was_asked_lately_is_left_alone(desk: Desk) -> None:
    first = await ended(desk)
    second = await ended(desk, order="2026110899999")
    refused = await ended(desk, "li", phone="13912345678")
    unsafe = await ended(desk, "zhao", phone="13712345678")
    await desk.change(Customer, refused.customer_id, may_follow_up=False)
    await desk.change(Ticket, unsafe.number, urgency="safety")
    desk.clock.advance(DAY)
    (made,) = await timed(desk)
    assert made.number in {first.number, second.number}
    for number in {first.number, second.number, refused.number, unsafe.number}:
        await desk.refused(409, "POST", f"/tickets/{number}/survey", "supervisor")
    desk.clock.advance(timedelta(days=desk.services.company.survey.quiet_days))
    assert len(await timed(desk)) == 1  # what ended long ago is not asked about any more


async def test_a_supervisor_chooses_and_it_is_written_down(desk: Desk) -> None:
    number = (await ended(desk)).number
    await desk.refused(403, "POST", f"/tickets/{number}/survey", "agent")
    await desk.change(Ticket, number, status="answered")
    await desk.refused(409, "POST", f"/tickets/{number}/survey", "supervisor")
    await desk.change(Ticket, number, status="satisfied")
    codes = await asyncio.gather(*(desk.call("POST", f"/tickets/{number}/survey", "supervisor") for _ in range(3)))
    assert sorted(one.status_code for one in codes) == [201, 409, 409]
    assert [one.subject for one in await desk.rows(Audit, action="survey_sent")] == [number]


async def test_who_came_by_telephone_is_asked_by_other_ways(sqlite_desk: Desk) -> None:
    number = (await taken(sqlite_desk, source="phone"))["number"]
    await sqlite_desk.change(Ticket, number, status="satisfied", closed_at=sqlite_desk.clock.now())
    await sqlite_desk.ok("POST", f"/tickets/{number}/survey", "supervisor")
    letter = await sqlite_desk.row(Letter, number=number, kind="survey")
    assert await sqlite_desk.rows(Notice, letter_id=letter.id)
    assert (await sqlite_desk.row(Survey)).channel == "phone"


# ---------------------------------------------------------------- answered


async def test_a_link_takes_one_answer(desk: Desk) -> None:
    _, token = await asked(desk)
    codes = await asyncio.gather(*(answer(desk, token, GOOD, "师傅很专业") for _ in range(3)))
    assert sorted(one.status_code for one in codes) == [204, 409, 409]
    assert (await desk.client.post("/survey/open", json={"token": token})).status_code == 409
    kept = await desk.row(Survey)
    assert (kept.scores["empathy"], kept.comment) == ([4, 5], "师傅很专业")
    assert await desk.rows(Ticket, kind="internal") == []


async def test_who_is_discontent_becomes_somebodys_task(desk: Desk) -> None:
    number, token = await asked(desk)
    assert (await answer(desk, token, BAD, "打了五次电话")).status_code == 204
    (task,) = await desk.rows(Ticket, kind="internal", category="low_rating")
    assert number in task.fields["description"]
    assert "打了五次电话" in task.fields["description"]


@pytest.mark.parametrize(
    "scores,comment",
    [
        ({}, ""),
        ({"empathy": [4, 4]}, ""),
        (GOOD | {"empathy": [0, 6]}, ""),
        (GOOD | {"price": [1, 2]}, ""),
        (GOOD, "长" * 1001),
    ],
)
async def test_what_is_not_whole_or_too_long_is_refused(
    sqlite_desk: Desk, scores: dict[str, Any], comment: str
) -> None:
    _, token = await asked(sqlite_desk)
    assert (await answer(sqlite_desk, token, scores, comment)).status_code == 422
    assert (await sqlite_desk.row(Survey)).answered_at is None


async def test_a_link_that_is_made_up_or_old_opens_nothing(sqlite_desk: Desk) -> None:
    _, token = await asked(sqlite_desk)
    for wrong in ("", "x" * 20, token[:-1] + ("A" if token[-1] != "A" else "B")):
        assert (await answer(sqlite_desk, wrong, GOOD)).status_code == 404
    sqlite_desk.clock.advance(timedelta(days=sqlite_desk.services.company.survey.lasts_days))
    assert (await sqlite_desk.client.post("/survey/open", json={"token": token})).status_code == 404
    assert (await answer(sqlite_desk, token, GOOD)).status_code == 404


async def test_who_is_signed_in_at_the_desk_answers_for_nobody(sqlite_desk: Desk) -> None:
    _, token = await asked(sqlite_desk)
    cookie = {"Cookie": "helpdesk_session=something"}
    told = {"token": token, "scores": GOOD}
    refused = await sqlite_desk.client.post("/survey/answer", json=told, headers=cookie)
    assert (refused.status_code, "只能由客户本人填写" in refused.text) == (403, True)


# ---------------------------------------------------------------- told


async def told_by_three(desk: Desk) -> list[str]:
    """Three answers in two days, the last by a customer of another person; their cases."""
    numbers = []
    for day, (sender, scores) in enumerate((("an", GOOD), ("bo", BAD), ("cai", GOOD | {"reliability": [5, 2]}))):
        number, token = await asked(desk, sender, phone=f"1380000000{day}", order=f"202611080000{day}")
        await desk.change(
            Survey, (await desk.row(Survey, number=number)).id, staff_id="agent2" if day == 2 else "agent"
        )
        await answer(desk, token, scores, "电话 13812345678 打不通" if day == 1 else "")
        numbers.append(number)
        if day == 1:
            desk.clock.advance(DAY)
            desk.tokens.clear()  # nobody stays signed in over night
    return numbers


async def test_gaps_are_told_of_all_and_apart_with_the_answers_behind_them(desk: Desk) -> None:
    numbers = await told_by_three(desk)
    found = await desk.ok("GET", f"/reports/survey?{SPAN}&by=staff", "supervisor")
    assert (found["sent"], found["answered"]) == (3, 3)
    assert found["total"]["gaps"]["empathy"] == {
        "count": 3, "expected": pytest.approx(13 / 3), "perceived": pytest.approx(11 / 3), "gap": pytest.approx(-2 / 3),
    }  # fmt: skip
    assert [(one["key"], one["gaps"]["overall"]["count"]) for one in found["parts"]] == [("agent", 2), ("agent2", 1)]
    assert found["parts"][1]["gaps"]["reliability"]["gap"] == -3
    by_day = await desk.ok("GET", f"/reports/survey?{SPAN}&by=day", "supervisor")
    assert [one["gaps"]["overall"]["count"] for one in by_day["parts"]] == [1, 2]
    for by in ("department", "channel", "category"):
        (part,) = (await desk.ok("GET", f"/reports/survey?{SPAN}&by={by}", "supervisor"))["parts"]
        page = await desk.ok("GET", f"/reports/survey/rows?{SPAN}&by={by}&key={part['key']}", "supervisor")
        assert len(page["rows"]) == part["gaps"]["overall"]["count"] == 3
    day = by_day["parts"][1]["key"]
    rows = await desk.ok("GET", f"/reports/survey/rows?{SPAN}&by=day&key={day}&limit=1", "supervisor")
    rest = await desk.ok("GET", f"/reports/survey/rows?{SPAN}&by=day&key={day}&cursor={rows['cursor']}", "supervisor")
    assert {one["number"] for one in rows["rows"] + rest["rows"]} == set(numbers[:2])
    assert "13812345678" not in str(rows) + str(rest)
    await desk.refused(403, "GET", f"/reports/survey?{SPAN}", "agent")


async def test_the_table_is_an_excel_file_with_three_columns_a_dimension(sqlite_desk: Desk) -> None:
    await told_by_three(sqlite_desk)
    taken_away = await sqlite_desk.call("GET", f"/reports/survey/sheet?{SPAN}&by=staff", "supervisor")
    (sheet,) = load_workbook(io.BytesIO(taken_away.content)).worksheets
    lines = [list(line) for line in sheet.iter_rows(values_only=True)]
    assert lines[0][:5] == ["人员", "问卷数", "有形性：期望", "有形性：感受", "有形性：差距"]
    assert lines[1][:5] == ["合计", 3, 4.33, 3.67, -0.67]
    assert len(lines) == 4


async def test_answers_go_when_their_time_is_over(sqlite_desk: Desk) -> None:
    _, token = await asked(sqlite_desk)
    await answer(sqlite_desk, token, GOOD, "谢谢")
    sqlite_desk.clock.advance(sqlite_desk.services.company.personal_data.keep.span("tickets") + DAY)
    for _ in range(3):
        await retention.run(sqlite_desk.services, sqlite_desk.clock.now())
    assert [one.comment for one in await sqlite_desk.rows(Survey)] in ([], [None])
