"""What is kept of a password costs whoever steals it as much work a guess as it should, and so does asking for nobody.

The tests of the desk hash with less; these use what the service does.
"""

from __future__ import annotations

import asyncio

import argon2
import pytest

from helpdesk.store.tables import Staff
from helpdesk.usecases.people.passwords import _decoy, hashed, matches

PASSWORD = "long enough 4"


@pytest.fixture(scope="module")
def kept() -> str:
    return asyncio.run(hashed(PASSWORD))


def test_a_guess_costs_what_rfc_9106_asks_for(kept: str) -> None:
    cost = argon2.extract_parameters(kept)
    assert cost.type is argon2.Type.ID
    assert (cost.time_cost, cost.memory_cost) >= (3, 65536)
    assert argon2.extract_parameters(_decoy()) == cost


def test_only_the_password_of_somebody_who_works_here_matches(kept: str) -> None:
    assert matches(Staff(password_hash=kept, active=True), PASSWORD)
    assert not matches(Staff(password_hash=kept, active=True), PASSWORD + " ")
    assert not matches(Staff(password_hash=kept, active=False), PASSWORD)
    assert not matches(Staff(password_hash=None, active=True), PASSWORD)
    assert not matches(None, PASSWORD)
