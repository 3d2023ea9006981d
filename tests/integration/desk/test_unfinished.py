"""What a customer left unfinished: kept by its form and kind, and given up where it goes on elsewhere."""

from __future__ import annotations

from helpdesk.model.frame import Frame
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Draft
from helpdesk.usecases.turns import drafts
from tests.integration.desk.conftest import Desk

REFUND = {"kind": "refund", "order": "2026110812345", "phone": "13812345678"}
INVOICE = {"kind": "invoice", "invoice_kind": "personal", "phone": "13812345678"}


async def keep(desk: Desk, conversation_id: str) -> None:
    """What a turn's end does."""
    async with desk.services.db.write() as uow:
        conversation = await lock_conversation(uow.session, conversation_id)
        await drafts.keep(desk.services, uow, conversation, has_some=True)
        await uow.commit()


async def kinds(desk: Desk) -> list[str]:
    return sorted(draft.kind for draft in await desk.rows(Draft) if draft.closed_at is None)


async def test_two_kinds_of_one_form_are_two_drafts(desk: Desk) -> None:
    conversation_id = await desk.customer()
    waits = Frame().pushing("service_form", REFUND)
    await desk.set_dialogue(conversation_id, "service_form", **INVOICE, frame=waits.to_json())
    await keep(desk, conversation_id)
    assert await kinds(desk) == ["invoice", "refund"]
    await desk.set_dialogue(conversation_id, frame=waits.to_json())
    await keep(desk, conversation_id)
    assert await kinds(desk) == ["refund"]
