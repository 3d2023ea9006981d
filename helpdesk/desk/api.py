"""Every route of the staff API under /api, and its description."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.openapi.utils import get_openapi

from helpdesk.desk import (
    assignment,
    audit,
    calls,
    clocks,
    conversations,
    customers,
    follow_ups,
    history,
    imports,
    keys,
    knowledge,
    matters,
    me,
    own,
    people,
    personal_data,
    recognised,
    reports,
    scorecards,
    sent,
    sessions,
    settings,
    shop,
    suggestions,
    supervision,
    surveys,
    talks,
    ticket_list,
    ticket_people,
    tickets,
    titles,
    walk_ins,
    webhooks,
)
from helpdesk.desk.access import Given, current
from helpdesk.desk.unknown_fields import refuse_unknown_fields
from helpdesk.usecases.people.sign_in import COOKIE

TITLE = "三声 staff API"
VERSION = "1"
PREFIX = "/api"
ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "reason", "message"],
            "properties": {
                "code": {"type": "string"},
                "reason": {"type": "string"},
                "message": {"type": "string"},
                "details": {"type": "object"},
            },
        }
    },
}
PROBLEMS = {
    "400": "The body is no JSON.",
    "401": "Not signed in.",
    "403": "Not allowed, or asked from another site's page.",
    "404": "Unknown.",
    "409": "Somebody was first, or the state has no such move.",
    "408": "The request did not arrive in time.",
    "413": "The body is larger than 256 kB.",
    "422": "A value cannot be accepted, or a field is unknown.",
    "431": "Address and headers are longer than 16 kB.",
    "429": "Too many tries; `Retry-After` says when to come again.",
    "503": "Nothing can be stored for the moment.",
}

router = APIRouter(prefix=PREFIX, dependencies=[Depends(refuse_unknown_fields)])
for part in (
    sessions, me, own, people, keys, conversations, assignment, talks, customers, follow_ups, history, sent, shop,
    suggestions, supervision, matters, surveys, reports, scorecards, recognised, ticket_list, tickets,
    ticket_people, clocks, calls, walk_ins, knowledge, titles, audit, personal_data, imports, settings, webhooks,
):  # fmt: skip
    router.include_router(part.router)


@router.get("/openapi.json", include_in_schema=False)
async def openapi(request: Request, services: Given) -> dict[str, Any]:
    """The description of this API; outside demo mode for signed-in staff only."""
    if not services.settings.demo:
        await current(request)
    return description()


def description() -> dict[str, Any]:
    """OpenAPI 3.1 of every route, with the one error shape and every way to sign in."""
    document = get_openapi(title=TITLE, version=VERSION, routes=router.routes)
    parts = document.setdefault("components", {})
    parts.setdefault("schemas", {})["Error"] = ERROR
    parts["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "cookie": {"type": "apiKey", "in": "cookie", "name": COOKIE},
    }
    document["security"] = [{"bearer": []}, {"cookie": []}]
    for path in document["paths"].values():
        for operation in path.values():
            _add_problems(operation["responses"])
    return document


def _add_problems(responses: dict[str, Any]) -> None:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    for status, meaning in PROBLEMS.items():
        responses[status] = {"description": meaning, "content": content}


@cache
def routes() -> tuple[tuple[str, str], ...]:
    """(method, path) of every route in the description, for tests and docs."""
    found = description()["paths"]
    return tuple(sorted((method.upper(), path) for path, operations in found.items() for method in operations))
