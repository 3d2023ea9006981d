"""Who may do what: one table of deeds, and of what somebody is to the matter. Whoever asks, asks here.

A person is several things at once (its owner, and a supervisor); one that the table names is enough. Being the
person complained of outweighs all the others. Limits of money and states are decided elsewhere, after this.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from enum import StrEnum


class Part(StrEnum):
    """What somebody is to a matter: a ticket, a conversation, or the house."""

    ACCUSED = "accused"
    OUTSIDER = "outsider"
    AUTHOR = "author"
    MEMBER = "member"
    COLLEAGUE = "colleague"
    OWNER = "owner"
    HEAD = "head"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Deed(StrEnum):
    """What can be done at the desk."""

    READ = "read"
    NOTE = "note"
    SEE_CONTACT = "see_contact"
    REVEAL = "reveal"
    ACCEPT = "accept"
    INVESTIGATE = "investigate"
    ANSWER = "answer"
    CORRECT = "correct"
    REINVESTIGATE = "reinvestigate"
    RESUME = "resume"
    SATISFY = "satisfy"
    WITHDRAW = "withdraw"
    END_WITHOUT_WORD = "end_without_word"
    CONCLUDE = "conclude"
    CONTACT = "contact"
    ASK = "ask"
    UNPAUSE = "unpause"
    ALTERNATIVE = "alternative"
    ESCALATE = "escalate"
    HAND_ON = "hand_on"
    TRANSFER = "transfer"
    CHANGE_GROUP = "change_group"
    PROPOSE = "propose"
    APPROVE = "approve"
    REJECT = "reject"
    NOTE_ANSWER = "note_answer"
    POSTPONE = "postpone"
    POSTPONE_PAST_LIMIT = "postpone_past_limit"
    SETTLE = "settle"
    PUT_RIGHT = "put_right"
    TAKE = "take"
    REPLY = "reply"
    HOLD = "hold"
    REGISTER = "register"
    PASS_CUSTOMER = "pass_customer"
    RELEASE = "release"
    CLOSE = "close"
    CLOSE_UNSERVED = "close_unserved"
    OPEN_INTERNAL = "open_internal"
    EDIT_KNOWLEDGE = "edit_knowledge"
    HEAR_ALL_WARNINGS = "hear_all_warnings"
    READ_AUDIT = "read_audit"
    EDIT_SETTINGS = "edit_settings"
    IMPORT_CUSTOMERS = "import_customers"
    SET_TIER = "set_tier"
    EDIT_CUSTOMER = "edit_customer"
    FOLLOW_UP = "follow_up"
    GIVE_CUSTOMER = "give_customer"
    MERGE_CUSTOMERS = "merge_customers"
    SUPERVISE = "supervise"
    EXPORT_PERSON = "export_person"
    ERASE_PERSON = "erase_person"


_LEAD = frozenset({Part.SUPERVISOR, Part.ADMIN})
_DECIDE = _LEAD | {Part.OWNER, Part.HEAD}
_HANDLE = _DECIDE | {Part.COLLEAGUE}
_LOOK = _HANDLE | {Part.MEMBER}
_ANYBODY = frozenset(Part) - {Part.ACCUSED, Part.AUTHOR}

TABLE: Mapping[Deed, Set[Part]] = {
    Deed.READ: _ANYBODY | {Part.ACCUSED},
    Deed.NOTE: _ANYBODY,
    Deed.SEE_CONTACT: _LEAD | {Part.OWNER},
    Deed.REVEAL: _LOOK,
    Deed.ACCEPT: _HANDLE,
    Deed.INVESTIGATE: _HANDLE,
    Deed.ANSWER: _HANDLE,
    Deed.CORRECT: _HANDLE,
    Deed.REINVESTIGATE: _HANDLE,
    Deed.RESUME: _HANDLE,
    Deed.SATISFY: _HANDLE,
    Deed.WITHDRAW: _HANDLE,
    Deed.END_WITHOUT_WORD: _LEAD,
    Deed.CONCLUDE: _LEAD,
    Deed.CONTACT: _LOOK,
    Deed.ASK: _HANDLE,
    Deed.UNPAUSE: _HANDLE,
    Deed.ALTERNATIVE: _LOOK,
    Deed.ESCALATE: _HANDLE,
    Deed.HAND_ON: _DECIDE,
    Deed.TRANSFER: _DECIDE,
    Deed.CHANGE_GROUP: _DECIDE,
    Deed.PROPOSE: _HANDLE,
    Deed.APPROVE: _HANDLE,
    Deed.REJECT: _LEAD | {Part.HEAD, Part.AUTHOR},
    Deed.NOTE_ANSWER: _HANDLE,
    Deed.POSTPONE: _HANDLE,
    Deed.POSTPONE_PAST_LIMIT: _LEAD,
    Deed.SETTLE: _DECIDE,
    Deed.PUT_RIGHT: frozenset({Part.AUTHOR}),
    Deed.TAKE: _ANYBODY,
    Deed.REPLY: frozenset({Part.OWNER}),
    Deed.HOLD: frozenset({Part.OWNER}),
    Deed.REGISTER: frozenset({Part.OWNER}),
    Deed.PASS_CUSTOMER: _LEAD | {Part.OWNER},
    Deed.RELEASE: _LEAD | {Part.OWNER},
    Deed.CLOSE: _LEAD | {Part.OWNER},
    Deed.CLOSE_UNSERVED: _LEAD,
    Deed.OPEN_INTERNAL: _ANYBODY,
    Deed.EDIT_KNOWLEDGE: _LEAD,
    Deed.HEAR_ALL_WARNINGS: _LEAD,
    Deed.READ_AUDIT: frozenset({Part.ADMIN}),
    Deed.EDIT_SETTINGS: frozenset({Part.ADMIN}),
    Deed.IMPORT_CUSTOMERS: frozenset({Part.ADMIN}),
    Deed.SET_TIER: _LEAD,
    Deed.EDIT_CUSTOMER: _LEAD | {Part.OWNER},
    Deed.FOLLOW_UP: _LEAD | {Part.OWNER},
    Deed.GIVE_CUSTOMER: _LEAD,
    Deed.MERGE_CUSTOMERS: _LEAD,
    Deed.SUPERVISE: _LEAD,
    Deed.EXPORT_PERSON: frozenset({Part.HEAD, Part.ADMIN}),
    Deed.ERASE_PERSON: frozenset({Part.HEAD, Part.ADMIN}),
}


def may(deed: Deed, parts: Set[Part]) -> bool:
    """Whether somebody who is all of `parts` to a matter may do it."""
    allowed = TABLE[deed]
    return Part.ACCUSED in allowed if Part.ACCUSED in parts else not allowed.isdisjoint(parts)


def deeds(parts: Set[Part]) -> list[Deed]:
    """Everything that such a person may do, in the table's order."""
    return [deed for deed in TABLE if may(deed, parts)]


def by_role(role: str) -> Set[Part]:
    """What somebody is by their role alone, to whatever it may be; an agent is nothing more than an outsider."""
    return {Part(role)} if role in {Part.SUPERVISOR, Part.ADMIN} else {Part.OUTSIDER}


def to_served(role: str, *, serves: bool) -> Set[Part]:
    """What somebody is to a conversation: `serves` makes them its owner."""
    return by_role(role) | ({Part.OWNER} if serves else set())
