"""Everything that can go wrong, as one tree.

    HelpdeskError
    ├── InvalidInput        422  the request is well formed but its values are not
    │   ├── TooLarge        413
    │   ├── HeadersTooLarge 431
    │   └── BrokenArticle   422  an article of the FAQ cannot be used (helpdesk/knowledge/articles.py)
    ├── NotSignedIn         401
    │   └── SecondFactorWanted  401  account and password are right, a code has to come with them
    ├── NotAllowed          403
    │   └── SetupNeeded     403  a password or a second factor has to be set up first
    ├── NotFound            404
    ├── Conflict            409  somebody else was first, or the id means something else
    │   └── MoveRefused     409  the state machine has no such move
    ├── TooManyTries        429
    ├── TooSlow             408  the request did not arrive in time
    ├── TurnLost                 the turn's claim is no longer ours: drop everything
    ├── NotReady            503  the service is still starting
    ├── NotStored           503  the database is away
    ├── NoRoom              503  the disk is nearly full
    ├── WorkerFailed        503  the dialogue worker could not answer
    ├── CompanyFileError    500  a file under company/ cannot be used as it stands (helpdesk/company/shape.py)
    ├── NotAnswering    503  one of the company's own systems does not answer, or not usefully
    └── ChannelFailed       502  an outside API refused or did not answer

Each class carries `code` (stable, for programs), `status` (HTTP) and `message_key`: the entry in
company/messages that tells a customer in a chat about it. Each error carries the key of its reason: the sentence that
staff and customers read stands at that key in company/messages (errors*.yml), and `details` fill its braces.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self


class Reason:
    """Why something is refused: the key of a sentence in company/messages, and what fills its braces."""

    def __init__(self, key: str, /, **fills: Any) -> None:
        self.key = key
        self.fills: Mapping[str, Any] = fills

    def __repr__(self) -> str:
        """What logs say: the key and what is known beside it."""
        told = "; ".join(f"{name}={value}" for name, value in self.fills.items())
        return f"{self.key}: {told}" if told else self.key


class HelpdeskError(Exception):
    """The base. `reason` is a key of company/messages, the code where none is given.

    `details` go to the client, but for `why`: that is for our logs.
    """

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    message_key: ClassVar[str] = "apology"

    def __init__(self, reason: str = "", /, **details: Any) -> None:
        self.reason = reason or self.code
        self.details = details
        super().__init__(self.reason)

    def __str__(self) -> str:
        return str(Reason(self.reason, **self.details))


class InvalidInput(HelpdeskError):
    """A value cannot be accepted."""

    code = "invalid_input"
    status = 422

    @classmethod
    def at(cls, reasons: Mapping[str, Reason]) -> Self:
        """Of several fields, each with its reason; the first one is the error's own."""
        first = next(iter(reasons.values()))
        return cls(first.key, **{**first.fills, "fields": list(reasons), "reasons": dict(reasons)})


class TooLarge(InvalidInput):
    """The body is larger than this route accepts."""

    code = "too_large"
    status = 413


class HeadersTooLarge(InvalidInput):
    """Address and headers are longer than any route needs."""

    code = "headers_too_large"
    status = 431


class NotSignedIn(HelpdeskError):
    """No valid token or session came with the request."""

    code = "not_signed_in"
    status = 401


class SecondFactorWanted(NotSignedIn):
    """Account and password are right; the code of the second factor is missing or wrong."""

    code = "second_factor"


class NotAllowed(HelpdeskError):
    """The caller is known but may not do this."""

    code = "not_allowed"
    status = 403


class SetupNeeded(NotAllowed):
    """Somebody signed in who has to choose a password or set up a second factor before anything else."""

    code = "setup_needed"


class NotFound(HelpdeskError):
    """There is no such thing, or it is not the caller's."""

    code = "not_found"
    status = 404


class Conflict(HelpdeskError):
    """Somebody else was first, or the id already means something else."""

    code = "conflict"
    status = 409


class MoveRefused(Conflict):
    """The state machine does not allow this move."""

    code = "move_refused"


class TooManyTries(HelpdeskError):
    """Too many tries in a short time."""

    code = "too_many_tries"
    status = 429


class TooSlow(HelpdeskError):
    """The request did not arrive in time."""

    code = "too_slow"
    status = 408


class TurnLost(HelpdeskError):
    """The turn's claim has passed to somebody else; nothing of it may be written."""

    code = "turn_lost"
    status = 409


class NotReady(HelpdeskError):
    """The service is still starting."""

    code = "not_ready"
    status = 503


class NotStored(HelpdeskError):
    """The database is away; the same request may succeed later."""

    code = "not_stored"
    status = 503


class NoRoom(HelpdeskError):
    """The disk is nearly full."""

    code = "no_room"
    status = 503


class WorkerFailed(HelpdeskError):
    """The dialogue worker gave no usable answer."""

    code = "worker_failed"
    status = 503


class NotAnswering(HelpdeskError):
    """A system of the company's does not answer, or what it answers cannot be used."""

    code = "not_answering"
    status = 503


class ChannelFailed(HelpdeskError):
    """A channel's outside API refused or did not answer."""

    code = "channel_failed"
    status = 502
