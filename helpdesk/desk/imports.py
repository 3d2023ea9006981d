"""Articles and customers from a spreadsheet: shown first, then taken as it was shown."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Sequence

from fastapi import APIRouter
from pydantic import BaseModel, Field

from helpdesk.desk import views
from helpdesk.desk.access import Given, Who
from helpdesk.errors import InvalidInput
from helpdesk.model.rights import Deed
from helpdesk.services import Services
from helpdesk.usecases.conversations import customer_file
from helpdesk.usecases.conversations.customer_file import CustomerPlan, WrongRow
from helpdesk.usecases.journal import audit
from helpdesk.usecases.knowledge import imports
from helpdesk.usecases.knowledge.imports import Plan, Wrong
from helpdesk.usecases.people.rights import require_in_house

LARGEST = 250_000  # characters; larger files are imported at the machine
SHOWN = 500

router = APIRouter(tags=["imports"])


class File(BaseModel):
    """An Excel or CSV file, in base64."""

    content: str = Field(max_length=LARGEST)

    def bytes(self) -> bytes:
        """The file itself.

        Raises:
            InvalidInput: it is no base64.
        """
        try:
            return b64decode(self.content, validate=True)
        except (binascii.Error, ValueError) as error:
            raise InvalidInput("file_not_base64", field="content") from error


class ConfirmedFile(File):
    """The same, and the digest of the plan that was shown."""

    digest: str = Field(max_length=64)


class WrongView(views.View):
    """A row that cannot be taken; `key`: which column."""

    row: int
    key: str
    problem: str


class ChangeView(views.View):
    """A row that changes something. `fields`: which columns; `what`: the article's question or the phone."""

    row: int
    id: str
    what: str
    is_new: bool
    fields: list[str]


class PlanView(views.View):
    """What would happen, or has; with `wrong` rows nothing does. At most 500 rows of each are listed."""

    new: int
    changed: int
    unchanged: int
    changes: list[ChangeView]
    wrong: list[WrongView]
    digest: str


@router.post("/import/articles/plan")
async def plan_articles(body: File, services: Given, who: Who) -> PlanView:
    """What a file of articles would change; nothing does."""
    return _articles(services, await imports.plan(services, body.bytes(), who.staff))


@router.post("/import/articles")
async def take_articles(body: ConfirmedFile, services: Given, who: Who) -> PlanView:
    """Publish the articles of a file that was shown."""
    return _articles(services, await imports.take(services, body.bytes(), body.digest, who.staff))


@router.post("/import/customers/plan")
async def plan_customers(body: File, services: Given, who: Who) -> PlanView:
    """What a file of customers would change; nothing does."""
    require_in_house(who.staff, Deed.IMPORT_CUSTOMERS)
    return _customers(services, await customer_file.plan(services, body.bytes()))


@router.post("/import/customers")
async def take_customers(body: ConfirmedFile, services: Given, who: Who) -> PlanView:
    """Take the customers of a file that was shown."""
    require_in_house(who.staff, Deed.IMPORT_CUSTOMERS)
    actor = audit.by_staff(who.staff.id)
    return _customers(services, await customer_file.take(services, body.bytes(), body.digest, actor))


def _articles(services: Services, plan: Plan) -> PlanView:
    new = sum(one.is_new for one in plan.changes)
    return PlanView(
        new=new,
        changed=len(plan.changes) - new,
        unchanged=plan.unchanged,
        changes=[
            ChangeView(row=one.row, id=one.faq_id, what=one.question, is_new=one.is_new, fields=list(one.fields))
            for one in plan.changes[:SHOWN]
        ],
        wrong=_wrong(services, plan.wrong),
        digest=plan.digest,
    )


def _customers(services: Services, plan: CustomerPlan) -> PlanView:
    changing = [one for one in plan.rows if one.fields or not one.known]
    return PlanView(
        new=plan.new,
        changed=plan.changed,
        unchanged=len(plan.rows) - len(changing),
        changes=[
            ChangeView(row=one.row, id="", what=one.phone, is_new=not one.known, fields=list(one.fields))
            for one in changing[:SHOWN]
        ],
        wrong=_wrong(services, plan.wrong),
        digest=plan.digest,
    )


def _wrong(services: Services, rows: Sequence[Wrong | WrongRow]) -> list[WrongView]:
    return [WrongView(row=one.row, key=one.key, problem=services.wording.why(one.problem)) for one in rows[:SHOWN]]
