"""The names a turn is read by: acts, values, contexts. They are a contract: others score with them."""

from __future__ import annotations

ACTS = frozenset(
    [
        "answer",
        "affirm",
        "deny",
        "submit",
        "unknown",
        "has_none",
        "refuse",
        "choose",
        "why",
        "unclear",
        "ask",
        "ask_own",
        "story",
        "grumble",
        "anger",
        "sarcasm",
        "praise",
        "suggest",
        "thank",
        "greet",
        "bye",
        "correct",
        "back",
        "wait",
        "later",
        "resume",
        "stop",
        "person",
        "hurry",
        "status",
        "withdraw",
        "dispute",
        "complain",
        "refund",
        "exchange",
        "repair",
        "install",
        "invoice",
        "change_order",
        "cancel_order",
        "callback",
        "advice",
        "compensate",
        "danger",
        "injury",
        "offtopic",
    ]
)
VALUES = frozenset(
    [
        "name",
        "phone",
        "order",
        "ticket",
        "product",
        "time",
        "amount",
        "place",
        "invoice_title",
        "quantity",
        "wish",
        "email",
        "wechat",
    ]
)
ASKED = frozenset(("none", "open", "needs", "confirm"))
ASKED_KINDS = frozenset(("yesno", "choice", "field"))
TOPICS = frozenset(
    [
        "none",
        "order",
        "complaint",
        "refund",
        "exchange",
        "repair",
        "installation",
        "invoice",
        "order_change",
        "cancel",
        "callback",
        "ticket",
        "queue",
        "data",
    ]
)
# What a message means more narrowly; data/shades/README.md says what each of them is.
SHADES = frozenset(
    [
        "adds_words",
        "asks_lookup",
        "asks_next",
        "asks_papers",
        "asks_record",
        "asks_too_much",
        "asks_where",
        "bought",
        "calls_off",
        "doubts",
        "drops",
        "goes_on",
        "moves_date",
        "names_order",
        "no_show",
        "own_data",
        "reach_me",
        "refund_due",
        "stopped",
        "takes_offer",
        "tells_fault",
        "voids",
        "wants_visit",
        "wrong_matter",
    ]
)
# What would start something: never on a denial.
STARTING = frozenset(
    [
        "complain",
        "refund",
        "exchange",
        "repair",
        "install",
        "invoice",
        "change_order",
        "cancel_order",
        "callback",
        "person",
        "withdraw",
        "hurry",
    ]
)
# The primary label of a message that does nothing but bring values.
NOTHING = "nothing"


def is_asked(asked: str) -> bool:
    """Whether it is `none`, `open`, `needs`, `confirm` or a kind with its name: `field:phone`."""
    kind, _, name = asked.partition(":")
    return asked in ASKED or (kind in ASKED_KINDS and name.replace("_", "").isalnum())


def is_topic(topic: str) -> bool:
    """Whether it is a matter or `faq:<id>`."""
    return topic in TOPICS or (topic.startswith("faq:") and len(topic) > len("faq:"))
