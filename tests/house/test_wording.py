"""The wording of bot and service: courteous, in several variants, nothing forbidden (service standard A4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest
import yaml

from helpdesk.company import Company, load_company
from helpdesk.wording import load_wording
from tests.house.reading import FIELD, ROOT, responses

ANGRY = (
    "utter_anger",
    "utter_offline",
    "utter_nobody",
    "utter_safety",
    "utter_danger",
    "utter_dispute",
    "utter_open_complaint",
)
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf]|[~～]|哈哈|呵呵|嘻嘻")
PLAIN_YOU = re.compile("你(?!们家)")
TOLD = {"number", "due", "order", "phone", "corrected", "noted", "summary", "values", "score", "expected", "since"}
SHORTEST = 6
LONGEST_PARAGRAPH = 120
ONLY_A_FIELD = {"utter_faq_answer", "utter_ask", "utter_safety"}


@cache
def company() -> Company:
    return load_company(ROOT / "company")


def sentences() -> Iterator[tuple[str, str]]:
    """(where, text) of everything that is said by us: responses, messages, questions of fields."""
    for name, variants in responses().items():
        yield from ((name, variant["text"]) for variant in variants)
    wording = load_wording(company())
    for key in sorted(wording.keys):
        yield from (
            (f"company/{'letters' if key.startswith('letter_') else 'messages'} {key}", text)
            for text in wording.variants(key)
        )
    for name, spec in company().fields.items():
        yield from ((f"company/fields {name}", text) for text in (spec.ask, spec.why))
    for name, danger in company().safety.dangers.items():
        yield f"company/safety {name}", danger.instruction
    yield "company/profile privacy", company().privacy_notice


def titles() -> Iterator[tuple[str, str]]:
    """(where, title) of every button."""
    for name, variants in responses().items():
        for variant in variants:
            yield from ((name, button["title"]) for button in variant.get("buttons") or ())


@pytest.mark.parametrize("group", sorted(company().forbidden))
def test_nothing_forbidden_is_said(group: str) -> None:
    rule = company().forbidden[group]
    said = [(where, found) for where, text in [*sentences(), *titles()] if (found := rule.find(text))]
    assert not said, f"{rule.title}: {said}. {rule.instead}"


def test_the_customer_is_addressed_politely() -> None:
    assert not [(where, text) for where, text in [*sentences(), *titles()] if PLAIN_YOU.search(text)]


def test_every_response_has_variants_and_they_differ() -> None:
    for name, variants in responses().items():
        texts = [variant["text"] for variant in variants]
        assert len(set(texts)) == len(texts) >= 2, name


def test_variants_of_a_response_tell_the_same_numbers_and_dates() -> None:
    """What one variant repeats back the other does too (唱收唱付)."""
    for name, variants in responses().items():
        if name.startswith("utter_farewell"):
            continue
        told = [TOLD & set(FIELD.findall(variant["text"])) for variant in variants]
        assert all(one == told[0] for one in told), f"{name}: {told}"


def test_variants_of_a_response_offer_the_same_choices() -> None:
    for name, variants in responses().items():
        offered = [[b["payload"] for b in variant.get("buttons") or ()] for variant in variants]
        assert all(one == offered[0] for one in offered), name


def test_sentences_are_neither_curt_nor_walls_of_text() -> None:
    for where, text in sentences():
        if where in ONLY_A_FIELD or where.startswith("company/"):
            continue
        assert len(text) >= SHORTEST, f"{where}: {text}"
        assert all(len(line) <= LONGEST_PARAGRAPH for line in text.splitlines()), f"{where}: {text}"


def test_no_cheer_towards_an_angry_customer() -> None:
    for name, variants in responses().items():
        if name.startswith(ANGRY):
            assert not [v["text"] for v in variants if EMOJI.search(v["text"])], name
            assert all("很高兴" not in v["text"] for v in variants), name


def test_no_emoji_or_tilde_anywhere() -> None:
    assert not [(where, text) for where, text in sentences() if EMOJI.search(text)]


def test_anger_is_met_with_an_apology() -> None:
    for name in ("utter_anger", "utter_anger_again", "utter_anger_in_form", "utter_open_complaint"):
        assert all(re.search("抱歉|对不起", v["text"]) for v in responses()[name]), name


def test_payloads_are_intents_of_the_domain() -> None:
    intents = set(yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))["intents"])
    for name, variants in responses().items():
        for variant in variants:
            for button in variant.get("buttons") or ():
                assert re.match(r"/([a-z_]+)", button["payload"]).group(1) in intents, name  # type: ignore[union-attr]
