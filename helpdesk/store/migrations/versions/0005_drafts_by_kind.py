"""Drafts by form and kind: a refund and an invoice of one conversation, both unfinished, are two."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NAMES = {"uq": "uq_%(table_name)s_%(column_0_N_name)s"}
"""What SQLite's unnamed constraints are called while their table is copied."""
BY_FORM, BY_KIND = ("conversation_id", "form"), ("conversation_id", "form", "kind")
COMPLAINT_FORM, COMPLAINT = "complaint_form", "complaint"


def upgrade() -> None:
    with op.batch_alter_table("drafts", schema=None, naming_convention=NAMES) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=32), server_default="", nullable=False))
        batch_op.drop_constraint(_name(BY_FORM), type_="unique")
        batch_op.create_unique_constraint(_name(BY_KIND), list(BY_KIND))
    drafts = _drafts()
    connection = op.get_bind()
    for id_, form, slots in connection.execute(sa.select(drafts.c.id, drafts.c.form, drafts.c.slots)).all():
        kind = (slots or {}).get("kind") or (COMPLAINT if form == COMPLAINT_FORM else "")
        connection.execute(drafts.update().where(drafts.c.id == id_).values(kind=kind))


def downgrade() -> None:
    """Of two of one form the later one stays."""
    drafts = _drafts()
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(drafts.c.id, drafts.c.conversation_id, drafts.c.form).order_by(drafts.c.at.desc())
    ).all()
    seen: set[tuple[str, str]] = set()
    for id_, conversation_id, form in rows:
        if (conversation_id, form) in seen:
            connection.execute(drafts.delete().where(drafts.c.id == id_))
        seen.add((conversation_id, form))
    with op.batch_alter_table("drafts", schema=None, naming_convention=NAMES) as batch_op:
        batch_op.drop_constraint(_name(BY_KIND), type_="unique")
        batch_op.create_unique_constraint(_name(BY_FORM), list(BY_FORM))
        batch_op.drop_column("kind")


def _drafts() -> sa.TableClause:
    columns = ("id", "conversation_id", "form", "kind", "at")
    return sa.table("drafts", *map(sa.column, columns), sa.column("slots", sa.JSON(none_as_null=True)))


def _name(columns: tuple[str, ...]) -> str:
    """As each database calls a constraint that was given no name."""
    if op.get_bind().dialect.name == "postgresql":
        return f"drafts_{'_'.join(columns)}_key"
    return f"uq_drafts_{'_'.join(columns)}"
