"""Mobile numbers that customers have shown to be theirs, and the codes that are sent for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("customers", sa.Column("proved_phone", sa.String(length=16), nullable=True))
    op.add_column("customers", sa.Column("proved_at", TIME, nullable=True))
    op.create_index("ix_customers_proved_phone", "customers", ["proved_phone"])
    op.create_table(
        "phone_codes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("used_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_phone_codes_conversation_id", "phone_codes", ["conversation_id"])


def downgrade() -> None:
    op.drop_index("ix_phone_codes_conversation_id", "phone_codes")
    op.drop_table("phone_codes")
    op.drop_index("ix_customers_proved_phone", "customers")
    op.drop_column("customers", "proved_at")
    op.drop_column("customers", "proved_phone")
