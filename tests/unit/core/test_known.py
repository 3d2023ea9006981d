"""Tokens of the company's site: believed when they are signed and in time, else a line in the log and nobody known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import jwt
import pytest
import structlog
from pydantic import SecretStr
from structlog.testing import CapturingLogger

from helpdesk.clock import ManualClock
from helpdesk.services import Services
from helpdesk.usecases.conversations import known
from helpdesk.usecases.conversations.known import LONGEST_LIFE, Known, read_token

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
SECRET = "a secret of the company's site, long enough"


def services(secret: str = SECRET) -> Services:
    settings = SimpleNamespace(identity_secret=SecretStr(secret))
    return cast(Services, SimpleNamespace(settings=settings, clock=ManualClock(NOW)))


def at(by: timedelta) -> float:
    return (NOW + by).timestamp()


def token(user: object = "u7", secret: str = SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    """As the company's site makes it, for an hour."""
    return jwt.encode({"sub": user, "exp": at(timedelta(hours=1)), **claims}, secret, algorithm=algorithm)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> CapturingLogger:
    """What is logged."""
    caught = CapturingLogger()
    monkeypatch.setattr(known, "log", structlog.wrap_logger(caught, processors=[]))
    return caught


def test_what_is_signed_and_in_time_is_believed(lines: CapturingLogger) -> None:
    made = token(name="王芳", phone="138 1234 5678", tier="key", wechat="openid-1")
    assert read_token(services(), made) == Known("u7", "王芳", "13812345678", "key", "openid-1")
    assert read_token(services(), token(exp=at(-timedelta(seconds=20)))) is not None, "clocks differ a little"
    assert lines.calls == []


@pytest.mark.parametrize(
    "identity",
    [
        token(secret="another secret that is long enough too"),
        token(exp=at(-timedelta(minutes=2))),
        token(exp=at(LONGEST_LIFE + timedelta(days=1))),
        token(exp=True),
        token(exp="soon"),
        token(exp=float("nan")),
        token(exp=float("inf")),
        token(secret="s" * 64, algorithm="HS512"),
        jwt.encode({"sub": "x"}, SECRET),
        jwt.encode({"exp": at(timedelta(hours=1))}, SECRET),
        jwt.encode({"sub": "x", "exp": at(timedelta(hours=1))}, None, algorithm="none"),
        token(""),
        token("x" * 200),
        token("x\n"),
        token(["x"]),
        "x.y.z",
        "x" * 10_000,
        7,
        {"sub": "x"},
    ],
)
def test_whoever_only_says_so_is_nobody_and_a_line_in_the_log(identity: object, lines: CapturingLogger) -> None:
    assert read_token(services(), identity) is None
    (line,) = lines.calls
    assert line.kwargs["event"] == "identity_refused"
    assert str(identity)[:40] not in str(line)


def test_without_a_token_nothing_is_logged(lines: CapturingLogger) -> None:
    assert read_token(services(), None) is None
    assert lines.calls == []


def test_without_a_secret_nobody_is_known(lines: CapturingLogger) -> None:
    assert read_token(services(""), token()) is None
    assert "HELPDESK_IDENTITY_SECRET" in lines.calls[0].kwargs["why"]


def test_odd_values_beside_the_id_are_left_out() -> None:
    odd = token(name={"a": 1}, phone="12", tier="emperor", wechat=["x"])
    assert read_token(services(), odd) == Known("u7")
