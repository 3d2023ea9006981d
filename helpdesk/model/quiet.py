"""Night, when nothing goes to a customer by itself (company/limits.yml quiet_from, quiet_until)."""

from __future__ import annotations

from datetime import datetime, time, timedelta


def is_quiet(at: time, quiet_from: time, quiet_until: time) -> bool:
    """Whether a time of day lies in the quiet hours, which may run over midnight; equal limits mean there are none."""
    if quiet_from <= quiet_until:
        return quiet_from <= at < quiet_until
    return at >= quiet_from or at < quiet_until


def next_permitted(local: datetime, quiet_from: time, quiet_until: time) -> datetime:
    """The first moment from `local` on, in the company's time zone, at which a letter may go out."""
    if not is_quiet(local.time(), quiet_from, quiet_until):
        return local
    morning = datetime.combine(local.date(), quiet_until, local.tzinfo)
    return morning if morning > local else morning + timedelta(days=1)
