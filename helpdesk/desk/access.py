"""Who is asking: a bearer token (programs) or a cookie (the desk), and what each may do."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Path, Query, Request
from pydantic import AfterValidator, AwareDatetime, Field

from helpdesk.desk.scopes import scope_of
from helpdesk.door.addresses import site_of
from helpdesk.door.given import Given as Given
from helpdesk.door.given import services_of
from helpdesk.errors import InvalidInput, NotAllowed
from helpdesk.usecases.conversations.receive import as_stored
from helpdesk.usecases.people import programs
from helpdesk.usecases.people.presence import keep_alive
from helpdesk.usecases.people.sign_in import COOKIE, SignedIn, identify, require_set_up
from helpdesk.usecases.people.tokens import digest

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
BEARER = "bearer "
MANAGERS = frozenset({"admin"})
ID_LIMIT = 64
TEXT_LIMIT = 4000
YEARS = range(2000, 2200)


async def at_all(request: Request) -> SignedIn:
    """Who is signed in, also who has to set up something first.

    A browser's unsafe request must come from our own pages.

    Raises:
        NotSignedIn, NotAllowed.
    """
    header = request.headers.get("authorization", "")
    if header.lower().startswith(BEARER):
        return await _by_bearer(request, header[len(BEARER) :].strip())
    token = request.cookies.get(COOKIE)
    if token and request.method not in SAFE_METHODS:
        check_origin(request)
    return await identify(services_of(request), token, by_cookie=True)


async def _by_bearer(request: Request, token: str) -> SignedIn:
    """A signed-in program, or one with a key, which may do what the key's scopes say."""
    if not token.startswith(programs.PREFIX):
        return await identify(services_of(request), token, by_cookie=False)
    scope = scope_of(request.method, request.scope["path"])
    return SignedIn(await programs.program_of(services_of(request), token, scope), digest(token))


async def current(request: Request) -> SignedIn:
    """Who is signed in and may work.

    Raises:
        NotSignedIn, NotAllowed. SetupNeeded: a password or a second factor comes first.
    """
    who = await at_all(request)
    require_set_up(who)
    return who


async def admin(who: Annotated[SignedIn, Depends(current)]) -> SignedIn:
    """Who may manage people and keys.

    Raises:
        NotSignedIn, NotAllowed.
    """
    if who.staff.role not in MANAGERS and who.staff.role != programs.PROGRAM:
        raise NotAllowed("people_by_admin")
    return who


def check_origin(request: Request) -> None:
    """Browsers name the page a request comes from; another site's page may not act for who is signed in here.

    A client that names neither is no browser, and nobody's cookie can be abused through it.

    Raises:
        NotAllowed: the request comes from somewhere else.
    """
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "same-origin")
    foreign_page = origin is not None and site_of(origin) != request.headers.get("host", "").lower()
    if foreign_page or (origin is None and site not in {"same-origin", "none"}):
        raise NotAllowed("other_site")


async def at_work(request: Request, who: Annotated[SignedIn, Depends(current)]) -> SignedIn:
    """Signed in and acting for a customer: that is a sign of life."""
    await keep_alive(services_of(request), who)
    return who


def address_of(request: Request) -> str:
    """Where the request comes from, as far as we believe it."""
    return request.client.host if request.client else "unknown"


def _cleaned(text: str) -> str:
    """As a customer's words: no control characters, and no identity or bank card number is kept (PIPL)."""
    return as_stored(text)


def _filled(text: str) -> str:
    if not text:
        raise ValueError("must not be empty")
    return text


def _of_this_age(moment: datetime) -> datetime:
    """What lies at the ends of the calendar has no other time zone, and nobody's promise or question is there."""
    if moment.year not in YEARS:
        raise ValueError(f"must lie in the years {YEARS.start} to {YEARS.stop - 1}")
    return moment


def parse_flag(value: str | None) -> bool:
    """A query's yes or no.

    Raises:
        InvalidInput: neither.
    """
    if value is None or value.lower() in {"", "0", "false", "no"}:
        return False
    if value.lower() in {"1", "true", "yes"}:
        return True
    raise InvalidInput("neither_yes_nor_no", value=value[:20])


Who = Annotated[SignedIn, Depends(current)]
Anybody = Annotated[SignedIn, Depends(at_all)]
Admin = Annotated[SignedIn, Depends(admin)]
AtWork = Annotated[SignedIn, Depends(at_work)]
Clean = Annotated[str, AfterValidator(_cleaned)]
Filled = Annotated[str, AfterValidator(_cleaned), AfterValidator(_filled)]
Moment = Annotated[AwareDatetime, AfterValidator(_of_this_age)]
Id = Annotated[str, Path(min_length=1, max_length=ID_LIMIT), AfterValidator(_cleaned)]
Filter = Annotated[str | None, Query(max_length=200)]
InQuery = Annotated[str | None, Field(max_length=200)]
"""The same as one of a query that has a class of its own."""
