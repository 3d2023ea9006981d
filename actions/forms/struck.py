"""「把「他骂我」那句去掉」: what is to be taken out of what was written down, and what is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from actions.clauses import spans
from actions.forms.form import Form
from actions.heard import Heard
from helpdesk.company import Company
from helpdesk.model.field import known
from zhtext import fold, normalise

TEXTS = ("description", "outcome", "evidence", "promised", "refusal", "new_value", "invoice_problem")
"""Fields that hold whatever was told."""
ENOUGH = 0.6
"""Of the characters that are named, so many must stand in a clause for it to be the one that is meant."""
SHORTEST = 2
QUOTES = " ,，\"“”「」『』《》'"


@dataclass(frozen=True)
class Struck:
    """The field, what goes out of it, and what is left there; nothing may be."""

    field: str
    words: str
    rest: str


def named_words(company: Company, heard: Heard) -> str:
    """The words that are to go, as far as the message says them; empty when nothing is to."""
    if heard.is_press:
        return ""
    text = fold(heard.text)  # Simplified, every character at its place
    found = (pattern.search(text) for pattern in company.sayings.strikes)
    words = next((heard.text[slice(*one.span("words"))] for one in found if one), "")
    return words.strip(QUOTES)


def struck(form: Form, heard: Heard) -> Struck | None:
    """What the message takes out of the form's accounts; None when it names nothing that stands there."""
    words = named_words(form.company, heard)
    if len(words) < SHORTEST:
        return None
    only_words = form.company.sayings.strikes_words.search(heard.plain) is not None
    told = ((name, str(known(form.known.get(name)) or "")) for name in TEXTS if name in form.known)
    return next((found for name, text in told if (found := _taken_out(name, text, words, only_words))), None)


def _taken_out(field: str, text: str, words: str, only_words: bool) -> Struck | None:
    if only_words and words in text:
        return Struck(field, words, _tidy(text.replace(words, "")))
    starts = [*(start for start, _ in spans(text)), len(text)]
    clauses = [text[start:end] for start, end in pairwise(starts)]
    gone = [clause for clause in clauses if _holds(clause, words)]
    if not gone:
        return None
    rest = "".join(clause for clause in clauses if clause not in gone)
    return Struck(field, _tidy("".join(gone)), _tidy(rest))


def _holds(clause: str, words: str) -> bool:
    """Whether a clause is the one that is named: by its words, or by most of their characters in their order."""
    said, told = normalise(words), normalise(clause)
    if said in told or (len(told) > SHORTEST and _tidy(told) in said):
        return True
    return len(list(_in_order(said, told))) >= max(SHORTEST + 1, ENOUGH * len(said))


def _in_order(said: str, told: str) -> Iterator[str]:
    """The pairs' first characters of `said` that stand beside each other in `told`, too."""
    return (said[at] for at in range(len(said)) if said[at : at + 2] in told and len(said[at : at + 2]) == SHORTEST)


def _tidy(text: str) -> str:
    return text.strip(" ,，。.;；!！?？、\n")
