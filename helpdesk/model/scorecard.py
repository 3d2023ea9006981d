"""How somebody serves (G5): the three voices in each stay, language, and attendance against the roster. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

GREETS = re.compile(r"[您你]好|早上好|上午好|中午好|下午好|晚上好|欢迎|很高兴")
"""来有迎声: in one's first words."""
SEES_OFF = re.compile(r"再见|再会|感谢|谢谢|祝您|祝愿|慢走|随时(?:联系|找|来)|欢迎(?:再|您再|下次)|辛苦您")
"""走有送声: in one's last words."""
ENDS = frozenset({"closed", "released"})
"""Stays whose end is the person's own; who is handed on, or leaves, is not seen off by them."""


class Voice(StrEnum):
    """The three voices (三声)."""

    GREETED = "greeted"
    ANSWERED = "answered"
    SEEN_OFF = "seen_off"


@dataclass(frozen=True)
class Said:
    """A message of a stay; `ours`: the person's own, else the customer's."""

    at: datetime
    text: str
    ours: bool


@dataclass(frozen=True)
class Stay:
    """What one person and one customer said to each other; `outcome` as in the stays' table, None while it lasts."""

    conversation_id: str
    taken_at: datetime
    outcome: str | None
    said: Sequence[Said]


def missing(stay: Stay) -> list[Voice]:
    """The voices that a stay lacks. One that lasts can still be answered and seen off; who said nothing, did neither.

    A customer's last word needs no answer where it follows our farewell (「谢谢」, 「再见」).
    """
    own = [one.text for one in stay.said if one.ours]
    found = []
    if not own or not GREETS.search(own[0]):
        found.append(Voice.GREETED)
    if stay.outcome is not None and not _is_answered(stay, own):
        found.append(Voice.ANSWERED)
    if stay.outcome in ENDS and not (own and SEES_OFF.search(own[-1])):
        found.append(Voice.SEEN_OFF)
    return found


def _is_answered(stay: Stay, own: Sequence[str]) -> bool:
    if not own:
        return False
    return stay.said[-1].ours or bool(SEES_OFF.search(own[-1])) or stay.outcome not in ENDS


@dataclass(frozen=True)
class Span:
    """A time from `since` until `until`, which is not in it."""

    since: datetime
    until: datetime

    def __and__(self, other: Span) -> timedelta:
        """How long both last at once."""
        return max(timedelta(), min(self.until, other.until) - max(self.since, other.since))


ONLINE, AWAY, LAPSED = "presence_online", "presence_away", "presence_lapsed"


def present(changes: Iterable[tuple[datetime, str]], within: Span) -> list[Span]:
    """When somebody was here, by what they said of themselves in order of time, also before `within`."""
    found: list[Span] = []
    since: datetime | None = None
    for at, change in changes:
        if change == ONLINE:
            since = at if since is None else since
        elif since is not None:
            found.append(Span(since, at))
            since = None
    if since is not None:
        found.append(Span(since, within.until))
    cut = (Span(max(one.since, within.since), min(one.until, within.until)) for one in found)
    return [one for one in cut if one.since < one.until]


@dataclass(frozen=True)
class Attendance:
    """Of a roster: how long it lasts, how long the person was here in it, and besides, and when it was begun late."""

    rostered: timedelta
    kept: timedelta
    besides: timedelta
    late: Sequence[datetime]


PATIENCE = timedelta(minutes=5)


def attendance(roster: Sequence[Span], here: Sequence[Span]) -> Attendance:
    """What was kept of a roster; `late` are its beginnings at which the person was not here within five minutes."""
    kept = sum((duty & one for duty in roster for one in here), timedelta())
    all_here = sum((one.until - one.since for one in here), timedelta())
    late = [duty.since for duty in roster if not any(_began(duty, one) for one in here)]
    return Attendance(sum((one.until - one.since for one in roster), timedelta()), kept, all_here - kept, late)


def _began(duty: Span, here: Span) -> bool:
    return here.since <= duty.since + PATIENCE and here.until > duty.since
