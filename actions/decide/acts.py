"""Groups of acts and of questions that several rows speak of."""

from __future__ import annotations

from collections.abc import Callable

from actions.decide.seen import Seen
from helpdesk.model.frame import YES_NO

When = Callable[[Seen], bool]
Rows = tuple[tuple[str, When], ...]
QUESTIONS = ("ask", "ask_own", "status", "advice")
FEELINGS = ("anger", "grumble", "sarcasm")
MANNERS = (*FEELINGS, "thank", "greet", "praise", "suggest", "offtopic", "capabilities", "challenge", "compensate")
AN_ANSWER = ("answer", "choose", "affirm", "deny", "has_none", "unknown")
YES_NO_QUESTIONS = frozenset(YES_NO) | {"offer_service", "anything_else", "advice"}
NUMBERS = frozenset({"order_number", "order_digits", "ticket_number", "ticket_digits"})
CANNOT_TELL = ("deny", "refuse", "has_none", "unknown")
CONTACT = frozenset({"phone", "place"})
"""Values that nobody gives who declines what was offered."""
LISTS = frozenset({"faq_suggestions", "ticket_choice"})
