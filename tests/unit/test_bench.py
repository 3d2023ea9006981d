"""The comparison with stock Rasa is fair and honest: the same intents, texts that are new, waits that hide nobody."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import yaml

from bench.load import LOADS, Channel, drive, percentile
from helpdesk.testing import free_port

ROOT = Path(__file__).resolve().parents[2]


def _intents(path: str) -> set[str]:
    return set(yaml.safe_load((ROOT / path).read_text("utf-8"))["intents"])


def test_the_stock_project_has_the_intents_that_customers_say() -> None:
    assert _intents("bench/stock/domain.yml") == {one for one in _intents("domain.yml") if not one.startswith("start_")}


def test_new_texts_never_come_twice() -> None:
    chance = random.Random(1)
    said = [text for _ in range(200) for text in LOADS["new"](chance)]
    assert len(set(said)) == len(said)


def test_a_percentile_is_a_value_that_was_measured() -> None:
    waits = [float(n) for n in range(1, 101)]
    assert (percentile(waits, 0.5), percentile(waits, 0.95), percentile(waits, 1.0)) == (50.0, 95.0, 100.0)
    assert percentile([], 0.5) == float("inf")


def test_who_is_not_answered_counts_as_failed() -> None:
    nobody = Channel(f"http://127.0.0.1:{free_port()}")
    waits = asyncio.run(drive(nobody, "known", senders=2, messages=6))
    assert (len(waits.answered), len(waits.failures)) == (0, 6)
