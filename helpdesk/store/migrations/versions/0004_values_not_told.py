"""Values that are not told are stored as states, no longer as words.

「找不到」 and 「记不清」 become {"state": "unknown"}, 「不便提供」 and the name 「匿名客户」 {"state": "withheld"};
an answer wanted in the conversation is the choice "here". Also in drafts, in the timeline and in the slots of
conversations under way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

Json = dict[str, Any]
UNKNOWN, WITHHELD = {"state": "unknown"}, {"state": "withheld"}
STATES: Mapping[str, Json] = {"找不到": UNKNOWN, "记不清": UNKNOWN, "不便提供": WITHHELD}
ANONYMOUS, REPLY_HERE, HERE = "匿名客户", "不留电话，在这里答复", "here"
COLUMNS = (
    ("tickets", "number", "fields"),
    ("drafts", "id", "slots"),
    ("ticket_events", "id", "detail"),
    ("conversations", "id", "dialogue"),
    ("effects", "key", "payload"),
)


def upgrade() -> None:
    connection = op.get_bind()
    for table, key, column in COLUMNS:
        rows = sa.table(table, sa.column(key), sa.column(column, sa.JSON(none_as_null=True)))
        found = connection.execute(sa.select(rows.c[key], rows.c[column]).where(rows.c[column].is_not(None))).all()
        for name, before in found:
            after = _converted(before)
            if after != before:
                connection.execute(rows.update().where(rows.c[key] == name).values({column: after}))
    connection.execute(sa.text("UPDATE customers SET name = NULL WHERE name = :words"), {"words": ANONYMOUS})


def downgrade() -> None:
    """The states stay: what was written as words before is read as a value nowhere."""


def _converted(stored: Any) -> Any:
    """A JSON value with the words of its fields as states, however deep the fields lie."""
    if isinstance(stored, list):
        return [_converted(one) for one in stored]
    if not isinstance(stored, dict):
        return stored
    if stored.get("event") == "slot":
        return {**stored, "value": _field(str(stored.get("name")), stored.get("value"))}
    return {name: _field(name, value) for name, value in stored.items()}


def _field(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return _converted(value)
    if name == "name" and value == ANONYMOUS:
        return dict(WITHHELD)
    if name == "reply_here" and value == REPLY_HERE:
        return HERE
    is_words = name in ("text", "note", "title", "reason")
    return dict(STATES[value]) if value in STATES and not is_words else value
