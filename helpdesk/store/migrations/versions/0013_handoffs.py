"""Stays with people, and offers of customers to staff; who waits or is served now has a stay from the start."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
UNDER_WAY = """
    INSERT INTO handoffs
        (id, conversation_id, session_no, channel, wished_at, reason, priority, barred,
        staff_id, taken_at, first_word_at)
    SELECT id, id, session_no, channel, COALESCE(queued_at, opened_at), COALESCE(queue_reason, 'staff'), priority, '[]',
        staff_id, CASE WHEN staff_id IS NULL THEN NULL ELSE COALESCE(queued_at, opened_at) END,
        CASE WHEN staff_id IS NULL THEN NULL ELSE COALESCE(queued_at, opened_at) END
    FROM conversations WHERE state IN ('waiting', 'staff')
"""


def upgrade() -> None:
    op.create_table(
        "handoffs",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("session_no", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("wished_at", TIME, nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=False),
        sa.Column("priority", sa.String(length=16), nullable=False),
        sa.Column("department", sa.String(length=255), nullable=True),
        sa.Column("category", sa.String(length=255), nullable=True),
        sa.Column("wished_id", sa.String(length=255), nullable=True),
        sa.Column("barred", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("staff_id", sa.String(length=255), nullable=True),
        sa.Column("why", sa.String(length=16), nullable=True),
        sa.Column("taken_at", TIME, nullable=True),
        sa.Column("first_word_at", TIME, nullable=True),
        sa.Column("alarmed_at", TIME, nullable=True),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    _open_once("ix_handoffs_open", "handoffs", "conversation_id", "ended_at IS NULL")
    op.create_index("ix_handoffs_conversation_id", "handoffs", ["conversation_id"])
    op.create_index("ix_handoffs_wished_at", "handoffs", ["wished_at"])
    op.create_index("ix_handoffs_staff", "handoffs", ["staff_id", "wished_at"])
    op.create_table(
        "offers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("handoff_id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.String(length=64), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("offered_at", TIME, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.Column("settled_at", TIME, nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"]),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    _open_once("ix_offers_of_customer", "offers", "conversation_id", "settled_at IS NULL")
    _open_once("ix_offers_of_staff", "offers", "staff_id", "settled_at IS NULL")
    op.create_index("ix_offers_lately", "offers", ["offered_at"])
    op.create_index("ix_offers_handoff_id", "offers", ["handoff_id"])
    op.execute(UNDER_WAY)


def _open_once(name: str, table: str, column: str, where: str) -> None:
    op.create_index(name, table, [column], unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    op.drop_table("offers")
    op.drop_table("handoffs")
