"""Lists among a hundred thousand tickets: one's own, and those in which somebody of staff is named.

The names are in JSON. SQLite gets an index of the rows that have one; PostgreSQL an index of the value, for it judges
by what it has counted of an index's values, and takes rows that merely could have one for nearly all.
"""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_tickets_owned", "tickets", ["owner_id", "created_at", "number"])
    op.create_index("ix_tickets_work", "tickets", ["owner_id", "status"])
    if op.get_bind().dialect.name == "sqlite":
        named = "json_extract(fields, '$.staff_name') IS NOT NULL"
        op.execute(f"CREATE INDEX ix_tickets_naming ON tickets (customer_id) WHERE {named}")
    else:
        op.execute("CREATE INDEX ix_tickets_naming ON tickets ((fields ->> 'staff_name'))")
        op.execute("ANALYZE tickets")


def downgrade() -> None:
    op.execute("DROP INDEX ix_tickets_naming")
    for name in ("ix_tickets_work", "ix_tickets_owned"):
        op.drop_index(name, "tickets")
