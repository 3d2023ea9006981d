"""The language check before a staff reply is sent (D6): what is wrong, and a better wording."""

from __future__ import annotations

from collections.abc import Iterator

from helpdesk.services import Services
from helpdesk.text.language import Finding, lacks_courtesy, undated_promises

BLOCK = "block"


def check_reply(services: Services, text: str, *, greeted: bool = False) -> list[Finding]:
    """Every finding. Those of severity `block` must be mended or overridden; `warn` is advice.

    `greeted`: this person has already spoken courteously in this conversation; a plain sentence
    after that is not curt.
    """
    return [*forbidden(services, text), *_own_rules(services, text, greeted)]


def blocking(findings: list[Finding]) -> list[Finding]:
    """The findings that keep a reply from being sent."""
    return [finding for finding in findings if finding.severity == BLOCK]


def forbidden(services: Services, text: str) -> list[Finding]:
    """Wordings of company/forbidden.yml alone; what goes into a letter has its courtesy from the letter."""
    return list(_forbidden(services, text))


def _forbidden(services: Services, text: str) -> Iterator[Finding]:
    for code, group in services.company.forbidden.items():
        found = group.find(text)
        if found is not None:
            yield Finding(code, found.strip(), group.instead, group.severity)


def _own_rules(services: Services, text: str, greeted: bool) -> Iterator[Finding]:
    render = services.wording.render
    for promise in undated_promises(text):
        yield Finding("undated_promise", promise, render("suggest_dated_promise"))
    if not greeted and lacks_courtesy(text):
        yield Finding("missing_courtesy", text[:60], render("suggest_courtesy", text=text))
