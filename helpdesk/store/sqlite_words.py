"""SQLite's full-text indexes forget what was taken out of them only when their parts are merged."""

from __future__ import annotations

import sqlite3

INDEXES = ("messages_search", "tickets_search", "customers_search")
PAGES = 500
"""So many pages are merged at a time; whoever wants to write meanwhile comes in between."""
STEPS = 2000


def forget_words(connection: sqlite3.Connection) -> None:
    """Make each index one part, in which nothing stands that was taken out."""
    for index in INDEXES:
        _merge(connection, index, -PAGES)  # negative: begin to make all parts one
        for _ in range(STEPS):
            if not _merge(connection, index, PAGES):
                break


def _merge(connection: sqlite3.Connection, index: str, pages: int) -> bool:
    """A step; whether there was something to do. By the manual, less than two changes are none."""
    before = connection.total_changes
    connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('merge', ?)", (pages,))
    return connection.total_changes - before >= 2
