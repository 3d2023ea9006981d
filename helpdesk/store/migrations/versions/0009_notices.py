"""Notices: letters on their way outside the chat, one row a way; how a ticket came in, how its customer is reached."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("letter_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=True),
        sa.Column("look_at", TIME, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("received_at", TIME, nullable=True),
        sa.Column("received_by", sa.String(length=8), nullable=True),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"]),
        sa.ForeignKeyConstraint(["number"], ["tickets.number"]),
        sa.PrimaryKeyConstraint("letter_id"),
    )
    op.create_index("ix_notices_look", "notices", ["state", "look_at"])
    op.create_index("ix_notices_number", "notices", ["number"])
    op.create_table(
        "notice_tries",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("letter_id", sa.String(length=32), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", TIME, nullable=False),
        sa.Column("sent_at", TIME, nullable=True),
        sa.Column("settled_at", TIME, nullable=True),
        sa.Column("external_id", sa.String(length=255), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("link_hash", sa.String(length=64), nullable=True),
        sa.Column("link_until", TIME, nullable=True),
        sa.Column("opened_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["letter_id"], ["notices.letter_id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("letter_id", "way"),
        sa.UniqueConstraint("link_hash"),
    )
    op.create_index("ix_notice_tries_due", "notice_tries", ["state", "next_at"])
    op.create_index("ix_notice_tries_receipt", "notice_tries", ["external_id"])
    op.create_index("ix_letters_message_id", "letters", ["message_id"])
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reach_by", sa.String(length=8), nullable=True))
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(length=16), server_default="chat", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.drop_column("source")
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.drop_column("reach_by")
    op.drop_index("ix_letters_message_id", "letters")
    op.drop_table("notice_tries")
    op.drop_table("notices")
