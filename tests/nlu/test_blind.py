"""Sentences written before anything was changed for them, in three voices.

Since their measuring (docs/understanding.md) they are known, so the floors stand below what is measured now and above
what is promised: they keep what was reached.
"""

from __future__ import annotations

import pytest

from tests.nlu import sentences
from tests.nlu.conftest import Parse
from zhtext import normalise

Understood = list[tuple[str, str, str]]

BLIND = "tests/nlu/blind"


@pytest.fixture(scope="module")
def blind(parse: Parse) -> Understood:
    """(sentence, intent meant, intent understood)."""
    return [(text, intent, parse(text)["intent"]["name"]) for text, intent in sentences.read(BLIND)]


def test_none_of_them_is_in_the_training_data() -> None:
    known = {normalise(text) for text, _ in sentences.read("data/nlu")}
    assert [text for text, _ in sentences.read(BLIND) if normalise(text) in known] == []


def test_nearly_all_are_understood(blind: Understood) -> None:
    wrong = [line for line in blind if line[1] != line[2]]
    assert 1 - len(wrong) / len(blind) >= 0.93, wrong


def test_a_person_or_a_complaint_is_not_heard_where_none_was_meant(blind: Understood) -> None:
    costly = [line for line in blind if line[2] in ("request_human", "file_complaint") and line[1] != line[2]]
    assert len(costly) <= 4, costly


def test_what_is_not_ours_is_recognised_and_what_is_ours_is_not_refused(blind: Understood) -> None:
    foreign = [found == "out_of_scope" for _, meant, found in blind if meant == "out_of_scope"]
    refused = [text for text, meant, found in blind if found == "out_of_scope" != meant]
    assert sum(foreign) / len(foreign) >= 0.85
    assert len(refused) / (len(blind) - len(foreign)) <= 0.03, refused
