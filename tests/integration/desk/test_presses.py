"""Choices that the service itself offers."""

from __future__ import annotations

from helpdesk.store.tables import Ticket
from tests.integration.desk.conftest import Desk
from tests.integration.desk.steps import answered, press


async def test_who_chooses_the_call_gets_a_number_and_a_time(desk: Desk) -> None:
    await desk.sign_in()
    conversation_id = await desk.customer("wang", "冰箱不制冷")
    await desk.set_dialogue(conversation_id, name="王小明", phone="13812345678")
    await desk.turn(conversation_id, "join_queue", {"reason": "asked"})
    assert await press(desk, conversation_id, "keep_waiting") == ["handoff"]
    assert await press(desk, conversation_id, "callback") == ["ticket_opened"]
    ticket = await desk.row(Ticket)
    assert (ticket.kind, ticket.fields["phone"], ticket.fields["description"]) == (
        "callback",
        "13812345678",
        "冰箱不制冷",
    )
    assert await desk.state(conversation_id) == "bot"
    assert await press(desk, conversation_id, "callback") == []  # out of date


async def test_whom_we_cannot_call_is_asked_for_a_number(sqlite_desk: Desk) -> None:
    await sqlite_desk.sign_in()
    conversation_id = await sqlite_desk.waiting()
    assert await press(sqlite_desk, conversation_id, "callback") == ["None"]
    assert (await sqlite_desk.rows(Ticket), await sqlite_desk.state(conversation_id)) == ([], "bot")


async def test_a_result_is_told_with_the_question_whether_it_satisfies(desk: Desk) -> None:
    conversation_id = await desk.customer()
    number = await answered(desk, conversation_id)
    content, discontent = (b["press"] for b in (await desk.told(conversation_id))[-1].buttons or [])
    assert content == {"service": "satisfy_ticket", "number": number}
    assert (discontent["intent"], discontent["entities"]) == ("dispute_result", {"ticket": number})
    for _ in range(2):
        assert await press(desk, conversation_id, **content) == ["ticket_status"]
    ticket = await desk.row(Ticket)
    assert (ticket.status, ticket.version) == ("satisfied", 5)


async def test_a_result_that_was_disputed_cannot_be_accepted_by_an_old_button(sqlite_desk: Desk) -> None:
    conversation_id = await sqlite_desk.customer()
    number = await answered(sqlite_desk, conversation_id)
    await sqlite_desk.turn(conversation_id, "dispute_ticket", {"number": number, "reason": "还是坏的"})
    assert await press(sqlite_desk, conversation_id, "satisfy_ticket", number=number) == []
    assert (await sqlite_desk.row(Ticket)).status == "investigating"
