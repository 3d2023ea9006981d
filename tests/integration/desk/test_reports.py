"""Reports of a small world whose every figure is computed by hand."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from helpdesk.store.tables import (
    Base,
    Conversation,
    Customer,
    Handoff,
    Identity,
    Message,
    Promise,
    Rating,
    ReportCell,
    ReportDay,
    Staff,
    Ticket,
    TicketEvent,
)
from helpdesk.usecases.reports import build
from tests.integration.desk.conftest import Desk

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEK = "from=2026-11-20&to=2026-11-23"
FRIDAY, SATURDAY, SUNDAY, MONDAY = (f"2026-11-{day}" for day in (20, 21, 22, 23))
OPENED = {"start": "open"}


def at(day: int, clock: str) -> datetime:
    """A moment of November in Shanghai, 10:00 or 10:00:30."""
    return datetime.fromisoformat(f"2026-11-{day:02}T{clock}").replace(tzinfo=SHANGHAI)


def customer(name: str, channel: str, when: datetime) -> list[Base]:
    """Somebody with one conversation; its id is their name."""
    return [
        Customer(id=name, created_at=when, last_seen_at=when),
        Identity(id=name, channel=channel, sender=name, customer_id=name, created_at=when),
        Conversation(
            id=name, identity_id=name, customer_id=name, channel=channel, opened_at=when, last_customer_at=when
        ),
    ]


def said(name: str, seq: int, when: datetime, session_no: int = 1, given: dict[str, Any] | None = None) -> Message:
    text = "" if given else "您好"
    return Message(
        conversation_id=name, session_no=session_no, seq=seq, author="customer", text=text, input=given, at=when
    )


def stay(name: str, wished: datetime, **known: Any) -> Handoff:
    given = {"session_no": 1, "channel": "web", "reason": "customer_asked", "priority": "normal", "barred": [], **known}
    return Handoff(conversation_id=name, wished_at=wished, **given)


def ticket(number: str, kind: str, created: datetime, **known: Any) -> Ticket:
    given = {"owner_id": "agent", "department": "service", "fields": {}, "updated_at": created, **known}
    return Ticket(number=number, kind=kind, created_at=created, **given)


def event(number: str, when: datetime, action: str, before: str, after: str, **known: Any) -> TicketEvent:
    return TicketEvent(
        number=number, at=when, actor="staff:agent", action=action, from_status=before, to_status=after, **known
    )


QUALITY, REPAIR = "TS20261121-0001", "TS20261120-0001"


def people() -> list[Base]:
    """An comes again on Monday; Bo speaks over midnight; Cai leaves the queue; Ding only opens the window."""
    return [
        *customer("an", "web", at(20, "10:00")),
        *customer("bo", "web", at(20, "23:59:30")),
        *customer("cai", "wechat", at(20, "11:00")),
        *customer("ding", "web", at(20, "12:00")),
    ]


def talk() -> list[Base]:
    return [
        said("an", 1, at(20, "10:00"), given=OPENED),
        said("an", 2, at(20, "10:00:30")),
        said("an", 3, at(23, "09:00"), session_no=2),
        said("bo", 1, at(20, "23:59:30")),
        said("bo", 2, at(21, "00:05")),
        said("cai", 1, at(20, "11:00")),
        said("ding", 1, at(20, "12:00"), given=OPENED),
        stay("bo", at(20, "23:59:40"), staff_id="agent", taken_at=at(21, "00:01:40"), first_word_at=at(21, "00:02:10")),
        stay("cai", at(20, "11:01"), channel="wechat", ended_at=at(20, "11:05"), outcome="left"),
        Rating(conversation_id="bo", session_no=1, score=5, staff_id="agent", at=at(21, "00:10")),
        Rating(conversation_id="cai", session_no=1, score=2, at=at(20, "11:06")),
    ]


def matters() -> list[Base]:
    """A complaint that is settled on Sunday, and a repair, told on the telephone, that is withdrawn on Sunday."""
    return [
        ticket(
            QUALITY,
            "complaint",
            at(21, "00:04"),
            category="quality",
            department="quality",
            status="satisfied",
            customer_id="bo",
            conversation_id="bo",
            first_contact_at=at(21, "01:04"),
            result_due=at(23, "18:00"),
            answered_at=at(22, "00:04"),
        ),
        ticket(REPAIR, "repair", at(20, "09:00"), source="phone", status="withdrawn", customer_id="an"),
    ]


def events() -> list[Base]:
    return [
        event(QUALITY, at(22, "00:04"), "answer", "investigating", "answered"),
        event(QUALITY, at(22, "12:00"), "satisfy", "answered", "satisfied"),
        event(QUALITY, at(22, "12:01"), "rated", "satisfied", "satisfied", detail={"score": 4}),
        event(REPAIR, at(22, "15:00"), "withdraw", "registered", "withdrawn"),
        promise("bo", "agent", at(22, "00:04"), "kept", ticket_number=QUALITY),
        promise("bo", "agent2", at(21, "18:00"), "broken", conversation_id="bo"),
        promise("bo", "agent2", None, "open", conversation_id="bo"),
    ]


def promise(name: str, owner: str, settled: datetime | None, state: str, **of: Any) -> Promise:
    due = at(22, "18:00")
    return Promise(
        customer_id=name,
        owner_id=owner,
        kind="staff",
        text="答复您",
        due_at=due,
        state=state,
        made_by="staff:agent",
        made_at=at(20, "10:00"),
        settled_at=settled,
        **of,
    )


async def world(desk: Desk) -> None:
    rows = [*people(), *talk(), *matters(), *events()]
    async with desk.services.db.write() as uow:
        for table in (Customer, Identity, Conversation, Ticket):  # in the order in which they refer to one another
            uow.session.add_all([one for one in rows if isinstance(one, table)])
            await uow.session.flush()
        uow.session.add_all(rows)
        await uow.commit()


async def nights(desk: Desk) -> None:
    """What the timer does until nothing is left to do today."""
    for _ in range(20):
        await build.run(desk.services, desk.clock.now())


async def told(desk: Desk, by: str = "day", days: str = WEEK) -> dict[str, dict[str, Any]]:
    """Key -> measure -> what is told of it; measures of which nothing is told are left out."""
    found = await desk.ok("GET", f"/reports?by={by}&{days}", "supervisor")
    parts = {part["key"]: part["figures"] for part in found["parts"]} | {"total": found["total"]}
    return {key: {name: _plain(one) for name, one in figures.items() if one["count"]} for key, figures in parts.items()}


def _plain(one: dict[str, Any]) -> Any:
    if one["median"] is not None:
        return (one["count"], one["median"], one["p90"])
    return one["count"] if one["mean"] is None else (one["count"], round(one["mean"], 3))


FIGURES_OF_FRIDAY = {
    "contacts": 3,
    "bot_alone": (3, 0.333),
    "handed_over": (3, 0.667),
    "first_contact": (3, 0.333),
    "repeated": (3, 0.0),
    "to_person": (1, 120, 120),
    "to_first_word": (1, 150, 150),
    "given_up": (2, 0.5),
    "registered": 1,
    "satisfied": (1, 0.0),
    "score": (1, 2.0),
}
FIGURES = {
    FRIDAY: FIGURES_OF_FRIDAY,
    SATURDAY: {
        "registered": 1,
        "to_first_call": (1, 3600, 3600),
        "promises_kept": (1, 0.0),
        "satisfied": (1, 1.0),
        "score": (1, 5.0),
    },
    SUNDAY: {
        "to_result": (1, 86400, 86400),
        "in_time": (1, 1.0),
        "closed": 2,
        "rounds": (2, 1, 1),
        "promises_kept": (1, 1.0),
        "result_score": (1, 4.0),
    },
    MONDAY: {
        "contacts": 1,
        "bot_alone": (1, 1.0),
        "handed_over": (1, 0.0),
        "first_contact": (1, 1.0),
        "repeated": (1, 1.0),
    },
}
TOTAL = {
    "contacts": 4,
    "bot_alone": (4, 0.5),
    "handed_over": (4, 0.5),
    "first_contact": (4, 0.5),
    "repeated": (4, 0.25),
    "to_person": (1, 120, 120),
    "to_first_word": (1, 150, 150),
    "given_up": (2, 0.5),
    "registered": 2,
    "to_first_call": (1, 3600, 3600),
    "to_result": (1, 86400, 86400),
    "in_time": (1, 1.0),
    "closed": 2,
    "rounds": (2, 1, 1),
    "promises_kept": (2, 0.5),
    "satisfied": (2, 0.5),
    "score": (2, 3.5),
    "result_score": (1, 4.0),
}


async def test_every_figure_is_the_one_computed_by_hand(desk: Desk) -> None:
    await world(desk)
    await nights(desk)
    assert await told(desk) == {**FIGURES, "total": TOTAL}

    by_staff = await told(desk, "staff")
    assert by_staff["total"] == TOTAL
    assert by_staff["agent"] == {
        "contacts": 1,
        "bot_alone": (1, 0.0),
        "handed_over": (1, 1.0),
        "first_contact": (1, 0.0),
        "repeated": (1, 0.0),
        "to_person": (1, 120, 120),
        "to_first_word": (1, 150, 150),
        "given_up": (1, 0.0),
        "registered": 2,
        "to_first_call": (1, 3600, 3600),
        "to_result": (1, 86400, 86400),
        "in_time": (1, 1.0),
        "closed": 2,
        "rounds": (2, 1, 1),
        "promises_kept": (1, 1.0),
        "satisfied": (1, 1.0),
        "score": (1, 5.0),
        "result_score": (1, 4.0),
    }
    assert by_staff["agent2"] == {"promises_kept": (1, 0.0)}
    assert by_staff[""]["given_up"] == (1, 1.0)

    assert {key: one.get("contacts") for key, one in (await told(desk, "channel")).items()} == {
        "web": 3,
        "wechat": 1,
        "phone": None,
        "total": 4,
    }
    by_category = await told(desk, "category")
    assert {key: (one.get("contacts"), one.get("closed")) for key, one in by_category.items()} == {
        "": (3, None),
        "quality": (1, 1),
        "repair": (None, 1),
        "total": (4, 2),
    }
    by_department = await told(desk, "department")
    assert (by_department["quality"]["closed"], by_department["service"]["closed"]) == (1, 1)


STEPS = {
    "settled_by_bot": (2, 0, 0),
    "asked_for_person": (2, 10, 60),
    "left_matter": (1, 270, 270),
    "to_person": (1, 120, 120),
    "left_waiting": (1, 240, 240),
    "to_result": (1, 86400, 86400),
    "withdrawn": (1, 194400, 194400),
    "accepted": (1, 42960, 42960),
}


async def test_the_blueprint_tells_each_step_and_how_long_it_lasted(desk: Desk) -> None:
    await world(desk)
    await nights(desk)
    found = await desk.ok("GET", f"/reports/blueprint?{WEEK}", "supervisor")
    assert {one["channel"]: one["count"] for one in found["came"]} == {"web": 3, "wechat": 1}
    steps = {one["measure"]["name"]: _plain(one["figure"]) for one in found["steps"] if one["figure"]["count"]}
    assert steps == STEPS
    for measure, (count, *_) in STEPS.items():
        rows = await desk.ok("GET", f"/reports/rows?{WEEK}&measure={measure}", "supervisor")
        assert len(rows["rows"]) == count, measure


async def test_the_end_of_a_stay_with_a_person_is_a_step(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    for sender, ended in (("one", "release"), ("two", "close")):
        await desk.sign_in()
        conversation_id = await desk.waiting(sender)
        await desk.ok("POST", f"/conversations/{conversation_id}/claim")
        desk.clock.advance(timedelta(minutes=3))
        await desk.ok("POST", f"/conversations/{conversation_id}/{ended}")
    found = await desk.ok("GET", f"/reports/blueprint?{WEEK}", "supervisor")
    steps = {one["measure"]["name"]: _plain(one["figure"]) for one in found["steps"] if one["figure"]["count"]}
    assert steps["served"] == (2, 180, 180)


async def test_what_is_opened_again_counts_today_and_leaves_yesterday_as_it_was(desk: Desk) -> None:
    await world(desk)
    await nights(desk)
    await desk.ok("POST", f"/tickets/{REPAIR}/transitions", "supervisor", action="resume")
    before = await told(desk)
    assert before[SUNDAY] == FIGURES[SUNDAY]
    assert before[MONDAY] == FIGURES[MONDAY] | {"reopened": 1}
    desk.clock.advance(timedelta(days=1))
    desk.tokens.clear()
    await nights(desk)
    assert await told(desk) == before


async def test_made_again_the_figures_are_the_same_and_what_changed_late_is_in_them(desk: Desk) -> None:
    await world(desk)
    await nights(desk)
    cells = {(one.by, one.day, one.key): one.content for one in await desk.rows(ReportCell)}
    first, last = at(20, "00:00").date(), at(22, "00:00").date()
    assert await build.rebuild(desk.services, first, last) == 3
    assert {(one.by, one.day, one.key): one.content for one in await desk.rows(ReportCell)} == cells
    async with desk.services.db.write() as uow:  # Cai comes again within a week
        uow.session.add(said("cai", 2, at(24, "09:00"), session_no=2))
        await uow.commit()
    desk.clock.advance(timedelta(days=1))
    await nights(desk)
    assert (await told(desk))[FRIDAY] == FIGURES_OF_FRIDAY | {"first_contact": (3, 0.0)}


async def test_a_ticket_that_was_handed_on_weeks_later_counts_for_whoever_has_it(desk: Desk) -> None:
    await world(desk)
    desk.clock.advance(timedelta(days=30))
    for _ in range(40):
        await build.run(desk.services, desk.clock.now())
    assert "agent2" not in {one.key for one in await desk.rows(ReportCell, day=SUNDAY, by="staff")}
    await desk.change(Ticket, REPAIR, owner_id="agent2", updated_at=desk.clock.now())
    desk.clock.advance(timedelta(days=1))
    await nights(desk)
    assert (await told(desk, "staff"))["agent2"]["closed"] == 1


async def test_just_after_midnight_yesterday_is_told_before_its_figures_are_made(desk: Desk) -> None:
    await world(desk)
    await nights(desk)
    desk.clock.set(at(24, "00:00:01"))
    found = await desk.ok("GET", "/reports?from=2026-11-23&to=2026-11-24", "supervisor")
    assert [(part["key"], part["figures"]["contacts"]["count"]) for part in found["parts"]] == [(MONDAY, 1)]
    assert found["missing"] == []
    assert (found["first"], found["settled_until"]) == (MONDAY, "2026-11-16")


async def test_days_that_are_not_made_yet_are_named_and_not_told_as_empty(desk: Desk) -> None:
    await world(desk)
    found = await desk.ok("GET", f"/reports?{WEEK}", "supervisor")
    assert found["missing"] == [SATURDAY, FRIDAY]
    assert await desk.rows(ReportDay) == []


@pytest.mark.parametrize(
    "query, subjects",
    [
        ("measure=contacts", ["an", "bo", "cai", "an"]),
        ("measure=contacts&by=channel&key=wechat", ["cai"]),
        ("measure=given_up&by=staff&key=", ["cai"]),
        ("measure=closed&by=day&key=2026-11-22", [REPAIR, QUALITY]),
        ("measure=closed&by=day&key=2026-11-21", []),
        ("measure=promises_kept&by=staff&key=agent2", ["bo"]),
        ("measure=result_score", [QUALITY]),
    ],
)
async def test_each_figure_opens_its_rows(sqlite_desk: Desk, query: str, subjects: list[str]) -> None:
    await world(sqlite_desk)
    await nights(sqlite_desk)
    found = await sqlite_desk.ok("GET", f"/reports/rows?{WEEK}&{query}", "supervisor")
    assert ([one["subject"] for one in found["rows"]], found["cursor"]) == (subjects, None)


async def test_there_are_as_many_rows_as_the_figure_says_page_by_page(desk: Desk) -> None:
    await world(desk)
    await nights(desk)
    counts = (await desk.ok("GET", f"/reports?{WEEK}", "supervisor"))["total"]
    for measure, figure in counts.items():
        rows, cursor = [], ""
        while cursor is not None:
            page = await desk.ok("GET", f"/reports/rows?{WEEK}&measure={measure}&limit=1&cursor={cursor}", "supervisor")
            rows += page["rows"]
            cursor = page["cursor"]
        assert len(rows) == figure["count"], measure
        assert len({(one["at"], one["subject"], one["staff"]) for one in rows}) == len(rows), measure


async def test_the_table_goes_to_excel_and_names_are_no_formulas(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    await world(desk)
    await desk.change(Staff, "agent", name="=HYPERLINK(1)")
    await nights(desk)
    answer = await desk.call("GET", f"/reports/sheet?by=staff&{WEEK}", "supervisor")
    assert answer.status_code == 200
    (sheet,) = load_workbook(io.BytesIO(answer.content)).worksheets
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    headings, total = lines[0], lines[1]
    assert (total[0], total[headings.index("咨询")], total[headings.index("一次解决（%）")]) == ("合计", 4, 50)
    assert total[headings.index("接通人工：中位数（分钟）")] == 2
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    named = next(cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=HYPERLINK"))
    assert (named.data_type, named.quotePrefix) == ("s", True)
    of_nobody = next(line for line in lines if line[0] == "没有同事参与")
    assert of_nobody[headings.index("承诺兑现（%）")] is None


@pytest.mark.parametrize("query", ["from=2026-11-23&to=2026-11-22", "from=2025-01-01&to=2026-11-22", "from=x&to=y", ""])
async def test_days_in_no_order_are_refused(sqlite_desk: Desk, query: str) -> None:
    await sqlite_desk.refused(422, "GET", f"/reports?{query}", "supervisor")
    await sqlite_desk.refused(422, "GET", f"/reports/rows?{query}&measure=closed", "supervisor")


async def test_an_empty_house_has_no_shares(sqlite_desk: Desk) -> None:
    await nights(sqlite_desk)
    found = await sqlite_desk.ok("GET", f"/reports?{WEEK}", "supervisor")
    assert found["parts"] == []
    assert {(one["count"], one["median"], one["mean"]) for one in found["total"].values()} == {(0, None, None)}


async def test_only_who_leads_reads_reports(sqlite_desk: Desk) -> None:
    for path in ("/reports?", "/reports/sheet?", "/reports/rows?measure=closed&"):
        await sqlite_desk.refused(403, "GET", f"{path}{WEEK}")
