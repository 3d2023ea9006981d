"""Sentences written apart from the training data: how many are understood, and which mistakes are not forgiven."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from tests.nlu import sentences
from zhtext import normalise

Understood = list[tuple[str, str, str]]

INTENTS = 31
FEWEST_EXAMPLES = 60
FEWEST_HELD_OUT = 20


def test_held_out_sentences_are_not_in_the_training_data() -> None:
    known = {normalise(text) for text, _ in sentences.read("data/nlu")}
    assert [text for text, _ in sentences.read("tests/nlu/heldout") if normalise(text) in known] == []


@pytest.mark.parametrize("folder, fewest", [("data/nlu", FEWEST_EXAMPLES), ("tests/nlu/heldout", FEWEST_HELD_OUT)])
def test_every_intent_has_enough_different_sentences(folder: str, fewest: int) -> None:
    different = {(normalise(text), intent) for text, intent in sentences.read(folder)}
    sizes = Counter(intent for _, intent in different)
    assert len(sizes) == INTENTS
    assert {intent: size for intent, size in sizes.items() if size < fewest} == {}


def test_no_sentence_means_two_things() -> None:
    meanings = defaultdict(set)
    for text, intent in sentences.read("data/nlu"):
        meanings[normalise(text)].add(intent)
    assert {text: intents for text, intents in meanings.items() if len(intents) > 1} == {}


def test_nearly_all_are_understood(understood: Understood) -> None:
    wrong = [line for line in understood if line[1] != line[2]]
    assert 1 - len(wrong) / len(understood) >= 0.92, wrong


@pytest.mark.parametrize("costly", ["request_human", "file_complaint"])
def test_a_person_or_a_complaint_is_not_heard_where_none_was_meant(understood: Understood, costly: str) -> None:
    assert len([text for text, meant, found in understood if found == costly != meant]) <= 4


def test_what_is_not_ours_is_recognised_and_what_is_ours_is_not_refused(understood: Understood) -> None:
    foreign = [found == "out_of_scope" for _, meant, found in understood if meant == "out_of_scope"]
    refused = [text for text, meant, found in understood if found == "out_of_scope" != meant]
    assert sum(foreign) / len(foreign) >= 0.7
    assert len(refused) / (len(understood) - len(foreign)) <= 0.05, refused
