"""Figures of each day, and what they are looked up by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_tickets_created", "tickets", "created_at"),
    ("ix_tickets_contacted", "tickets", "first_contact_at"),
    ("ix_tickets_updated", "tickets", "updated_at"),
    ("ix_ticket_events_at", "ticket_events", "at"),
    ("ix_promises_settled", "promises", "settled_at"),
    ("ix_ratings_at", "ratings", "at"),
)


def upgrade() -> None:
    op.create_table(
        "report_days",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    op.create_table(
        "report_cells",
        sa.Column("by", sa.String(length=12), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("by", "day", "key"),
    )
    for name, table, column in INDEXES:
        op.create_index(name, table, [column])


def downgrade() -> None:
    for name, table, _ in reversed(INDEXES):
        op.drop_index(name, table)
    op.drop_table("report_cells")
    op.drop_table("report_days")
