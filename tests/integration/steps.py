"""What several tests of the service do."""

from __future__ import annotations

from typing import Any

from helpdesk.model.conversation import TurnRef
from helpdesk.usecases.turns.stage import stage
from tests.support.fixtures import World
from tests.support.scripted_worker import answer

Json = dict[str, Any]
TOKEN = {"Authorization": "Bearer action-token"}


def call(action: str, **more: Any) -> Json:
    """An action call as the worker sends it."""
    tracker = {
        "sender_id": "c",
        "slots": {},
        "events": [],
        "paused": False,
        "latest_message": {"text": "您好", "message_id": "m:1", "intent": {"name": "greet"}, "entities": []},
        "active_loop": {},
        "latest_action_name": "action_listen",
        "latest_input_channel": "worker",
        "followup_action": None,
    }
    return {"next_action": action, "sender_id": "c", "tracker": tracker, "domain_digest": "d1", **more}


LOOKERS = frozenset({"_tick", "Dispatcher._recover", "Dispatcher._notice", "_forever", "_look", "assign_by_itself"})
"""Tasks that ask by time, whether there are messages or none."""
COMPLAINT: Json = {
    "kind": "complaint",
    "category": "quality",
    "fields": {
        "name": "李雷",
        "phone": "13812345678",
        "category": "quality",
        "description": "冰箱不制冷",
        "occurred": "2026-11-20",
        "order": "2026110812345",
        "product": "冰箱",
        "outcome": "退款",
        "danger": "没有",
    },
}


def ref(body: Json) -> TurnRef:
    return TurnRef.parse(body["conversation"], body["message_id"])


async def open_ticket(world: World, body: Json) -> Json:
    result = await stage(world.services, ref(body), "open_ticket", COMPLAINT, f"run-{body['conversation']}")
    return answer(body, f"登记号 {result['number']}", custom={"kind": "ticket_opened", "number": result["number"]})
