"""Read company/ into a `Company`, or name the file and key that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from helpdesk.company.files import Edits, read_file, read_yaml
from helpdesk.company.shape import CompanyFileError
from helpdesk.company.whole import DATA_ACTION, Company

__all__ = ["load_company"]

NO_EDITS: Edits = {}

_FILES = {
    "profile": "profile.yml",
    "opening_hours": "opening_hours.yml",
    "holidays": "holidays.yml",
    "departments": "departments.yml",
    "complaints": "complaints.yml",
    "kinds": "kinds.yml",
    "fields": "fields",
    "limits": "limits.yml",
    "roster": "roster.yml",
    "products": "products",
    "orders": "orders",
    "customers": "customers.yml",
    "connectors": "connectors.yml",
    "order_numbers": "order_numbers.yml",
    "forbidden": "forbidden.yml",
    "safety": "safety.yml",
    "red_lines": "red_lines.yml",
    "care": "care.yml",
    "sayings": "sayings.yml",
    "misdeeds": "misdeeds.yml",
    "matter_questions": "matter_questions.yml",
    "accounts": "accounts.yml",
    "form_words": "form_words.yml",
    "queue": "queue.yml",
    "assignment": "assignment.yml",
    "customer_files": "customer_files.yml",
    "urgency": "urgency.yml",
    "concepts": "concepts.yml",
    "follow_up": "follow_up.yml",
    "chatter": "chatter.yml",
    "product_questions": "product_questions.yml",
    "wechat": "wechat.yml",
    "notices": "notices.yml",
    "personal_data": "personal_data.yml",
    "webhooks": "webhooks.yml",
    "joining": "joining.yml",
    "survey": "survey.yml",
}  # fmt: skip
"""Part of `Company` -> its file, or the folder whose files are read as one mapping."""


def load_company(root: Path, edits: Edits = NO_EDITS) -> Company:
    """Read and check everything under `root`, or what stands in its place in `edits`.

    Raises:
        CompanyFileError: the first thing that is wrong.
    """
    data: dict[str, Any] = {part: _read_part(root, name, edits) for part, name in _FILES.items()}
    try:
        company = Company(root=root, edits=edits, **data)
    except ValidationError as error:
        raise _located(root, data, error) from error
    _check_references(company)
    return company


def _read_part(root: Path, name: str, edits: Edits) -> Any:
    path = root / name
    if not path.is_dir():
        return read_file(root, name, edits)
    merged: dict[str, Any] = {}
    for file in sorted(path.glob("*.yml")):
        for key, value in (read_yaml(file) or {}).items():
            if key in merged:
                raise CompanyFileError(file, str(key), "is already in another file of this folder")
            merged[str(key)] = value
    return merged


def _located(root: Path, data: Mapping[str, Any], error: ValidationError) -> CompanyFileError:
    first = error.errors()[0]
    part, *rest = (str(step) for step in first["loc"])
    path = root / _FILES.get(part, part)
    if path.is_dir() and rest:
        path = _file_holding(path, rest[0])
    return CompanyFileError(path, ".".join(rest) or "(file)", first["msg"], first["type"], first.get("ctx", {}))


def _file_holding(folder: Path, key: str) -> Path:
    for file in sorted(folder.glob("*.yml")):
        if key in {str(k) for k in (read_yaml(file) or {})}:
            return file
    return folder


def _check_references(company: Company) -> None:
    """Names used in one file must be declared in another; pydantic cannot see across them."""
    root = company.root
    for file, key, name, known, what in _references(company):
        if name not in known:
            raise CompanyFileError(root / file, key, f"{name!r} is no {what}")


Reference = tuple[str, str, str, Mapping[str, Any] | Sequence[str], str]


def _references(company: Company) -> Iterator[Reference]:
    yield from _department_references(company)
    yield from _field_references(company)
    for number, order in company.orders.items():
        for item in order.items:
            yield "orders", f"{number}.items", item.product, company.products, "product"
        if order.customer is not None:
            yield "orders", f"{number}.customer", order.customer, company.customers, "customer"


def _department_references(company: Company) -> Iterator[Reference]:
    departments = company.departments
    for name, department in departments.items():
        yield "departments.yml", f"{name}.escalates_to", department.escalates_to, departments, "department"
    for name, category in company.complaints.categories.items():
        yield "complaints.yml", f"categories.{name}.department", category.department, departments, "department"
    for name, kind in company.kinds.items():
        yield "kinds.yml", f"{name}.department", kind.department, departments, "department"
    for name, member in company.roster.items():
        yield "roster.yml", f"{name}.department", member.department, departments, "department"


def _field_references(company: Company) -> Iterator[Reference]:
    fields = company.fields
    complaints = company.complaints
    for field in (*complaints.common, *complaints.offered, *complaints.ask_order):
        yield "complaints.yml", "common, offered, ask_order", field, fields, "field"
    for name, category in complaints.categories.items():
        for field in category.names():
            yield "complaints.yml", f"categories.{name}", field, fields, "field"
        for field in (*complaints.common, *category.required, *(c.field for c in category.conditional)):
            yield "complaints.yml", "ask_order", field, complaints.ask_order, "entry of ask_order"
    for name, kind in company.kinds.items():
        for field in kind.names():
            yield "kinds.yml", name, field, fields, "field"
    actions = [choice.value for choice in fields[DATA_ACTION].choices]
    for name in company.sayings.wants_data:
        yield "sayings.yml", "wants_data", name, actions, f"choice of {DATA_ACTION}"
    for name, question in company.matter_questions.items():
        for answered in question.articles:
            yield "matter_questions.yml", f"{name}.articles", answered, company.kinds, "kind of ticket"
    for name in company.personal_data.kept_tickets:
        yield "personal_data.yml", "kept_tickets", name, company.kinds, "kind of ticket"
    for name, spec in fields.items():
        for field in spec.alternatives:
            yield "fields", f"{name}.alternatives", field, fields, "field"
