"""Words are found again: pairs of neighbouring characters of messages, tickets and customers, indexed (docs/decisions).

The databases keep these indexes themselves, whoever writes and however: SQLite by triggers, PostgreSQL by indexes on
an expression. What is erased from a row is erased from them in the same transaction.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

LONGEST = 4000
"""Characters of one text that are indexed."""
COALESCED = "coalesce({row}name, '') || ' / ' || coalesce({row}phone, '') || ' / ' || coalesce({row}email, '')"
FIELDS = "coalesce((SELECT group_concat(atom, char(10)) FROM json_tree({row}fields) WHERE atom IS NOT NULL), '')"
SOURCES = {
    "messages": ("id", ("text",), "{row}text"),
    "tickets": ("number", ("fields",), FIELDS),
    "customers": ("id", ("name", "phone", "email"), COALESCED),
}
"""Table -> its key, the columns that are searched, and their text in SQLite."""


def upgrade() -> None:
    op.create_table(
        "conversation_tags",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"]),
        sa.PrimaryKeyConstraint("conversation_id", "name"),
    )
    op.create_index("ix_conversation_tags_name", "conversation_tags", ["name"])
    op.create_index("ix_conversations_recent", "conversations", ["last_customer_at", "id"])
    op.create_index("ix_messages_at", "messages", ["at", "id"])
    _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgres()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in SOURCES:
            for deed in ("new", "changed", "gone"):
                op.execute(f"DROP TRIGGER {table}_search_{deed}")
            op.execute(f"DROP TABLE {table}_search")
            op.execute(f"DROP TABLE {table}_search_rows")
        op.execute("DROP TABLE search_places")
    else:
        for table in SOURCES:
            op.execute(f"DROP INDEX ix_{table}_search")
        op.execute("DROP FUNCTION search_words(json)")
        op.execute("DROP FUNCTION search_pairs(text)")
    op.drop_index("ix_messages_at", "messages")
    op.drop_index("ix_conversations_recent", "conversations")
    op.drop_table("conversation_tags")


# ---------------------------------------------------------------- SQLite


def _sqlite() -> None:
    """A trigger can neither recurse nor count, so the places of a text's characters are a table."""
    op.execute("CREATE TABLE search_places (n INTEGER PRIMARY KEY)")
    op.execute(
        "WITH RECURSIVE places(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM places "
        f"WHERE n < {LONGEST}) INSERT INTO search_places SELECT n FROM places"
    )
    for table, (key, columns, words) in SOURCES.items():
        _sqlite_index(table, key, columns, words)


def _sqlite_index(table: str, key: str, columns: tuple[str, ...], words: str) -> None:
    op.execute(
        f"CREATE TABLE {table}_search_rows (id INTEGER PRIMARY KEY AUTOINCREMENT, key VARCHAR(32) NOT NULL UNIQUE)"
    )
    op.execute(
        f"CREATE VIRTUAL TABLE {table}_search USING fts5(pairs, content='', columnsize=0, "
        "tokenize='unicode61 remove_diacritics 0')"
    )
    old, new = words.format(row="old."), words.format(row="new.")
    add = _add(table, f"new.{key}", new)
    drop = _drop(table, f"old.{key}", old)
    changed = " OR ".join(f"old.{name} IS NOT new.{name}" for name in columns)
    op.execute(f"CREATE TRIGGER {table}_search_new AFTER INSERT ON {table} BEGIN {add} END")
    op.execute(
        f"CREATE TRIGGER {table}_search_changed AFTER UPDATE OF {', '.join(columns)} ON {table} "
        f"WHEN {changed} BEGIN {drop} {add} END"
    )
    op.execute(f"CREATE TRIGGER {table}_search_gone AFTER DELETE ON {table} BEGIN {drop} {_forget(table, key)} END")
    order = {"messages": "at", "tickets": "created_at", "customers": "created_at"}[table]
    plain = words.format(row=f"{table}.")
    op.execute(f"INSERT INTO {table}_search_rows (key) SELECT {key} FROM {table} ORDER BY {order}")
    op.execute(
        f"INSERT INTO {table}_search (rowid, pairs) SELECT r.id, {_pairs(plain)} "
        f"FROM {table}_search_rows r JOIN {table} ON {table}.{key} = r.key"
    )


def _pairs(words: str) -> str:
    """Every two neighbouring characters of a text, in their order."""
    return (
        f"(SELECT group_concat(pair, ' ') FROM (SELECT substr(words, n, 2) AS pair FROM (SELECT {words} AS words), "
        "search_places WHERE n < length(words) ORDER BY n))"
    )


def _add(table: str, key: str, words: str) -> str:
    return (
        f"INSERT OR IGNORE INTO {table}_search_rows (key) VALUES ({key}); "
        f"INSERT INTO {table}_search (rowid, pairs) SELECT id, {_pairs(words)} FROM {table}_search_rows "
        f"WHERE key = {key};"
    )


def _drop(table: str, key: str, words: str) -> str:
    """An index without the words has to be told them once more to forget them."""
    return (
        f"INSERT INTO {table}_search ({table}_search, rowid, pairs) SELECT 'delete', id, {_pairs(words)} "
        f"FROM {table}_search_rows WHERE key = {key};"
    )


def _forget(table: str, key: str) -> str:
    return f"DELETE FROM {table}_search_rows WHERE key = old.{key};"


# ---------------------------------------------------------------- PostgreSQL

PAIRS = f"""
CREATE OR REPLACE FUNCTION search_pairs(words text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 5000 AS $$
  SELECT coalesce(array_agg(DISTINCT substr(said, n, 2)), ARRAY[]::text[])
  FROM (SELECT lower(left(words, {LONGEST})) AS said) AS whole, generate_series(1, length(said) - 1) AS n
$$
"""
"""Costly enough that nothing is preferred to the index in which it was done already."""
WORDS = """
CREATE OR REPLACE FUNCTION search_words(fields json) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(string_agg(value #>> '{}', chr(10)), '') FROM jsonb_path_query(fields::jsonb, 'strict $.**') AS value
  WHERE jsonb_typeof(value) IN ('string', 'number')
$$
"""
PENDING = "WITH (gin_pending_list_limit = 256)"
"""Kilobytes that wait to be sorted in: every search reads them."""


def _postgres() -> None:
    op.execute(PAIRS)
    op.execute(WORDS)
    words = {"messages": "text", "tickets": "search_words(fields)", "customers": COALESCED.format(row="")}
    for table, said in words.items():
        op.execute(f"CREATE INDEX ix_{table}_search ON {table} USING gin (search_pairs({said})) {PENDING}")
