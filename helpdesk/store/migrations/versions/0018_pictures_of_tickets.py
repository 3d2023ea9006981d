"""Pictures that customers add to a ticket on the follow-up page, where there need be no conversation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KEY = "fk_pictures_number_tickets"


def upgrade() -> None:
    with op.batch_alter_table("pictures") as batch:
        batch.alter_column("conversation_id", existing_type=sa.String(length=32), nullable=True)
        batch.add_column(sa.Column("number", sa.String(length=20), nullable=True))
        batch.create_foreign_key(KEY, "tickets", ["number"], ["number"])
    op.create_index("ix_pictures_number", "pictures", ["number"])


def downgrade() -> None:
    op.execute("DELETE FROM pictures WHERE conversation_id IS NULL")
    op.drop_index("ix_pictures_number", "pictures")
    with op.batch_alter_table("pictures") as batch:
        batch.drop_constraint(KEY, type_="foreignkey")
        batch.drop_column("number")
        batch.alter_column("conversation_id", existing_type=sa.String(length=32), nullable=False)
