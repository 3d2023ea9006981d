"""The index of messages that wait for an answer holds their order too, so that both databases prefer it.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NAME = "ix_messages_pending"
PENDING = sa.text("author = 'customer' AND processed_at IS NULL")


def upgrade() -> None:
    """By conversation and place in it."""
    op.drop_index(NAME, "messages")
    op.create_index(NAME, "messages", ["conversation_id", "seq"], sqlite_where=PENDING, postgresql_where=PENDING)


def downgrade() -> None:
    """By conversation alone."""
    op.drop_index(NAME, "messages")
    op.create_index(NAME, "messages", ["conversation_id"], sqlite_where=PENDING, postgresql_where=PENDING)
