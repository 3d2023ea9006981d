"""The company's names for fields, choices, categories, departments: what staff read instead of ids."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from helpdesk.desk.access import Given, Who
from helpdesk.model.ticket import Kind, Status

router = APIRouter(tags=["titles"])


class Titles(BaseModel):
    """Id -> title; `choices` by field, then by value."""

    fields: dict[str, str]
    choices: dict[str, dict[str, str]]
    categories: dict[str, str]
    departments: dict[str, str]
    kinds: dict[str, str]
    statuses: dict[str, str]


@router.get("/titles")
async def titles(services: Given, who: Who) -> Titles:
    """Every title there is."""
    company, render = services.company, services.wording.render
    return Titles(
        fields={name: spec.title for name, spec in company.fields.items()},
        choices={n: {c.value: c.title for c in spec.choices} for n, spec in company.fields.items() if spec.choices},
        categories={name: category.title for name, category in company.complaints.categories.items()},
        departments={name: department.title for name, department in company.departments.items()},
        kinds={kind: render(f"kind_{kind}") for kind in Kind},
        statuses={status: render(f"status_{status}") for status in Status},
    )
