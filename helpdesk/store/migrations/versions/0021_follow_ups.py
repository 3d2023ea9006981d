"""Customers who are to be asked afterwards whether all is well, and files that are to be looked through."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "follow_ups",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("customer_id", sa.String(length=32), nullable=False),
        sa.Column("occasion", sa.String(length=16), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("conversation_id", sa.String(length=32), nullable=True),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("report", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("made_by", sa.String(length=255), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("settled_at", TIME, nullable=True),
        sa.Column("settled_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"]),
        sa.ForeignKeyConstraint(["number"], ["tickets.number"]),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"]),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_follow_ups_customer_id", "follow_ups", ["customer_id"])
    op.create_index("ix_follow_ups_number", "follow_ups", ["number"])
    op.create_index("ix_follow_ups_settled_at", "follow_ups", ["settled_at"])
    op.create_index("ix_follow_ups_due", "follow_ups", ["state", "due_at"])
    op.create_index("ix_follow_ups_owner", "follow_ups", ["owner_id", "state", "due_at"])
    op.create_index("ix_tickets_closed", "tickets", ["closed_at"])
    op.create_index("ix_ratings_low", "ratings", ["score", "at"])


def downgrade() -> None:
    op.drop_index("ix_ratings_low", "ratings")
    op.drop_index("ix_tickets_closed", "tickets")
    op.drop_table("follow_ups")
