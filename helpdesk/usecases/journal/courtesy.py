"""The language check before a staff reply is sent (D6): what is wrong, a better wording, and the reply with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from helpdesk.company.words import ForbiddenGroup
from helpdesk.model.moments import in_words
from helpdesk.services import Services
from helpdesk.text.commitment import Workdays, impossible
from helpdesk.text.language import Finding, lacks_courtesy, undated_promises, with_time
from helpdesk.text.mending import as_typed, judged, with_sentence, with_words

BLOCK = "block"
A_TIME = "（日期、时间）"
"""Stands in a proposed wording for the time that is promised."""
MOST_SWAPS = 50


def check_reply(services: Services, text: str, *, greeted: bool = False) -> list[Finding]:
    """Every finding. Those of severity `block` must be mended or overridden; `warn` is advice.

    `greeted`: this person has already spoken courteously in this conversation; a plain sentence
    after that is not curt.
    """
    return [*forbidden(services, text), *_own_rules(services, text, greeted)]


def workdays_of(services: Services) -> Workdays:
    """The company's days, for what is promised by them."""
    return Workdays(services.calendar.is_working_day, services.calendar.closes)


def blocking(findings: list[Finding]) -> list[Finding]:
    """The findings that keep a reply from being sent."""
    return [finding for finding in findings if finding.severity == BLOCK]


def forbidden(services: Services, text: str) -> list[Finding]:
    """Wordings of company/forbidden.yml alone; what goes into a letter has its courtesy from the letter."""
    return list(_forbidden(services, text))


def _forbidden(services: Services, text: str) -> Iterator[Finding]:
    seen = judged(text)
    for code, group in services.company.forbidden.items():
        found = group.spot(seen.text)
        if found is not None:
            start, end = as_typed(seen, found)
            rewrite = _rewritten(services, text, group)
            yield Finding(code, text[start:end].strip(), group.instead, group.severity, rewrite)


def _rewritten(services: Services, text: str, group: ForbiddenGroup) -> str:
    """Every word of the group that has another to stand for it is that; for any other the sentence is."""
    for _ in range(MOST_SWAPS):
        seen = judged(text)
        found = group.spot(seen.text)
        if found is None:
            break
        swap = group.swaps.get(seen.text[slice(*found)])
        span = as_typed(seen, found)
        if swap is None:
            return with_sentence(text, span, group.instead.replace(A_TIME, f"{_next_time(services)} "))
        text = with_words(text, span, swap)
    return text


def _own_rules(services: Services, text: str, greeted: bool) -> Iterator[Finding]:
    render, due = services.wording.render, _next_time(services)
    for promise in undated_promises(text):
        rewrite = text.replace(promise, with_time(promise, due), 1)
        yield Finding("undated_promise", promise, render("suggest_dated_promise"), rewrite=rewrite)
    now = services.clock.now().astimezone(services.calendar.zone)
    for late in impossible(text, now, workdays_of(services)):
        mended = late.text.replace(late.when, f"{due}前", 1)
        yield Finding(
            "past_promise",
            late.text,
            render("suggest_later_promise", due=due),
            rewrite=text.replace(late.text, mended, 1),
        )
    if not greeted and lacks_courtesy(text):
        courteous = render("suggest_courtesy", text=text)
        yield Finding("missing_courtesy", text[:60], courteous, rewrite=courteous)


def _next_time(services: Services) -> str:
    """A time that can be kept, to begin with: the end of the next working day, in words."""
    local = services.clock.now().astimezone(services.calendar.zone)
    day = local.date() + timedelta(days=1)
    while not services.calendar.is_working_day(day):
        day += timedelta(days=1)
    return in_words(datetime.combine(day, time(18), local.tzinfo))
