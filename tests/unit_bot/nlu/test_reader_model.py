"""The reader's model without Rasa: it learns words and questions, and reads the same from disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nlu.reader import model
from bot.nlu.reader.network import Network, Recipe, together
from bot.nlu.reader.projection import Projection
from bot.nlu.reader.turns import Context

OPEN = Context("open", "none", "您好")
PHONE = Context("field:phone", "repair", "请留电话")
SAID = {
    "refund": ("我要退款", "给我退了", "退钱", "申请退货"),
    "person": ("转人工", "找真人", "叫客服来", "人工客服"),
}


def seen(said: str, context: Context) -> model.Seen:
    """The vector counts characters in 16 bins."""
    letters = np.bincount([ord(sign) % 16 for sign in said], minlength=16)
    return model.Seen(said, context, letters.astype(np.float32))


@pytest.fixture(scope="module")
def trained() -> model.ReaderModel:
    wishes = [model.Example(seen(words, OPEN), [act]) for act, all_ in SAID.items() for words in all_ * 3]
    phones = [model.Example(seen(f"1380013800{at % 10}", PHONE), ["answer"]) for at in range(12)]
    return model.fit([*wishes, *phones], Recipe(epochs=80))


def likeliest(trained: model.ReaderModel, said: str, context: Context) -> str:
    [scores] = trained.score([seen(said, context)])
    return max(scores.primary, key=lambda label: scores.primary[label])


def test_it_reads_by_the_words_and_the_question(trained: model.ReaderModel) -> None:
    assert likeliest(trained, "给我退款", OPEN) == "refund"
    assert likeliest(trained, "13800138009", PHONE) == "answer"


def test_what_is_stored_reads_as_before_and_is_no_pickle(trained: model.ReaderModel, tmp_path: Path) -> None:
    model.save(trained, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"reader.json", "reader.npz"}
    again = model.load(tmp_path)
    assert again.score([seen("退钱给我", OPEN)]) == trained.score([seen("退钱给我", OPEN)])


def test_a_projection_in_bytes_is_near_the_exact_one() -> None:
    exact = np.random.default_rng(1).standard_normal((40, 8)).astype(np.float32)
    kept = Projection.of(exact)
    assert kept.steps.dtype == np.int8
    assert np.abs(kept.matrix - exact).max() <= np.abs(exact).max() / 200


def test_networks_read_as_one_with_the_mean_of_their_logits() -> None:
    draw = np.random.default_rng(3)

    def made() -> Network:
        shapes = ((5, 7), (7,), (7, 6), (6,))
        return Network(*((0.3 * draw.standard_normal(shape)).astype(np.float32) for shape in shapes), primaries=2)

    one, other = made(), made()
    inputs = draw.standard_normal((4, 5)).astype(np.float32)
    chances = [network(network.hidden(inputs))[1] for network in (one, other, together([one, other]))]
    logits = [np.log(chance / (1 - chance)) for chance in chances]
    assert np.allclose((logits[0] + logits[1]) / 2, logits[2], atol=1e-4)


def test_a_training_twice_gives_the_same(trained: model.ReaderModel) -> None:
    wishes = [model.Example(seen(words, OPEN), [act]) for act, all_ in SAID.items() for words in all_ * 3]
    phones = [model.Example(seen(f"1380013800{at % 10}", PHONE), ["answer"]) for at in range(12)]
    again = model.fit([*wishes, *phones], Recipe(epochs=80))
    assert np.array_equal(again.network.w1, trained.network.w1)
