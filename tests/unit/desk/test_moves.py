"""Every pair of a state and a move, for conversations and for tickets."""

from __future__ import annotations

import itertools

import pytest

from helpdesk.errors import InvalidInput, MoveRefused
from helpdesk.model import conversation, ticket
from helpdesk.model.conversation import Move, State
from helpdesk.model.ticket import Action, Status

CONVERSATION_MOVES = {
    "bot": "queue->waiting take->staff close->closed",
    "waiting": "leave_queue->bot take->staff close->closed",
    "staff": "transfer->staff requeue->waiting release->bot close->closed",
    "closed": "reopen->bot write_again->staff",
}
TICKET_MOVES = {
    "registered": "accept->accepted withdraw->withdrawn",
    "accepted": "investigate->investigating withdraw->withdrawn",
    "investigating": "answer->answered conclude->concluded withdraw->withdrawn",
    "answered": (
        "correct->answered satisfy->satisfied reinvestigate->investigating conclude->concluded withdraw->withdrawn"
    ),
    "satisfied": "",
    "concluded": "",
    "withdrawn": "resume->registered",
}


def parsed(table: dict[str, str]) -> dict[tuple[str, str], str]:
    """`move->state` words of each state as (state, move): state."""
    steps = [(state, word.split("->")) for state, words in table.items() for word in words.split()]
    return {(state, move): after for state, (move, after) in steps}


@pytest.mark.parametrize("state, move", itertools.product(State, Move))
def test_a_conversation_moves_by_the_table_or_not_at_all(state: State, move: Move) -> None:
    expected = parsed(CONVERSATION_MOVES).get((state, move))
    if expected is None:
        with pytest.raises(MoveRefused):
            conversation.after(state, move)
    else:
        assert conversation.after(state, move) == expected


@pytest.mark.parametrize("status, action", itertools.product(Status, Action))
def test_a_ticket_moves_by_the_table_or_not_at_all(status: Status, action: Action) -> None:
    expected = parsed(TICKET_MOVES).get((status, action))
    if expected is None:
        with pytest.raises(MoveRefused):
            ticket.after(status, action)
    else:
        assert ticket.after(status, action) == expected


def test_a_closed_conversation_is_opened_by_who_writes_in_it_and_by_nothing_else() -> None:
    opens = {move for state, move in conversation.ALLOWED if state is State.CLOSED}
    assert opens == {Move.REOPEN, Move.WRITE_AGAIN}


def test_levels_go_up_and_stay_at_the_top() -> None:
    assert [ticket.next_level(level) for level in ticket.LEVELS] == ["office", "management", "management"]


def test_missing_fields_are_named_and_alternatives_serve() -> None:
    with pytest.raises(InvalidInput) as refused:
        ticket.require_fields(["name", ("phone", "email")], {"name": "", "email": "a@b.cn"})
    assert refused.value.details == {"fields": ["name"]}


def test_numbers_are_of_the_day_and_have_four_digits_at_least() -> None:
    assert ticket.format_number("20261121", 1) == "TS20261121-0001"
    assert ticket.format_number("20261121", 12345) == "TS20261121-12345"
