"""Three voices in a stay, and attendance against a roster."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.model.scorecard import AWAY, LAPSED, ONLINE, Said, Span, Stay, Voice, attendance, missing, present

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def stay(*said: str, outcome: str | None = "closed") -> Stay:
    """A word that begins with > is the customer's."""
    words = [Said(NINE + n * MINUTE, text.lstrip(">"), ours=not text.startswith(">")) for n, text in enumerate(said)]
    return Stay("c1", NINE, outcome, words)


@pytest.mark.parametrize(
    "said, lacks",
    [
        (("您好，请问有什么可以帮您？", ">冰箱不制冷", "已为您登记，感谢您的反馈，再见！"), []),
        (("您好，请讲", ">冰箱不制冷", "已为您登记，再见！", ">谢谢"), []),
        ((">在吗", "在的，请讲", "好，再见"), [Voice.GREETED]),
        (("您好，请讲", ">冰箱不制冷"), [Voice.ANSWERED, Voice.SEEN_OFF]),
        (("您好，请讲", ">冰箱不制冷", "已为您登记。"), [Voice.SEEN_OFF]),
        ((">在吗",), [Voice.GREETED, Voice.ANSWERED, Voice.SEEN_OFF]),
        ((), [Voice.GREETED, Voice.ANSWERED, Voice.SEEN_OFF]),
    ],
)
def test_a_stay_lacks_the_voices_that_were_not_heard(said: tuple[str, ...], lacks: list[Voice]) -> None:
    assert missing(stay(*said)) == lacks


def test_who_hands_a_customer_on_need_not_see_them_off() -> None:
    assert missing(stay("您好，请讲", ">找安装", outcome="transferred")) == []


def test_a_stay_that_lasts_can_still_be_answered_and_seen_off() -> None:
    assert missing(stay("您好，请讲", ">找安装", outcome=None)) == []
    assert missing(stay(">找安装", outcome=None)) == [Voice.GREETED]


DAY = Span(NINE, NINE + 12 * HOUR)


@pytest.mark.parametrize(
    "changes, here",
    [
        ([], []),
        ([(NINE + HOUR, ONLINE), (NINE + 2 * HOUR, AWAY)], [Span(NINE + HOUR, NINE + 2 * HOUR)]),
        ([(NINE - HOUR, ONLINE), (NINE + HOUR, LAPSED)], [Span(NINE, NINE + HOUR)]),
        ([(NINE + HOUR, ONLINE)], [Span(NINE + HOUR, NINE + 12 * HOUR)]),
        ([(NINE + HOUR, ONLINE), (NINE + 2 * HOUR, ONLINE)], [Span(NINE + HOUR, NINE + 12 * HOUR)]),
        ([(NINE - HOUR, AWAY), (NINE + HOUR, AWAY)], []),
    ],
)
def test_somebody_is_here_from_saying_so_until_they_go(changes: list[tuple[datetime, str]], here: list[Span]) -> None:
    assert present(changes, DAY) == here


def test_attendance_is_what_was_kept_of_the_roster() -> None:
    roster = [Span(NINE, NINE + 3 * HOUR), Span(NINE + 4 * HOUR, NINE + 8 * HOUR)]
    here = [Span(NINE + 3 * MINUTE, NINE + 2 * HOUR), Span(NINE + 5 * HOUR, NINE + 9 * HOUR)]
    found = attendance(roster, here)
    assert (found.rostered, found.kept, found.besides) == (7 * HOUR, 5 * HOUR - 3 * MINUTE, HOUR)
    assert found.late == [NINE + 4 * HOUR]


def test_who_was_here_before_the_hour_is_in_time_and_who_left_before_it_is_not() -> None:
    roster = [Span(NINE, NINE + HOUR)]
    assert attendance(roster, [Span(NINE - HOUR, NINE + HOUR)]).late == []
    assert attendance(roster, [Span(NINE - HOUR, NINE)]).late == [NINE]
    assert attendance([], []).late == []
