"""Letters: stored first, sent once, at a permitted hour, each kind in the company's own words."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from helpdesk.model.letter import LetterKind
from helpdesk.store.tables import Letter, Message, Ticket
from helpdesk.testing import ROOT
from helpdesk.usecases.letters.letters import send_due_letters
from helpdesk.usecases.tickets.letters import opinion_choices
from tests.integration.desk.conftest import MONDAY, Desk
from tests.integration.desk.letters import MORNING, MOVES, NIGHT, in_the_morning, moved, opened, written


async def letters(desk: Desk, **where: Any) -> list[Letter]:
    return sorted(await desk.rows(Letter, **where), key=lambda one: (one.written_at, one.version))


@pytest.mark.parametrize("kind", LetterKind)
async def test_every_kind_is_written_stored_and_sent_once(sqlite_desk: Desk, kind: LetterKind) -> None:
    conversation_id, number = await opened(sqlite_desk)
    before = len(await sqlite_desk.told(conversation_id))
    first = await written(sqlite_desk, number, kind, "the one")
    assert first is not None
    assert await written(sqlite_desk, number, kind, "the one") is None
    await send_due_letters(sqlite_desk.services, sqlite_desk.clock.now())
    [said] = (await sqlite_desk.told(conversation_id))[before:]
    letter = await sqlite_desk.row(Letter, key="the one")
    assert (said.id, said.text, said.custom["letter"]) == (letter.message_id, letter.text, kind)
    assert letter.sent_at == letter.written_at == sqlite_desk.clock.now()


@pytest.mark.parametrize("kind", LetterKind)
async def test_a_letter_has_title_number_the_way_to_follow_and_who_signs(sqlite_desk: Desk, kind: LetterKind) -> None:
    _, number = await opened(sqlite_desk)
    letter = await written(sqlite_desk, number, kind, "x")
    assert letter is not None
    title, body, *_, follow, signature = letter.text.split("\n")
    assert title.startswith("【")
    assert title.endswith("】")
    assert body.startswith("王小明，您好。")
    assert number in letter.text
    assert "/follow" in follow
    assert "工号 S100" in signature
    assert "2026年11月23日" in signature
    assert "{" not in letter.text


async def test_the_same_key_from_two_processes_is_one_letter(desk: Desk) -> None:
    _, number = await opened(desk)
    made = await asyncio.gather(*(written(desk, number, LetterKind.PROGRESS, "once") for _ in range(4)))
    assert [letter is not None for letter in made].count(True) == 1


async def test_at_night_nothing_is_said_until_the_morning_and_then_once(desk: Desk) -> None:
    conversation_id, number = await opened(desk)
    before = len(await desk.told(conversation_id))
    desk.clock.set(NIGHT)
    await moved(desk, number, *MOVES)
    await send_due_letters(desk.services, desk.clock.now())
    assert len(await desk.told(conversation_id)) == before
    waiting = [one for one in await letters(desk, number=number) if one.sent_at is None]
    assert {one.send_at for one in waiting} == {MORNING}
    desk.clock.set(MORNING)
    await asyncio.gather(*(send_due_letters(desk.services, MORNING) for _ in range(3)))
    said = (await desk.told(conversation_id))[before:]
    assert [m.custom["letter"] for m in said] == ["progress", "progress", "result_justified"]
    assert {one.sent_at for one in await letters(desk, number=number)} == {MORNING, MONDAY}


@pytest.mark.parametrize("hour, minute, waits", [(12, 59, False), (13, 0, True), (23, 59, True), (0, 0, False)])
async def test_the_quiet_hours_begin_and_end_to_the_minute(
    sqlite_desk: Desk, hour: int, minute: int, waits: bool
) -> None:
    _, number = await opened(sqlite_desk)
    sqlite_desk.clock.set(datetime(2026, 11, 25, hour, minute, tzinfo=UTC))  # eight hours later in Shanghai
    letter = await written(sqlite_desk, number, LetterKind.PROGRESS, "x")
    assert letter is not None
    assert (letter.sent_at is None) is waits


async def test_danger_does_not_wait_for_the_morning(sqlite_desk: Desk) -> None:
    sqlite_desk.clock.set(NIGHT)
    conversation_id, number = await opened(sqlite_desk, danger="danger")
    await moved(sqlite_desk, number, MOVES[0], by="supervisor")
    assert [m.custom["letter"] for m in await sqlite_desk.told(conversation_id)] == ["acknowledgement", "progress"]


async def test_who_registers_at_night_is_acknowledged_at_once(sqlite_desk: Desk) -> None:
    sqlite_desk.clock.set(NIGHT)
    conversation_id, number = await opened(sqlite_desk)
    [said] = await sqlite_desk.told(conversation_id)
    ticket = await sqlite_desk.row(Ticket, number=number)
    assert ticket.first_contact_due is not None
    for told in ("【受理回执】", number, "工号", "11月24日（周二）21:00", "11月30日（周一）21:00", "/follow"):
        assert told in said.text, told


@pytest.mark.parametrize(
    "kind, fields",
    [
        ("refund", {"order": "2026110812345", "description": "不想要了", "name": "王女士", "phone": "13812345678"}),
        ("callback", {"description": "请给我回电", "name": "王女士", "phone": "13812345678"}),
        ("praise", {"description": "师傅很专业"}),
    ],
)
async def test_a_simple_matter_is_acknowledged_in_the_bots_own_reply_and_on_file(
    sqlite_desk: Desk, kind: str, fields: dict[str, str]
) -> None:
    conversation_id = await sqlite_desk.customer()
    await sqlite_desk.turn(conversation_id, "open_ticket", {"kind": kind, "fields": fields})
    assert await sqlite_desk.told(conversation_id) == []
    letter = await sqlite_desk.row(Letter)
    assert (letter.kind, letter.message_id) == ("acknowledgement", None)
    assert letter.sent_at is not None
    await send_due_letters(sqlite_desk.services, sqlite_desk.clock.now())
    assert await sqlite_desk.told(conversation_id) == []


async def test_an_internal_ticket_keeps_its_letters_to_itself(sqlite_desk: Desk) -> None:
    number = (await sqlite_desk.ok("POST", "/tickets", description="仓库发货太慢"))["number"]
    await moved(sqlite_desk, number, MOVES[0], by="supervisor")
    [letter] = await letters(sqlite_desk, number=number)
    await send_due_letters(sqlite_desk.services, sqlite_desk.clock.now() + timedelta(days=2))
    assert (await sqlite_desk.row(Letter, id=letter.id)).sent_at is None
    assert await sqlite_desk.rows(Message, author="system") == []


async def test_a_customer_without_phone_is_not_sent_to_a_page_that_asks_for_it(sqlite_desk: Desk) -> None:
    conversation_id, _ = await opened(sqlite_desk, phone=None, email="wang@example.com")
    [said] = await sqlite_desk.told(conversation_id)
    assert "/follow" not in said.text
    assert "查进度" in said.text


async def test_a_result_found_unfounded_is_explained_without_blame(sqlite_desk: Desk) -> None:
    conversation_id, number = await opened(sqlite_desk)
    await moved(sqlite_desk, number, *MOVES[:2])
    await moved(
        sqlite_desk, number,
        {"action": "answer", "finding": "unfounded", "note": "温度记录显示制冷正常", "cause": "设定温度偏高"},
    )  # fmt: skip
    said = (await sqlite_desk.told(conversation_id))[-1]
    assert said.custom["letter"] == "result_unfounded"
    assert "温度记录显示制冷正常。" in said.text
    assert "设定温度偏高" not in said.text  # the cause is for ourselves
    for named in ("12315", "消费者协会", "仲裁", "诉讼"):
        assert named in said.text
    assert len(said.buttons or []) == 2


async def test_a_corrected_result_voids_the_earlier_letter_and_both_are_kept(desk: Desk) -> None:
    conversation_id, number = await opened(desk)
    await moved(desk, number, *MOVES)
    desk.clock.advance(timedelta(hours=4))
    await moved(desk, number, {"action": "correct", "note": "改为全额退款"})
    earlier, corrected = [one for one in await letters(desk, number=number) if "result" in one.kind]
    assert (earlier.kind, earlier.voided_at, corrected.kind) == (
        "result_justified", desk.clock.now(), "corrected_result",
    )  # fmt: skip
    assert corrected.voided_at is None
    said = (await desk.told(conversation_id))[-1].text
    assert "11月23日" in said
    assert "作废" in said or "替代" in said
    assert "改为全额退款。" in said
    assert (await desk.row(Ticket, number=number)).status == "answered"
    shown = await desk.ok("GET", f"/tickets/{number}", "supervisor")
    assert [one["voided_at"] is not None for one in shown["letters"] if "result" in one["kind"]] == [True, False]


async def test_a_result_corrected_before_anybody_read_it_is_simply_replaced(sqlite_desk: Desk) -> None:
    conversation_id, number = await opened(sqlite_desk)
    sqlite_desk.clock.set(NIGHT)
    await moved(sqlite_desk, number, *MOVES)
    await moved(sqlite_desk, number, {"action": "correct", "note": "改为全额退款"})
    await in_the_morning(sqlite_desk)
    said = [m.text for m in await sqlite_desk.told(conversation_id) if "result" in m.custom["letter"]]
    assert len(said) == 1
    assert "改为全额退款" in said[0]
    assert "已换新" not in said[0]


async def test_letters_are_masked_for_who_is_not_in_charge(sqlite_desk: Desk) -> None:
    await sqlite_desk.sign_in("agent2")
    _, number = await opened(sqlite_desk)
    for staff_id, seen in (("agent2", True), ("agent", False)):
        shown = await sqlite_desk.ok("GET", f"/tickets/{number}", staff_id)
        assert ("王小明" in shown["letters"][0]["text"]) is seen


async def test_evasions_do_not_go_into_a_letter_unless_somebody_insists(sqlite_desk: Desk) -> None:
    _, number = await opened(sqlite_desk)
    await moved(sqlite_desk, number, *MOVES[:2])
    step = {**MOVES[2], "note": "这是公司规定"}
    error = await sqlite_desk.refused(422, "POST", f"/tickets/{number}/transitions", "agent2", **step)
    assert [found["code"] for found in error["details"]["findings"]] == ["evasion"]
    assert (await sqlite_desk.row(Ticket, number=number)).status == "investigating"
    await sqlite_desk.ok("POST", f"/tickets/{number}/transitions", "agent2", **step, force=True)


async def test_a_result_asks_for_the_opinion_with_two_choices(sqlite_desk: Desk) -> None:
    _, number = await opened(sqlite_desk)
    ticket = await sqlite_desk.row(Ticket, number=number)
    assert [choice.title for choice in opinion_choices(sqlite_desk.services, ticket)] == ["满意", "不满意，请重新核查"]


def test_the_company_has_a_file_for_each_kind() -> None:
    files = {file.stem for file in (ROOT / "company" / "letters").glob("*.yml")}
    assert files == {str(kind) for kind in LetterKind} | {"frame"}
