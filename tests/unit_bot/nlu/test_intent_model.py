"""The classifier without Rasa: it learns, it is stored without pickle, it works without an encoder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nlu import intent_model
from bot.nlu.features import CharTfidf
from bot.nlu.intent_model import Verdict
from zhtext import shared_encoder

TEXTS = ["我要退款", "给我退钱", "把钱退我", "退款退款", "怎么开发票", "发票在哪开", "能开发票吗", "开发票要什么"]
LABELS = ["request_refund"] * 4 + ["ask_faq"] * 4


def test_it_recognises_what_it_was_not_told() -> None:
    model = intent_model.fit(TEXTS, LABELS, shared_encoder())
    refund, invoice = model.judge(["请退款给我", "发票怎么弄"], shared_encoder())
    assert (refund.intent, invoice.intent) == ("request_refund", "ask_faq")
    assert sum(probability for _, probability in refund.ranking) == pytest.approx(1, abs=1e-6)


def test_what_is_stored_judges_as_before(tmp_path: Path) -> None:
    model = intent_model.fit(TEXTS, LABELS, shared_encoder())
    intent_model.save(model, tmp_path)
    again = intent_model.load(tmp_path)
    first, second = (kept.judge(["退我钱"], shared_encoder())[0] for kept in (model, again))
    assert first.confidence == pytest.approx(second.confidence, abs=1e-5)
    assert first.score == pytest.approx(second.score, abs=1e-2)


def test_nothing_stored_is_a_pickle(tmp_path: Path) -> None:
    intent_model.save(intent_model.fit(TEXTS, LABELS, None), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["intents.json", "intents.npz"]
    with np.load(tmp_path / "intents.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind == "f" for name in arrays)


def test_without_an_encoder_it_works_on_characters() -> None:
    model = intent_model.fit(TEXTS, LABELS, None)
    assert model.judge(["我要退款了"], None)[0].intent == "request_refund"


def test_a_model_whose_encoder_is_gone_still_answers() -> None:
    model = intent_model.fit(TEXTS, LABELS, shared_encoder())
    assert model.judge(["我要退款"], None)[0].intent == "request_refund"


def test_an_unknown_text_scores_lower_than_a_known_one() -> None:
    model = intent_model.fit(TEXTS, LABELS, shared_encoder())
    known, unknown = model.judge(["给我退钱吧", "月亮离地球多远"], shared_encoder())
    assert known.score > unknown.score


def test_the_threshold_keeps_the_share_it_promises() -> None:
    verdicts = [Verdict([("greet", score), ("thank", 1 - score)], score) for score in np.linspace(0.01, 1, 100)]
    threshold = intent_model.fallback_threshold(verdicts, ["greet"] * 100, "out_of_scope", keep=0.9)
    assert sum(verdict.score >= threshold for verdict in verdicts) == 90


def test_rows_have_unit_length_and_unknown_characters_do_no_harm() -> None:
    tfidf = CharTfidf.fit(TEXTS)
    _, weights = tfidf.row("我要退款")
    assert np.linalg.norm(weights) == pytest.approx(1)
    assert len(tfidf.row("龘")[0]) == 0
