"""The classifier without Rasa: it learns, it is stored without pickle, it works without an encoder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nlu import intent_model
from bot.nlu.features import CharTfidf
from bot.nlu.intent_model import Refusal, Verdict
from bot.nlu.neighbours import Known
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


def test_refusal_keeps_the_share_it_promises() -> None:
    """Half of the budget of ten goes to what is hardly known, half to what resembles the refusal class most."""
    verdicts = [
        Verdict([("greet", 1 - foreign), ("out_of_scope", foreign)], Known(near))
        for foreign, near in zip(np.linspace(0.01, 0.45, 100), np.linspace(1, 0.01, 100), strict=True)
    ]
    refusal = intent_model.fit_refusal(verdicts, ["greet"] * 100, "out_of_scope", keep=0.9)
    assert sum(refusal.applies(verdict) for verdict in verdicts) == pytest.approx(10, abs=1)


def test_without_a_refusal_class_nothing_is_refused() -> None:
    assert not Refusal("out_of_scope").applies(Verdict([("greet", 0.01)], Known(0.0)))


def test_what_resembles_the_refusal_class_is_refused_however_well_another_intent_fits() -> None:
    verdict = Verdict([("ask_faq", 0.6), ("out_of_scope", 0.4)], Known(1.0))
    assert Refusal("out_of_scope", likely=0.3, score=0.2).applies(verdict)
    assert not Refusal("out_of_scope", likely=0.5, score=0.2).applies(verdict)


def test_rows_have_unit_length_and_unknown_characters_do_no_harm() -> None:
    tfidf = CharTfidf.fit(TEXTS)
    _, weights = tfidf.row("我要退款")
    assert np.linalg.norm(weights) == pytest.approx(1)
    assert len(tfidf.row("龘")[0]) == 0
