"""How the company's own systems are asked (connectors.yml); docs/connecting.md tells the keys one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from string import Formatter
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from helpdesk.company.shape import Shape
from helpdesk.model.shop import Offer, Order, Parcel, Progress, ShopCustomer

__all__ = ["QUESTIONS", "Breaker", "Call", "Connectors", "Keeping", "Question"]


@dataclass(frozen=True)
class Question:
    """What a question asks for, and with what."""

    kind: type[Any]
    given: tuple[str, ...]
    for_several: bool = False


QUESTIONS: Mapping[str, Question] = {
    "order": Question(Order, ("number",)),
    "orders_of_customer": Question(Order, ("customer",), for_several=True),
    "orders_by_phone": Question(Order, ("phone", "surname"), for_several=True),
    "progress": Question(Progress, ("number",), for_several=True),
    "parcels": Question(Parcel, ("number",), for_several=True),
    "parcel": Question(Parcel, ("waybill",)),
    "customer": Question(ShopCustomer, ("customer",)),
    "offer": Question(Offer, ("product",)),
}
Seconds = Annotated[float, Field(gt=0)]


class Breaker(Shape):
    """After so many failures in a row the system is left alone for a while."""

    failures: int = Field(ge=1)
    rest_s: Seconds


class Keeping(Shape):
    """How long answers are kept: as good as new for `fresh_s`, told with their age for `kept_s` while none comes."""

    fresh_s: float = Field(ge=0)
    kept_s: float = Field(ge=0)
    most: int = Field(ge=1)


class Call(Shape):
    """One question: where it goes, and how its answer is read.

    `{name}` in path and body is what is asked for; `inside` is where the thing, or the list, stands in the answer;
    `fields` says where each of ours stands in it, `values` what their words mean.
    """

    path: Annotated[str, Field(pattern=r"^/")]
    method: Literal["GET", "POST"] = "GET"
    body: Mapping[str, str] = Field(default_factory=dict)
    inside: str = ""
    fields: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)


class Connectors(Shape):
    header: str
    header_value: Annotated[str, Field(pattern=r"\{token\}")]
    timeout_s: Annotated[float, Field(gt=0, le=1.5)]
    """For a question with all its tries: an action has three seconds."""
    retries: int = Field(ge=0, le=3)
    largest_kb: int = Field(ge=1, le=1024)
    breaker: Breaker
    keeping: Keeping
    calls: Mapping[str, Call]
    """A question that is left out is not asked: nothing is found."""

    @field_validator("calls")
    @classmethod
    def _can_be_asked(cls, calls: Mapping[str, Call]) -> Mapping[str, Call]:
        for name, call in calls.items():
            for problem in _problems(name, call):
                raise ValueError(f"{name}: {problem}")
        return calls


def _problems(name: str, call: Call) -> Iterator[str]:
    """What keeps a question from being asked, or its answer from being read."""
    question = QUESTIONS.get(name)
    if question is None:
        yield f"is no question; there are {', '.join(QUESTIONS)}"
        return
    asked = {field for text in (call.path, *call.body.values()) for _, field, _, _ in Formatter().parse(text) if field}
    for field in sorted(asked - set(question.given)):
        yield f"{{{field}}} is not known here, only {', '.join(question.given)}"
    for field in sorted({*call.fields, *call.values} - {one.name for one in fields(question.kind)}):
        yield f"{field} is no field of ours"
