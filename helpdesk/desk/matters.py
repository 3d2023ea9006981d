"""What a ticket asks for: kinds, complaint categories and their fields, for the form in which staff registers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from helpdesk.company import Company, FieldSpec
from helpdesk.company.matters import Asks
from helpdesk.desk import views
from helpdesk.desk.access import AtWork, Clean, Filled, Given, Id, Who
from helpdesk.model.field import State
from helpdesk.model.ticket import Kind
from helpdesk.text.fields import state_in_words
from helpdesk.usecases.tickets.staff_registration import register_for_customer
from helpdesk.wording import Wording

router = APIRouter(tags=["conversations"])


class ConditionView(views.View):
    """A field that is required when another one (`when`) has one of some values."""

    field: str
    when: str
    values: list[str]


class MatterView(views.View):
    """A kind of ticket, or a complaint's category, and what it asks for, in the order of asking."""

    id: str
    title: str
    required: list[str]
    optional: list[str]
    conditional: list[ConditionView]


class ChoiceView(views.View):
    """One value of a field of choices."""

    value: str
    title: str


class FieldView(views.View):
    """How one field is written and checked. `alternatives`: any of these serves instead."""

    title: str
    kind: str
    why: str
    example: str
    may_be_unknown: bool
    unknown: str | None
    """What is written where the customer cannot tell."""
    alternatives: list[str]
    choices: list[ChoiceView]
    min_length: int
    max_length: int


class MattersView(views.View):
    """All of them. Complaints take their fields from the category."""

    kinds: list[MatterView]
    categories: list[MatterView]
    fields: dict[str, FieldView]


class Registration(BaseModel):
    """A ticket for the customer who is served. `client_id` makes sending it again harmless."""

    kind: Filled = Field(max_length=32)
    category: Clean | None = Field(None, max_length=64)
    fields: dict[str, Any] = Field(default_factory=dict, max_length=60)
    client_id: Filled | None = Field(None, max_length=64)


class RegisteredView(views.View):
    """`joined`: the customer had an open ticket about the same matter, which is more urgent now."""

    number: str
    promised_at: str | None
    first_contact_at: str | None
    result_at: str | None
    joined: bool


@router.get("/matters")
async def matters(services: Given, who: Who) -> MattersView:
    """What to ask for each kind of ticket."""
    company = services.company
    return MattersView(
        kinds=[_kind(company, kind) for kind in Kind if kind is not Kind.INTERNAL],
        categories=list(_categories(company)),
        fields={name: _field(services.wording, name, spec) for name, spec in company.fields.items()},
    )


def _kind(company: Company, kind: Kind) -> MatterView:
    found = company.kinds[kind]
    return MatterView(
        id=kind,
        title=found.title,
        required=list(found.required),
        optional=list(found.optional),
        conditional=_conditions(found),
    )


def _conditions(asks: Asks) -> list[ConditionView]:
    return [ConditionView(field=rule.field, when=rule.when, values=list(rule.values)) for rule in asks.conditional]


def _categories(company: Company) -> Iterator[MatterView]:
    for name, category in company.complaints.categories.items():
        required = [one for one in company.complaints.required(name) if one != "category"]
        yield MatterView(
            id=name,
            title=category.title,
            required=required,
            optional=[one for one in dict.fromkeys(company.complaints.optional(name)) if one not in required],
            conditional=_conditions(category),
        )


def _field(wording: Wording, name: str, spec: FieldSpec) -> FieldView:
    return FieldView(
        title=spec.title,
        kind=spec.kind,
        why=spec.why,
        example=spec.example,
        may_be_unknown=spec.may_be_unknown,
        unknown=state_in_words(wording, name, State.UNKNOWN) if spec.may_be_unknown else None,
        alternatives=list(spec.alternatives),
        choices=[ChoiceView(value=one.value, title=one.title) for one in spec.choices],
        min_length=spec.min_length,
        max_length=spec.max_length,
    )


@router.post("/conversations/{conversation_id}/tickets", status_code=201)
async def register(conversation_id: Id, body: Registration, services: Given, who: AtWork) -> RegisteredView:
    """Register a ticket for the customer who is served; they get the acknowledgement."""
    payload = {"kind": body.kind, "category": body.category, "fields": body.fields}
    registered = await register_for_customer(services, conversation_id, payload, body.client_id, who.staff)
    return RegisteredView(**registered.as_result())
