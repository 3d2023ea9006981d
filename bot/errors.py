"""The errors of the dialogue environment.

BotError (Exception)
├── MissingSetting      a secret without a value: the worker does not start
├── ModelRefused        the model cannot be served: the worker does not start
├── WrongSetting        a setting whose value makes no sense: the worker does not start
├── NotRead             a second reader gave nothing that counts: the first one's reading stands
├── BadRequest          the body of a request is not a turn: 422
│   └── TooLarge        nor is it looked at: 413
└── StateUnreadable     a stored state that this worker cannot use: begin afresh

TurnFailed (BaseException)   the turn counts for nothing: 503
"""

from __future__ import annotations


class BotError(Exception):
    """Something the dialogue environment cannot do."""


class MissingSetting(BotError):
    """A setting without a default has no value."""


class ModelRefused(BotError):
    """The trained model cannot be served."""


class WrongSetting(BotError):
    """A setting has a value that makes no sense."""


class NotRead(BotError):
    """A second reader gave nothing that counts. `code`: timeout, unreachable, status, too_large or garbage."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class BadRequest(BotError):
    """The request is not of the shape the contract gives."""

    code = "invalid_body"
    status = 422


class TooLarge(BadRequest):
    """The request is larger than any turn can be."""

    code = "too_large"
    status = 413


class StateUnreadable(BotError):
    """A stored state is not one this worker can use."""


class TurnFailed(BaseException):
    """The turn failed as a whole.

    A BaseException on purpose: Rasa catches Exception around every action, loses the action's events and goes on
    predicting, which has submitted unfilled forms. `detail` is for the log and the caller, never for a customer.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail
