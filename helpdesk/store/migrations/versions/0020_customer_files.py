"""What a customer's file says beside name and number, who keeps it, and files that were made one."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
UNKEPT = "keeper_id IS NULL AND merged_into IS NULL AND (name IS NOT NULL OR phone IS NOT NULL OR email IS NOT NULL)"
COLUMNS: tuple[tuple[str, Any], ...] = (
    ("class_said", sa.String(length=16)),
    ("keeper_id", sa.String(length=64)),
    ("kept_since", TIME),
    ("reach_from", sa.String(length=5)),
    ("reach_until", sa.String(length=5)),
    ("may_follow_up", sa.Boolean()),
    ("remark", sa.Text()),
    ("reviewed_at", TIME),
    ("changed_at", TIME),
    ("merged_into", sa.String(length=32)),
)
INDEXES = ("ix_customers_unkept", "ix_customers_keeper", "ix_customers_recent")


def upgrade() -> None:
    for name, kind in COLUMNS:
        op.add_column("customers", sa.Column(name, kind, nullable=True))
    op.create_index("ix_customers_recent", "customers", ["last_seen_at", "id"])
    op.create_index("ix_customers_keeper", "customers", ["keeper_id", "last_seen_at"])
    op.create_index(
        "ix_customers_unkept",
        "customers",
        ["created_at"],
        sqlite_where=sa.text(UNKEPT),
        postgresql_where=sa.text(UNKEPT),
    )
    op.create_table(
        "customer_merges",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("into_id", sa.String(length=32), nullable=False),
        sa.Column("from_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("moved", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("undone_by", sa.String(length=64), nullable=True),
        sa.Column("undone_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["into_id"], ["customers.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_customer_merges_into_id", "customer_merges", ["into_id"])
    op.create_index("ix_customer_merges_at", "customer_merges", ["at"])


def downgrade() -> None:
    op.drop_table("customer_merges")
    for name in INDEXES:
        op.drop_index(name, "customers")
    for name, _ in reversed(COLUMNS):
        op.drop_column("customers", name)
