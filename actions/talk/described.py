"""Which of the registered matters is meant, by how it is spoken of: 「删除的那个」, 「那个空调的投诉」."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actions.clauses import affirmed, pieces
from actions.talk.things import is_told, names_of
from actions.turn import Turn
from helpdesk.usecases.turns.lookups import TicketView
from zhtext import normalise
from zhtext.questions import is_question


@dataclass(frozen=True)
class Described:
    """The kinds and the product that a message points at a matter by; nothing where it names none."""

    kinds: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()
    """How the product may be called."""
    words: str = ""
    """As the customer called it: 空调投诉."""

    def __bool__(self) -> bool:
        return bool(self.kinds or self.names)

    def fits(self, ticket: TicketView) -> bool:
        """Whether a matter may be the one: of a named kind, and of the named thing as far as it tells which."""
        if self.kinds and ticket.kind not in self.kinds:
            return False
        is_of_it = not self.names or is_told(self.names, f"{ticket.product}\n{ticket.about}")
        return is_of_it or (bool(self.kinds) and not ticket.product)

    def among(self, tickets: Sequence[TicketView]) -> list[TicketView]:
        """Those that fit; all of them where nothing is named."""
        return [ticket for ticket in tickets if self.fits(ticket)] if self else list(tickets)


def described(turn: Turn) -> Described:
    """What the message names; what is only denied, or is to go on as it is, names nothing."""
    if turn.heard.is_press:
        return Described()
    said = turn.heard.text if is_question(turn.heard.plain) else affirmed(turn.heard.text)
    unchanged = turn.company.sayings.goes_unchanged
    plain = "，".join(one for one in map(normalise, pieces(said)) if not unchanged.search(one))
    named = {kind: _last(plain, spec.known_by or (spec.title,)) for kind, spec in turn.company.kinds.items()}
    kinds = tuple(kind for kind, at in named.items() if at >= 0)
    thing = turn.heard.words_for("product")
    names = names_of(turn) if thing in said else frozenset()
    title = "、".join(turn.company.kinds[kind].title for kind in kinds[:1])
    return Described(kinds, names, f"{thing if names else ''}{title}")


def _last(plain: str, words: tuple[str, ...]) -> int:
    return max((plain.rfind(word) for word in words), default=-1)
