"""The table of rights: every pair of a deed and a part, what outweighs what, and the page that shows it."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from helpdesk.desk.rights_page import DEEDS, PARTS, page
from helpdesk.model.rights import TABLE, Deed, Part, by_role, deeds, may

PAGE = Path(__file__).resolve().parents[3] / "docs" / "rights.md"
LEAD = {Part.SUPERVISOR, Part.ADMIN}


def test_every_deed_is_decided_and_shown() -> None:
    assert set(TABLE) == set(DEEDS) == set(Deed)
    assert set(PARTS) == set(Part)


def test_the_page_is_the_table() -> None:
    assert PAGE.read_text("utf-8") == page(), "write it anew: python -m helpdesk rights > docs/rights.md"


@pytest.mark.parametrize("deed", Deed)
@pytest.mark.parametrize("part", Part)
def test_the_page_says_of_every_pair_what_the_table_says(deed: Deed, part: Part) -> None:
    head, _, *rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("|")]
    column = [cell.strip() for cell in head.split("|")].index(PARTS[part])
    [row] = [line for line in rows if line.startswith(f"| `{deed}` |")]
    assert (row.split("|")[column].strip() == "✓") is may(deed, {part})


@pytest.mark.parametrize("deed", Deed)
def test_one_part_is_enough_unless_the_matter_is_about_oneself(deed: Deed) -> None:
    for size in (1, 2, 3):
        for parts in itertools.combinations(set(Part) - {Part.ACCUSED}, size):
            assert may(deed, set(parts)) is any(may(deed, {part}) for part in parts)
            assert may(deed, {*parts, Part.ACCUSED}) is (deed is Deed.READ)


@pytest.mark.parametrize("deed", Deed)
def test_an_admin_may_what_a_supervisor_may(deed: Deed) -> None:
    assert may(deed, {Part.ADMIN}) or not may(deed, {Part.SUPERVISOR})


def test_what_was_agreed() -> None:
    """The sentences of the service standard, one by one."""
    assert deeds({Part.ACCUSED}) == [Deed.READ]
    assert {d for d in deeds({Part.OUTSIDER}) if d is not Deed.TAKE} == {Deed.READ, Deed.NOTE, Deed.OPEN_INTERNAL}
    for deed in (Deed.HAND_ON, Deed.TRANSFER):
        assert TABLE[deed] == {Part.OWNER, Part.HEAD, *LEAD}
    assert TABLE[Deed.END_WITHOUT_WORD] == TABLE[Deed.CONCLUDE] == LEAD
    assert TABLE[Deed.SEE_CONTACT] == {Part.OWNER, *LEAD}
    assert TABLE[Deed.READ_AUDIT] == {Part.ADMIN}


@pytest.mark.parametrize("role", ["agent", "intern", "", "owner", "ADMIN"])
def test_a_role_nobody_knows_gives_nothing(role: str) -> None:
    assert by_role(role) == {Part.OUTSIDER}
