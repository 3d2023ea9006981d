"""Tickets that are opened and moved, and the letters that this writes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from helpdesk.model.letter import LetterKind, Words, Writing
from helpdesk.model.timeline import Standing, replay
from helpdesk.store.tables import Letter, Ticket, TicketEvent
from helpdesk.usecases.letters.letters import send_due_letters, write_letter
from helpdesk.usecases.tickets.move import locked_ticket
from tests.integration.desk.conftest import Desk, complaint

NIGHT = datetime(2026, 11, 23, 14, tzinfo=UTC)
"""22:00 in Shanghai."""
MORNING = datetime(2026, 11, 24, 0, tzinfo=UTC)
FIELDS: Mapping[LetterKind, dict[str, Any]] = {
    LetterKind.ACKNOWLEDGEMENT: {"occasion": "complaint"},
    LetterKind.PROGRESS: {"occasion": "accepted"},
    LetterKind.POSTPONEMENT: {"fields": {"old_due": "11月30日（周一）21:00"}},
    LetterKind.REMINDER_QUESTION: {"fields": {"question": "请您拍一张铭牌的照片。"}},
    LetterKind.RESULT_JUSTIFIED: {"occasion": "complaint", "fields": {"note": "已换新。", "measures": ""}},
    LetterKind.RESULT_UNFOUNDED: {"fields": {"note": "经检测各项正常。"}},
    LetterKind.CORRECTED_RESULT: {"fields": {"note": "改为退款。", "measures": "", "replaced": "11月20日"}},
    LetterKind.CONCLUSION: {"fields": {"note": "已按约定换新两次。"}},
    LetterKind.DATA_DELETION: {"fields": {"at": "11月23日（周一）11:00", "minutes": 60}},
    LetterKind.SURVEY: {"fields": {"link": "https://shop.example/survey#x", "until": "12月23日"}},
    LetterKind.COMPENSATION: {"fields": {"offer": "优惠券一张，价值 50.00 元。"}},
}
MOVES: tuple[dict[str, str], ...] = (
    {"action": "accept"},
    {"action": "investigate"},
    {"action": "answer", "note": "已换新", "cause": "压缩机故障", "corrective_action": "更换批次"},
)


async def opened(desk: Desk, sender: str = "wang", **changes: Any) -> tuple[str, str]:
    """(conversation, number) of a new complaint."""
    conversation_id = await desk.customer(sender)
    result = await desk.turn(conversation_id, "open_ticket", complaint(**changes))
    return conversation_id, str(result["number"])


async def moved(desk: Desk, number: str, *steps: dict[str, Any], by: str = "agent2") -> None:
    for step in steps:
        await desk.ok("POST", f"/tickets/{number}/transitions", by, **step)


async def written(desk: Desk, number: str, kind: LetterKind, key: str) -> Letter | None:
    async with desk.services.db.write() as uow:
        ticket = await locked_ticket(uow, number)
        letter = await write_letter(
            desk.services, uow, ticket, Writing(kind, words=Words(**FIELDS.get(kind, {})), key=key, by="system")
        )
        await uow.commit()
    return letter


async def in_the_morning(desk: Desk) -> None:
    desk.clock.set(MORNING)
    await send_due_letters(desk.services, desk.clock.now())


async def events_of(desk: Desk, number: str) -> list[TicketEvent]:
    return sorted(await desk.rows(TicketEvent, number=number), key=lambda event: event.id)


async def assert_replays(desk: Desk, number: str) -> None:
    """The timeline alone gives the ticket's standing, and it never was without an owner."""
    events = await events_of(desk, number)
    assert replay(events) == Standing.of(await desk.row(Ticket, number=number))
    for length in range(1, len(events) + 1):
        assert replay(events[:length]).owner


async def appealed(desk: Desk, conversation_id: str, number: str) -> str:
    """What an appeal comes to now; nothing is applied."""
    return str(
        (await desk.reserve(conversation_id, "dispute_ticket", {"number": number, "reason": "不满意"}))["outcome"]
    )
