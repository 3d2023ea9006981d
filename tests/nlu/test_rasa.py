"""Rasa's own readers at home: the data fit together, stories are followed, the held-out sentences are understood."""

from __future__ import annotations

from pathlib import Path

from tests.nlu.rasas import BROKEN_STORY, rasa, report


def test_domain_intents_rules_and_responses_fit_together() -> None:
    printed = rasa("data", "validate", "--data", "data/nlu", "data/rules", "data/responses")
    assert "No story structure conflicts found" in printed
    unused = [line for line in printed.splitlines() if "is not used in any story or rule" in line]
    assert [line for line in unused if "utterance 'utter_" not in line] == []  # what is said is chosen in actions/


def test_every_message_goes_to_the_one_action_and_a_story_that_says_otherwise_fails(tested: Path) -> None:
    failed = (tested / "failed_test_stories.yml").read_text("utf-8")
    names = [line.split("story:")[1].split("(")[0].strip() for line in failed.splitlines() if "story:" in line]
    assert names == [BROKEN_STORY]


def test_a_small_intent_is_understood_like_a_large_one(tested: Path) -> None:
    intents = report(tested, "intent_report.json")
    assert intents["macro avg"]["f1-score"] >= 0.92
    assert min(one["f1-score"] for name, one in intents.items() if isinstance(one, dict)) >= 0.8
