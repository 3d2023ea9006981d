"""Open desks by the process that holds them: somebody with desks on two processes is here while one is open.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row a process and person."""
    op.create_table(
        "desk_seats",
        sa.Column("process", sa.String(32), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("process", "staff_id"),
    )


def downgrade() -> None:
    """Presence goes by each process's own desks again."""
    op.drop_table("desk_seats")
