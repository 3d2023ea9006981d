"""Rows that come first whatever is going on: danger, and a person wished for."""

from __future__ import annotations

from actions.decide.acts import Rows
from actions.decide.seen import Fit, Seen
from zhtext.values import ways


def _asks_what_next(seen: Seen) -> bool:
    """「阀关了，下一步呢」 after a danger was told: what to do, and nothing of another matter."""
    is_other = seen.reading.is_sure or seen.reading.values or seen.in_form or seen.reading.is_press or seen.supposes
    return seen.in_danger and "asks_next" in seen.reading.shades and not is_other


def _tells_hours(seen: Seen) -> bool:
    """When to call; 「别给我打电话，我上班不方便接，发短信」 wishes for no call at any hour."""
    return seen.call_hours and seen.contact_way in (None, ways.CALL)


URGENT: Rows = (
    ("danger", lambda s: s.danger is not None),
    ("safe_side", lambda s: s.asks_safe),
    ("all_clear", lambda s: s.all_clear),
    ("red_line", lambda s: s.red_line is not None),
    ("safety_next", _asks_what_next),
)
PERSON: Rows = (
    ("hours", lambda s: _tells_hours(s) and not s.in_form),
    ("form_hours", lambda s: _tells_hours(s) and s.fit is not Fit.VALUE),
    ("contact_way", lambda s: s.contact_way is not None and not s.in_form),
    ("form_contact_way", lambda s: s.contact_way is not None and s.fit is not Fit.VALUE),
    ("english", lambda s: s.is_english and s.fit is not Fit.VALUE),
    ("person", lambda s: s.picks == "request_human" and not s.in_form),
    ("pick", lambda s: s.picks is not None and not s.in_form),
    ("call_back", lambda s: s.asks_call and s.reading.denies("person") and not s.in_form),
    ("person", lambda s: s.reading.says("person") and not (s.wants_visit or s.asks_call or s.wants_data)),
    (
        "offer_person",
        lambda s: s.needs_help and not (s.in_form or s.asks_call or s.reading.says("complain", "suggest")),
    ),
)
