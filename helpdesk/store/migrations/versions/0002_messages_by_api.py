"""How messages travel to a channel that is called, and the access token for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel_tokens",
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refreshing_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("parts", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("waits", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("carried_by", sa.String(length=32), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("carried_by")
        batch_op.drop_column("waits")
        batch_op.drop_column("parts")
        batch_op.drop_column("sent_at")

    op.drop_table("channel_tokens")
