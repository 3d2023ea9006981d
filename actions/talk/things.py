"""The thing that a message names, and whether a matter is of it: one look for all who ask."""

from __future__ import annotations

from actions.turn import Turn


def names_of(turn: Turn) -> frozenset[str]:
    """How the thing that a message names may be called: its kind, in the customer's words, by the catalogue; or none.

    「豆浆机」 is of the kind 破壁机, and stands in a matter as the customer called it.
    """
    thing = str(turn.heard.values.get("product") or "")
    if not thing:
        return frozenset()
    called = ({one.name, one.kind, *one.aliases} for one in turn.company.products.values())
    own = {thing, turn.heard.words_for("product")} - {""}
    return frozenset(own.union(*(names for names in called if thing in names)))


def is_told(names: frozenset[str], told: str) -> bool:
    """Whether one of these names stands in what was told."""
    return any(name in told for name in names)
