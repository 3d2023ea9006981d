"""The reader's parts without Rasa: decisions, denials, spans, values, what is stored."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from bot.nlu.reader import augment, guard, model, people, spans, store, training, values
from bot.nlu.reader.decision import Bounds, Judged, decide, fit_bounds
from bot.nlu.reader.features import Vocabulary, named
from bot.nlu.reader.labels import ACTS, STARTING
from bot.nlu.reader.model import Scores, Seen
from bot.nlu.reader.network import Recipe
from bot.nlu.reader.projection import Projection
from bot.nlu.reader.turns import Context, Turn
from bot.nlu.vectors import known_vectors

OPEN = Context("open", "none", "您好")
PHONE = Context("field:phone", "repair", "请留电话")


class Letters:
    """Stands in for the sentence encoder: counts characters in 16 bins."""

    def __init__(self) -> None:
        self.encoded = 0

    def encode(self, texts: list[str]) -> np.ndarray:
        self.encoded += len(texts)
        rows = [np.bincount([ord(sign) % 16 for sign in text] or [0], minlength=16) for text in texts]
        return np.array(rows, dtype=np.float32)


def turns(writer: str) -> list[Turn]:
    said = {
        "refund": ("我要退款", "给我退了", "退钱", "申请退货"),
        "person": ("转人工", "找真人", "叫客服来", "人工客服"),
        "ask": ("运费谁出", "几天到账", "怎么退", "能开票吗"),
    }
    wishes = [Turn(OPEN, words, {act: "+"}, {}, writer) for act, all_ in said.items() for words in all_]
    phones = [Turn(PHONE, f"1380013800{at}", {"answer": "+"}, {"phone": f"1380013800{at}"}, writer) for at in range(4)]
    names = [Turn(PHONE, f"我叫{name}", {}, {"name": name}, writer) for name in ("王芳", "李明", "禤穎彤")]
    return [*wishes, *phones, *names]


@pytest.fixture(scope="module")
def trained() -> training.Trained:
    all_ = [turn for writer in ("a", "b", "c") for turn in turns(writer)]
    examples = training.examples_of(all_, str.lower, Letters().encode)
    reader, bounds = training.fit_reader(all_, examples, Recipe(epochs=60))
    return training.Trained(reader, bounds, training.fit_tagger(all_, people.read_people()))


def labels(trained: training.Trained, said: str, context: Context) -> list[str]:
    seen = Seen(said, context, Letters().encode([said])[0])
    return list(decide(trained.model.score(seen), trained.bounds).labels)


def test_it_reads_by_the_words_and_the_question(trained: training.Trained) -> None:
    assert labels(trained, "退款吧", OPEN)[0] == "refund"
    assert labels(trained, "13800138009", PHONE)[0] == "answer"


def test_what_is_stored_reads_as_before_and_is_no_pickle(trained: training.Trained, tmp_path: Path) -> None:
    store.save(trained, tmp_path)
    again = store.load(tmp_path)
    files = {"reader.json", "reader.npz", "bounds.json", "spans.crf", "likeness.json"}
    assert {path.name for path in tmp_path.iterdir()} == files
    for said in ("退钱给我", "找人工"):
        assert labels(again, said, OPEN) == labels(trained, said, OPEN)
    assert again.tagger("我叫李明", PHONE) == trained.tagger("我叫李明", PHONE)
    assert again.bounds == trained.bounds


def test_one_turn_is_seen_as_many_are(trained: training.Trained) -> None:
    seen = [example.seen for example in training.examples_of(turns("a"), str.lower, Letters().encode)]
    sight, inputs = model.learn_sight(seen)
    assert np.allclose(sight.one(seen[0]), inputs[0], atol=1e-3)


# -- decisions ----------------------------------------------------------------------------


def scores(primary: dict[str, float], **present: float) -> Scores:
    return Scores(primary, {name.replace("_no", "-"): chance for name, chance in present.items()})


def test_the_most_important_act_stands_first() -> None:
    given = scores({"ask": 0.6, "grumble": 0.3, "nothing": 0.1}, ask=0.7, grumble=0.9, thank=0.2)
    decision = decide(given, Bounds())
    assert list(decision.labels) == ["ask", "grumble"]
    assert decision.maybe == {"thank": 0.2}
    assert decision.sure == 0.6


def test_an_act_has_one_polarity() -> None:
    assert list(decide(scores({"refund-": 0.9}, refund_no=0.9, refund=0.6), Bounds()).labels) == ["refund-"]


def test_what_may_be_denied_is_not_started() -> None:
    given = scores({"refund": 0.5, "ask": 0.3, "nothing": 0.2}, refund=0.6, refund_no=0.4, ask=0.55)
    assert list(decide(given, Bounds()).labels) == ["ask"]


def test_an_answer_below_its_bound_is_none() -> None:
    given = scores({"answer": 0.5, "grumble": 0.4}, answer=0.6, grumble=0.4)
    assert next(iter(decide(given, Bounds({"answer": 0.7})).labels)) == "grumble"
    assert next(iter(decide(given, Bounds({"answer": 0.5})).labels)) == "answer"


def test_danger_is_heard_beside_anything() -> None:
    assert list(decide(scores({"nothing": 0.9}, danger=0.3, story=0.9), Bounds({"danger": 0.2})).labels) == ["danger"]


def test_bounds_keep_within_what_may_be_taken() -> None:
    rows = [Judged(scores({}, answer=at / 100, danger=at / 100), ["grumble"], True) for at in range(100)]
    rows += [Judged(scores({}, answer=0.95, danger=0.995), ["answer", "danger"], True)] * 50
    bounds = fit_bounds(rows)
    taken = sum(bounds.passes("answer", row.scores) for row in rows if "answer" not in row.labels)
    assert 0 < taken <= 10
    assert 0.98 < bounds.labels["danger"] < 1


# -- denials ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "act, text",
    [
        ("refund", "我不是要退货,问下运费"),
        ("person", "别给我转人工"),
        ("person", "不用转人工"),
        ("complain", "先不投诉了"),
        ("cancel_order", "谁要取消!我问几点到"),
        ("repair", "不用修"),
        ("callback", "别给我打电话"),
    ],
)
def test_a_denied_clause_is_heard(act: str, text: str) -> None:
    assert guard.denies(act, text)


@pytest.mark.parametrize(
    "act, text",
    [
        ("refund", "为什么不给我退款"),
        ("refund", "不换了,给我退货"),
        ("refund", "是不是要退货才行"),
        ("repair", "电视不亮了,来修"),
        ("person", "机器人不管用,转人工"),
        ("exchange", "不是质量问题也想换货"),
        ("refund", "不退不行,退款"),
        ("ask", "不问了"),
    ],
)
def test_what_only_looks_like_a_denial_is_none(act: str, text: str) -> None:
    assert not guard.denies(act, text)


def test_the_grid_denies_every_matter_that_can_be_started() -> None:
    made = list(augment.grid(random.Random(1)))
    assert set(augment.MATTERS) == STARTING == set(guard.MATTER_WORDS) < ACTS
    assert Counter(polarity for turn in made for polarity in turn.acts.values())["-"] > 200


def test_two_parts_in_one_message_keep_both_acts() -> None:
    for turn in augment.joined(turns("a"), random.Random(1)):
        assert len(turn.acts) == 2


# -- values -------------------------------------------------------------------------------


def test_spans_are_what_was_tagged() -> None:
    tagged = spans.tags("我叫王芳，要退钱", {"name": "王芳", "wish": "退钱"}, frozenset({"name", "wish"}))
    assert list(spans.spans(tagged)) == [("name", 2, 4), ("wish", 6, 8)]


def test_a_name_is_exchanged_with_its_title() -> None:
    turn = Turn(PHONE, "找王先生", {}, {"name": "王先生"}, "a")
    other = people.exchanged(turn, people.read_people(), random.Random(3))
    assert other is not None
    assert other.values["name"].endswith("先生")
    assert other.said == f"找{other.values['name']}"
    assert people.exchanged(Turn(PHONE, "Candy", {}, {"name": "Candy"}, "a"), people.read_people(), random.Random()) is None


def entity(kind: str, text: str, said: str) -> dict[str, object]:
    return {"entity": kind, "text": text, "start": said.index(text), "end": said.index(text) + len(text)}


def test_of_two_values_the_one_that_is_not_denied() -> None:
    said = "不是13800138000，是13900139000"
    both = [entity("phone", "13800138000", said), entity("phone", "13900139000", said)]
    assert values.values_of(said, PHONE, {}, both, {}) == {"phone": "13900139000"}


@pytest.mark.parametrize(
    "asked, said, value",
    [
        ("field:name", "禤穎彤", {"name": "禤穎彤"}),
        ("field:name", "叫我阿May就行", {"name": "阿May"}),
        ("field:outcome", "退钱就行", {"wish": "退钱"}),
        ("field:description", "洗衣机漏水", {}),
    ],
)
def test_a_short_answer_is_the_value_that_was_asked_for(asked: str, said: str, value: dict[str, str]) -> None:
    assert values.values_of(said, Context(asked), {"answer": "+"}, [], {}) == value
    assert values.values_of(said, Context(asked), {"grumble": "+"}, [], {}) == {}


# -- numbers ------------------------------------------------------------------------------


def test_unknown_features_are_left_out() -> None:
    words = Vocabulary.fit([named("退款", OPEN)[0]] * 3)
    columns, weights = words.row(named("退货", OPEN)[0])
    assert len(columns) == 2
    assert np.linalg.norm(weights) == pytest.approx(1)
    assert len(words.row(named("x", OPEN)[0])[0]) == 0


def test_bytes_hold_the_projection_within_a_hundredth() -> None:
    exact = np.random.default_rng(1).standard_normal((40, 8)).astype(np.float32) * np.logspace(-4, 0, 40)[:, None]
    kept = Projection.of(exact.astype(np.float32))
    assert np.allclose(kept.matrix, exact, atol=0.01 * np.abs(exact).max(axis=1, keepdims=True))


def test_vectors_are_computed_once_and_kept(tmp_path: Path) -> None:
    encoder = Letters()
    first = known_vectors(encoder, ["甲", "乙", "甲"], "t", tmp_path).encode(["乙"])
    again = known_vectors(encoder, ["乙", "丙"], "t", tmp_path)
    assert encoder.encoded == 3
    assert np.array_equal(again.encode(["乙"]), first)
    known_vectors(encoder, ["甲"], "t", tmp_path)
    assert encoder.encoded == 4, "what the last training did not use is forgotten"


def test_a_damaged_file_of_vectors_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "t.npz").write_bytes(b"nothing")
    assert known_vectors(Letters(), ["甲"], "t", tmp_path).encode(["甲"]).shape == (1, 16)
