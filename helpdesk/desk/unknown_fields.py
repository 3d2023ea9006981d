"""A field that a route does not know is refused: dropped, a misspelled one would look as if it had been obeyed."""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Any, Union, get_args, get_origin

from fastapi import Request
from pydantic import BaseModel

from helpdesk.errors import InvalidInput


async def refuse_unknown_fields(request: Request) -> None:
    """Look at the names in a JSON body; their values are the route's to judge.

    Raises:
        InvalidInput: with `fields`, the names nobody knows.
    """
    field = getattr(request.scope.get("route"), "body_field", None)
    model = None if field is None else _model(field.field_info.annotation)
    if model is None:
        return
    try:
        body = await request.json()
    except (ValueError, RecursionError):
        return  # FastAPI says what is wrong with it
    found = sorted(unknown(model, body))
    if found:
        raise InvalidInput("no_such_field", fields=found)


def unknown(model: type[BaseModel], given: Any, place: str = "") -> Iterator[str]:
    """The names in `given` that `model` does not have, by their path (`customer.nmae`)."""
    if not isinstance(given, dict):
        return
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    for name, value in given.items():
        if name not in fields:
            yield f"{place}{name}"
        elif (inner := _model(fields[name].annotation)) is not None:
            for one in value if isinstance(value, list) else [value]:
                yield from unknown(inner, one, f"{place}{name}.")


def _model(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation is, holds, or may be."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in {Union, UnionType, list, tuple}:
        return next((model for part in get_args(annotation) if (model := _model(part)) is not None), None)
    return None
