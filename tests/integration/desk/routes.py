"""Every route of the staff API with something to put into it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpdesk.desk.api import routes
from helpdesk.model.rights import Deed, Part, by_role, may
from helpdesk.store.tables import Compensation, Conversation, Customer, Promise, Staff, Ticket
from tests.integration.desk.conftest import Desk, complaint

PUBLIC, ANYBODY, MANAGER = "public", "anybody", "manager"
OWNER, OUTSIDER = "agent2", "agent"
PARTS = {
    OUTSIDER: by_role("agent"),
    OWNER: {Part.OWNER},
    "supervisor": by_role("supervisor") | {Part.HEAD},
    "admin": by_role("admin"),
}
ENDS_SESSIONS = {"DELETE /api/me/sessions", "DELETE /api/session"}
LATER = "2026-12-01T10:00:00+08:00"
ARTICLE = {
    "question": "几点开门",
    "subject": "开门时间",
    "answer": "早上九点。",
    "wordings": ["什么时候开门", "营业时间"],
}
ARTICLE_FILE = b64encode("编号,问题,答案,问法\na.b,几点开门,早上九点。,什么时候开门；营业时间".encode()).decode()
CUSTOMER_FILE = b64encode("电话,等级\n13812345678,普通".encode()).decode()
QUERIES = {
    "GET /api/knowledge/search": "?q=x",
    "POST /api/conversations/{conversation_id}/files": "?client_id=p1&name=a.pdf",
    "POST /api/conversations/{conversation_id}/pictures": "?client_id=p1",
    "GET /api/me/scorecard": "?from=2026-11-01&to=2026-11-30",
    "GET /api/scorecards/{staff_id}": "?from=2026-11-01&to=2026-11-30",
    "GET /api/reports": "?from=2026-11-01&to=2026-11-30",
    "GET /api/reports/blueprint": "?from=2026-11-01&to=2026-11-30",
    "GET /api/reports/rows": "?from=2026-11-01&to=2026-11-30&measure=contacts",
    "GET /api/reports/sheet": "?from=2026-11-01&to=2026-11-30",
    "GET /api/reports/survey": "?from=2026-11-01&to=2026-11-30",
    "GET /api/reports/survey/rows": "?from=2026-11-01&to=2026-11-30",
    "GET /api/reports/survey/sheet": "?from=2026-11-01&to=2026-11-30",
    "GET /api/settings/file": "?name=limits.yml",
    "GET /api/settings/file/versions": "?name=limits.yml",
    "POST /api/settings/file/preview": "?name=limits.yml",
    "POST /api/settings/file/rollback": "?name=limits.yml",
    "PUT /api/settings/file": "?name=limits.yml",
}
"""What cannot be asked without saying for what."""
Guard = str | Deed


@dataclass(frozen=True)
class Route:
    """Who may ask it, and a body that could be meant."""

    guard: Guard
    body: Mapping[str, Any] | None = None


READ: dict[str, Guard] = {
    "GET /api/conversations/{conversation_id}/orders": Deed.SEE_CONTACT,
    "GET /api/customers/{customer_id}/orders": Deed.SEE_CONTACT,
    "GET /api/audit": Deed.READ_AUDIT,
    "GET /api/keys": MANAGER,
    "GET /api/people": MANAGER,
    "GET /api/people/{staff_id}": MANAGER,
    "GET /api/people/{staff_id}/sessions": MANAGER,
    "GET /api/personal-data": MANAGER,
    "GET /api/supervision": Deed.SUPERVISE,
    "GET /api/reports": Deed.SUPERVISE,
    "GET /api/scorecards/{staff_id}": Deed.SUPERVISE,
    "GET /api/reports/blueprint": Deed.SUPERVISE,
    "GET /api/reports/rows": Deed.SUPERVISE,
    "GET /api/reports/sheet": Deed.SUPERVISE,
    "GET /api/reports/survey": Deed.SUPERVISE,
    "GET /api/reports/survey/rows": Deed.SUPERVISE,
    "GET /api/reports/survey/sheet": Deed.SUPERVISE,
    "GET /api/settings": Deed.EDIT_SETTINGS,
    "GET /api/settings/file": Deed.EDIT_SETTINGS,
    "GET /api/settings/file/versions": Deed.EDIT_SETTINGS,
    "GET /api/tickets/{number}/person": Deed.EXPORT_PERSON,
    "GET /api/webhooks": Deed.EDIT_SETTINGS,
    "GET /api/webhooks/deliveries": Deed.EDIT_SETTINGS,
}
"""What is not everybody's to read; all other GETs are."""
DONE: dict[str, Route] = {
    "DELETE /api/keys/{key_id}": Route(MANAGER),
    "DELETE /api/knowledge/articles/{faq_id}/draft": Route(Deed.EDIT_KNOWLEDGE),
    "DELETE /api/me/sessions": Route(ANYBODY),
    "DELETE /api/me/sessions/{session_id}": Route(ANYBODY),
    "DELETE /api/me/replies/{item_id}": Route(ANYBODY),
    "DELETE /api/me/views/{item_id}": Route(ANYBODY),
    "DELETE /api/people/{staff_id}/second-factor": Route(MANAGER),
    "DELETE /api/people/{staff_id}/sessions": Route(MANAGER),
    "DELETE /api/people/{staff_id}/sessions/{session_id}": Route(MANAGER),
    "DELETE /api/session": Route(ANYBODY),
    "DELETE /api/tickets/{number}/investigators/{staff_id}": Route(Deed.CHANGE_GROUP),
    "DELETE /api/tickets/{number}/person/deletion": Route(Deed.ERASE_PERSON),
    "DELETE /api/webhooks/receivers/{receiver}": Route(Deed.EDIT_SETTINGS),
    "PATCH /api/people/{staff_id}": Route(MANAGER, {"name": "某人"}),
    "POST /api/callers": Route(ANYBODY, {"phone": "13812345678"}),
    "POST /api/calls/{call_id}": Route(ANYBODY, {}),  # its ticket decides; there is none here
    "POST /api/compensations/{compensation_id}/decision": Route(Deed.APPROVE, {"decision": "approve"}),
    "POST /api/conversations/{conversation_id}/assign": Route(Deed.SUPERVISE, {"to": "supervisor"}),
    "POST /api/conversations/{conversation_id}/claim": Route(Deed.TAKE),
    "POST /api/conversations/{conversation_id}/close": Route(Deed.CLOSE),
    "POST /api/conversations/{conversation_id}/files": Route(Deed.REPLY),
    "POST /api/conversations/{conversation_id}/hold": Route(Deed.HOLD, {"minutes": 10}),
    "POST /api/conversations/{conversation_id}/messages": Route(Deed.REPLY, {"text": "您好"}),
    "POST /api/conversations/{conversation_id}/messages/{message_id}/recall": Route(Deed.REPLY),
    "POST /api/conversations/{conversation_id}/messages/{message_id}/resend": Route(Deed.REPLY),
    "POST /api/conversations/{conversation_id}/notes": Route(Deed.NOTE, {"text": "记一笔"}),
    "POST /api/conversations/{conversation_id}/pass": Route(ANYBODY),
    "POST /api/conversations/{conversation_id}/pictures": Route(Deed.REPLY),
    "POST /api/conversations/{conversation_id}/release": Route(Deed.RELEASE),
    "DELETE /api/conversations/{conversation_id}/tags/{name}": Route(Deed.NOTE),
    "POST /api/conversations/{conversation_id}/tags": Route(Deed.NOTE, {"name": "回访"}),
    "POST /api/conversations/{conversation_id}/tickets": Route(Deed.REGISTER, complaint()),
    "POST /api/conversations/{conversation_id}/transfer": Route(Deed.PASS_CUSTOMER, {"to": "supervisor"}),
    "POST /api/conversations/{conversation_id}/unhold": Route(Deed.PASS_CUSTOMER),
    "POST /api/conversations/{conversation_id}/whisper": Route(Deed.SUPERVISE, {"text": "请先道歉"}),
    "PATCH /api/customers/{customer_id}": Route(Deed.EDIT_CUSTOMER, {"remark": "喜欢上午联系"}),
    "POST /api/customers/{customer_id}/follow-ups": Route(Deed.EDIT_CUSTOMER, {"way": "phone", "due_at": LATER}),
    "POST /api/follow-ups/{follow_up_id}/drop": Route(ANYBODY, {"reason": "已另行联系"}),  # its file decides
    "POST /api/follow-ups/{follow_up_id}/move": Route(ANYBODY, {"due_at": LATER, "reason": "没有接通"}),
    "POST /api/follow-ups/{follow_up_id}/report": Route(ANYBODY, {"as_agreed": True, "satisfied": 5}),
    "POST /api/follow-ups/{follow_up_id}/thanks": Route(ANYBODY),
    "POST /api/customers/{customer_id}/keeper": Route(Deed.GIVE_CUSTOMER, {"to": "supervisor", "reason": "调岗"}),
    "POST /api/customers/{customer_id}/merge": Route(Deed.MERGE_CUSTOMERS, {"other": "none", "reason": "电话核实"}),
    "POST /api/customers/{customer_id}/review": Route(Deed.EDIT_CUSTOMER),
    "POST /api/merges/{merge_id}/undo": Route(Deed.MERGE_CUSTOMERS),
    "POST /api/customers/{customer_id}/tier": Route(Deed.SET_TIER, {"tier": "key", "reason": "常年采购"}),
    "POST /api/conversations/{conversation_id}/write-again": Route(Deed.TAKE),
    "POST /api/import/articles": Route(Deed.EDIT_KNOWLEDGE, {"content": ARTICLE_FILE, "digest": "not this"}),
    "POST /api/import/articles/plan": Route(Deed.EDIT_KNOWLEDGE, {"content": ARTICLE_FILE}),
    "POST /api/import/customers": Route(Deed.IMPORT_CUSTOMERS, {"content": CUSTOMER_FILE, "digest": "not this"}),
    "POST /api/import/customers/plan": Route(Deed.IMPORT_CUSTOMERS, {"content": CUSTOMER_FILE}),
    "POST /api/invitation": Route(PUBLIC, {"token": "nobody's"}),
    "POST /api/invitation/accept": Route(PUBLIC, {"token": "nobody's", "password": "long enough 4"}),
    "POST /api/keys": Route(MANAGER, {"name": "crm", "scopes": ["tickets:read"], "expires_at": LATER}),
    "POST /api/knowledge/articles/{faq_id}/publish": Route(Deed.EDIT_KNOWLEDGE, {}),
    "POST /api/knowledge/articles/{faq_id}/rollback": Route(Deed.EDIT_KNOWLEDGE, {"version": 1}),
    "POST /api/knowledge/articles/{faq_id}/rehearse": Route(Deed.EDIT_KNOWLEDGE, {}),
    "POST /api/knowledge/articles/{faq_id}/try": Route(Deed.EDIT_KNOWLEDGE, {"question": "几点开门"}),
    "POST /api/knowledge/unanswered/{group_id}": Route(Deed.EDIT_KNOWLEDGE, {"action": "dismiss"}),
    "POST /api/me/password": Route(ANYBODY, {"current": "not this", "password": "long enough 4"}),
    "POST /api/me/replies": Route(ANYBODY, {"title": "催件", "text": "已为您催促。"}),
    "POST /api/me/views": Route(ANYBODY, {"page": "tickets", "title": "我的超时", "filters": {"mine": "1"}}),
    "POST /api/me/second-factor": Route(ANYBODY),
    "POST /api/me/second-factor/confirm": Route(ANYBODY, {"code": "000000"}),
    "POST /api/me/second-factor/drop": Route(ANYBODY, {"code": "000000"}),
    "POST /api/people": Route(MANAGER, {"id": "newcomer", "name": "新人", "number": "S9"}),
    "POST /api/people/{staff_id}/hand-on": Route(MANAGER),
    "POST /api/people/{staff_id}/invitation": Route(MANAGER),
    "POST /api/people/{staff_id}/lock": Route(MANAGER),
    "POST /api/people/{staff_id}/unlock": Route(MANAGER),
    "POST /api/presence": Route(ANYBODY, {"state": "online"}),
    "POST /api/promises/{promise_id}/confirm": Route(Deed.PUT_RIGHT, {}),
    "POST /api/promises/{promise_id}/dismiss": Route(Deed.PUT_RIGHT),
    "POST /api/promises/{promise_id}/postpone": Route(Deed.POSTPONE, {"due_at": LATER, "reason": "配件未到"}),
    "POST /api/promises/{promise_id}/settle": Route(Deed.SETTLE, {"state": "kept"}),
    "POST /api/replies/check": Route(ANYBODY, {"text": "您好"}),
    "POST /api/session": Route(PUBLIC, {"username": "nobody", "password": "not this"}),
    "POST /api/scorecards/{staff_id}/notes": Route(Deed.SUPERVISE, {"text": "结束前请道别"}),
    "POST /api/settings/file/preview": Route(Deed.EDIT_SETTINGS, {"values": {"appeal_days": "12"}}),
    "POST /api/settings/file/rollback": Route(Deed.EDIT_SETTINGS, {"version": 0}),
    "POST /api/tickets": Route(Deed.OPEN_INTERNAL, {"description": "门口的灯坏了"}),
    "POST /api/tickets/{number}/survey": Route(Deed.SUPERVISE),
    "POST /api/tickets/{number}/alternatives": Route(Deed.ALTERNATIVE, {"text": "先借一台"}),
    "POST /api/tickets/{number}/ask": Route(Deed.ASK, {"text": "请补充照片"}),
    "POST /api/tickets/{number}/compensations": Route(
        Deed.PROPOSE, {"form": "coupon", "amount": "5", "text": "五元券", "reason": "久等"}
    ),
    "POST /api/tickets/{number}/contacts": Route(Deed.CONTACT, {"channel": "phone", "text": "已通话"}),
    "POST /api/tickets/{number}/department": Route(Deed.TRANSFER, {"department": "sales", "note": "归销售"}),
    "POST /api/tickets/{number}/escalate": Route(Deed.ESCALATE, {"note": "金额较大"}),
    "POST /api/tickets/{number}/investigators": Route(Deed.CHANGE_GROUP, {"staff_id": "supervisor"}),
    "POST /api/tickets/{number}/notes": Route(Deed.NOTE, {"text": "记一笔"}),
    "POST /api/tickets/bulk": Route(
        ANYBODY, {"numbers": ["TS20261123-0001"], "action": "accept"}
    ),  # each ticket decides
    "POST /api/tickets/{number}/owner": Route(Deed.HAND_ON, {"to": "supervisor", "note": "休假"}),
    "POST /api/tickets/{number}/person/deletion": Route(Deed.ERASE_PERSON, {"typed": "nobody"}),
    "POST /api/tickets/{number}/person/export": Route(Deed.EXPORT_PERSON, {}),
    "POST /api/tickets/{number}/reveal": Route(Deed.REVEAL, {"reason": "回电核对"}),
    "POST /api/tickets/{number}/transitions": Route(Deed.ACCEPT, {"action": "accept"}),
    "POST /api/tickets/{number}/unpause": Route(Deed.UNPAUSE, {}),
    "POST /api/walk-ins": Route(ANYBODY, {"source": "phone", "kind": "complaint"}),
    "POST /api/webhooks/deliveries/{delivery_id}/replay": Route(Deed.EDIT_SETTINGS),
    "POST /api/webhooks/receivers/{receiver}/ping": Route(Deed.EDIT_SETTINGS),
    "POST /api/webhooks/receivers/{receiver}/replay": Route(Deed.EDIT_SETTINGS),
    "POST /api/webhooks/receivers/{receiver}/secret": Route(Deed.EDIT_SETTINGS),
    "PUT /api/knowledge/articles/{faq_id}": Route(Deed.EDIT_KNOWLEDGE, ARTICLE),
    "PUT /api/knowledge/articles/{faq_id}/draft": Route(Deed.EDIT_KNOWLEDGE, ARTICLE),
    "PUT /api/settings/file": Route(Deed.EDIT_SETTINGS, {"values": {"appeal_days": "12"}}),
    "PUT /api/webhooks/receivers/{receiver}": Route(
        Deed.EDIT_SETTINGS, {"url": "https://crm.example", "events": ["*"]}
    ),
}
"""What changes something, or may: none is missing, and a new route has to be decided here."""


def table() -> dict[str, Route]:
    reads = {f"{method} {path}": Route(ANYBODY) for method, path in routes() if method == "GET"}
    return {**reads, **{name: Route(guard) for name, guard in READ.items()}, **DONE}


def may_ask(guard: Guard, who: str) -> bool:
    if isinstance(guard, Deed):
        return may(guard, PARTS[who])
    return guard != MANAGER or who == "admin"


@dataclass
class Place:
    """Things for every parameter that a path may have."""

    desk: Desk
    named: dict[str, str]

    async def as_at_first(self) -> None:
        """Whatever the last request did to whom they belong to."""
        await self.desk.change(Ticket, self.named["number"], owner_id=OWNER, department="office")
        served = {"state": "staff", "staff_id": OWNER, "closed_at": None}
        await self.desk.change(Conversation, self.named["conversation_id"], **served)
        await self.desk.change(Customer, self.named["customer_id"], keeper_id=OWNER)

    async def ask(self, name: str, route: Route, headers: Mapping[str, str]) -> int:
        method, _, path = name.partition(" ")
        for parameter, value in self.named.items():
            path = path.replace(f"{{{parameter}}}", value)
        assert "{" not in path, name
        asked = self.desk.client.request(method, path + QUERIES.get(name, ""), json=route.body, headers=dict(headers))
        return (await asked).status_code


async def place_at(desk: Desk) -> Place:
    """Somebody else's ticket and conversation at this desk, and whatever else a path may name."""
    number = (await desk.turn(await desk.customer(), "open_ticket", complaint()))["number"]
    await desk.change(Staff, OWNER, department="sales")
    await desk.change(Staff, OUTSIDER, department="service")
    await desk.change(Ticket, number, owner_id=OWNER, department="office")
    await desk.sign_in(OWNER)
    served = await desk.waiting("second")
    await desk.ok("POST", f"/conversations/{served}/claim", OWNER)
    offer = {"form": "coupon", "amount": "5", "text": "五元券", "reason": "久等"}
    await desk.ok("POST", f"/tickets/{number}/compensations", "supervisor", **offer)
    offers, promises = await desk.rows(Compensation), await desk.rows(Promise, ticket_number=number)
    named = {
        "number": number,
        "conversation_id": served,
        "compensation_id": offers[0].id,
        "promise_id": promises[0].id,
        "customer_id": (await desk.row(Ticket, number=number)).customer_id,
        "merge_id": "none",
        "follow_up_id": "none",
        "staff_id": "somebody",
        "key_id": "none",
        "session_id": "none",
        "group_id": "none",
        "letter_id": "none",
        "call_id": "none",
        "message_id": "none",
        "item_id": "none",
        "faq_id": "service.parking",
        "name": "回访",
        "receiver": "crm",
        "delivery_id": "1",
    }
    return Place(desk, named)
