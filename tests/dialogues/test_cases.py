"""The short conversations of cases/: so many come out right, whole and by steps, and never fewer.

Those of cases/own/ are played by `make bench-dialogue`, which prints both.
"""

from __future__ import annotations

import faulthandler

from tests.dialogues.conftest import PASSWORD, Towns
from tests.support.cases.desk import sign_in
from tests.support.cases.play import play_all
from tests.support.cases.report import failures, score, table
from tests.support.cases.script import given_files, read_all

WHOLE, STEPS = 0.82, 0.90
"""Shares of whole conversations and of steps; raised with every improvement, never lowered."""


async def test_no_fewer_conversations_come_out_right(towns: Towns) -> None:
    faulthandler.cancel_dump_traceback_later()  # seventy conversations take a minute, and nothing hangs
    town = await towns(closed=False)
    desk = await sign_in(town.client, PASSWORD)
    token = town.settings.rest_token.get_secret_value()
    played = await play_all(read_all(given_files()), town.client, token, desk)
    print(failures(played), table(played), sep="\n")
    found = score(played)
    assert (found.share >= WHOLE, found.step_share >= STEPS) == (True, True)
