"""Customers known to the company's own systems by a signed identity.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The user's id, on the customer and on the browser that came with it."""
    op.add_column("customers", sa.Column("user_id", sa.String(length=255), nullable=True))
    op.create_index("ix_customers_user_id", "customers", ["user_id"], unique=True)
    op.add_column("web_sessions", sa.Column("user_id", sa.String(length=255), nullable=True))


def downgrade() -> None:
    """Nobody is known by their id any more."""
    op.drop_column("web_sessions", "user_id")
    op.drop_index("ix_customers_user_id", "customers")
    op.drop_column("customers", "user_id")
