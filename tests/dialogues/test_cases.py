"""The short conversations of cases/: so many come out right, whole and by steps, and never fewer."""

from __future__ import annotations

import pytest

from tests.dialogues.conftest import PASSWORD, Towns
from tests.support.cases.desk import sign_in
from tests.support.cases.play import play_all
from tests.support.cases.report import failures, score, table
from tests.support.cases.script import given_files, own_files, read_all

SETS = {"given": given_files(), "own": own_files()}
FLOORS = {"given": (0.53, 0.75), "own": (0.53, 0.69)}
"""Shares of whole conversations and of steps; raised with every improvement, never lowered."""


@pytest.mark.parametrize("name", SETS)
async def test_no_fewer_conversations_come_out_right(towns: Towns, name: str) -> None:
    town = await towns(closed=False)
    desk = await sign_in(town.client, PASSWORD)
    played = await play_all(read_all(SETS[name]), town.client, town.settings.rest_token.get_secret_value(), desk)
    print(failures(played), table(played), sep="\n")
    found = score(played)
    assert (found.share >= FLOORS[name][0], found.step_share >= FLOORS[name][1]) == (True, True)
