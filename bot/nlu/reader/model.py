"""The reader without Rasa: fit, score, save, load. No pickle; at run time numpy only.

Named features (features.py) are projected on a few hundred directions, stand beside the sentence vector, the question
asked and the marks of form, and go through one small network with two heads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import hstack

from bot.nlu.features import centred
from bot.nlu.reader.features import Vocabulary, named, shape
from bot.nlu.reader.labels import NOTHING
from bot.nlu.reader.network import Network, Recipe, train
from bot.nlu.reader.projection import Projection
from bot.nlu.reader.turns import Context

Floats = NDArray[np.float32]

# How much each kind of input says, measured: the question asked the most, the sentence vector less than the words.
_WORDS_SCALE, _VECTOR_SCALE, _CONTEXT_SCALE = 0.7, 4.0, 4.0


@dataclass(frozen=True)
class Seen:
    """A turn as the model sees it: the prepared text, its context, its sentence vector of shape (d,)."""

    text: str
    context: Context
    vector: Floats


@dataclass(frozen=True)
class Example:
    """A turn to learn from; `labels` has the most important one first, `refund-` for a denied refund."""

    seen: Seen
    labels: Sequence[str]
    weight: float = 1.0


@dataclass(frozen=True)
class Scores:
    """Probabilities: of each label to be the most important one (with `nothing`, sum 1), and of each to be there."""

    primary: Mapping[str, float]
    present: Mapping[str, float]


@dataclass(frozen=True)
class Sight:
    """How a turn becomes numbers, learnt without labels: `mean` (d,) of the vectors, `contexts` name -> input."""

    vocabularies: Sequence[Vocabulary]
    projection: Projection
    mean: Floats
    contexts: Mapping[str, int]

    def one(self, turn: Seen) -> Floats:
        """The network's input for one turn, shape (1, inputs)."""
        offset, parts = 0, []
        for vocabulary, block in zip(self.vocabularies, named(turn.text, turn.context), strict=True):
            columns, weights = vocabulary.row(block)
            parts.append((columns + offset, weights))
            offset += len(vocabulary)
        return self.beside(self.projection(parts)[None], [turn])

    def beside(self, words: Floats, turns: Sequence[Seen]) -> Floats:
        """Shape (n, k + d + marks + contexts), of the projected words (n, k) and the turns."""
        vectors = centred(np.stack([turn.vector for turn in turns]), self.mean)
        marks = np.array([list(shape(turn.text, turn.context)) for turn in turns], dtype=np.float32)
        where = np.stack([self._where(turn.context) for turn in turns])
        return np.hstack([words * _WORDS_SCALE, vectors * _VECTOR_SCALE, marks, where]).astype(np.float32)

    def _where(self, context: Context) -> Floats:
        row = np.zeros(len(self.contexts), dtype=np.float32)
        row[[self.contexts[name] for name in _names(context) if name in self.contexts]] = _CONTEXT_SCALE
        return row


def _names(context: Context) -> tuple[str, ...]:
    return context.kind, context.asked, f"topic {context.topic.partition(':')[0]}"


def learn_sight(turns: Sequence[Seen]) -> tuple[Sight, Floats]:
    """The sight of these turns, and their inputs of shape (n, inputs)."""
    blocks = list(zip(*(named(turn.text, turn.context) for turn in turns), strict=True))
    vocabularies = [Vocabulary.fit(block) for block in blocks]
    matrix = hstack([words.matrix(block) for words, block in zip(vocabularies, blocks, strict=True)]).tocsr()
    projection = Projection.fit(matrix)
    mean = np.mean([turn.vector for turn in turns], axis=0)
    contexts = sorted({name for turn in turns for name in _names(turn.context)})
    sight = Sight(vocabularies, projection, mean, {name: at for at, name in enumerate(contexts)})
    return sight, sight.beside(matrix @ projection.matrix, turns)


@dataclass(frozen=True)
class ReaderModel:
    """`primaries` and `labels` name the outputs of the network's two heads."""

    sight: Sight
    primaries: Sequence[str]
    labels: Sequence[str]
    network: Network

    def score(self, turn: Seen) -> Scores:
        """The scores of one turn."""
        return self.scores(self.sight.one(turn))[0]

    def scores(self, inputs: Floats) -> list[Scores]:
        """Of inputs of shape (n, inputs)."""
        return [
            Scores(_by_name(self.primaries, first), _by_name(self.labels, every))
            for first, every in zip(*self.network(inputs), strict=True)
        ]


def _by_name(names: Sequence[str], chances: Floats) -> dict[str, float]:
    return dict(zip(names, map(float, chances), strict=True))


def fit(sight: Sight, inputs: Floats, examples: Sequence[Example], recipe: Recipe) -> ReaderModel:
    """A model of the examples, whose inputs stand in the same order."""
    firsts = [next(iter(example.labels), NOTHING) for example in examples]
    primaries = sorted({*firsts, NOTHING})
    labels = sorted({label for example in examples for label in example.labels})
    wanted = np.array([primaries.index(label) for label in firsts])
    present = np.array([[label in example.labels for label in labels] for example in examples], dtype=np.float32)
    weights = np.array([example.weight for example in examples], dtype=np.float32)
    network = train(inputs, wanted, present, weights, len(primaries), recipe)
    return ReaderModel(sight, primaries, labels, network)


def save(model: ReaderModel, folder: Path) -> None:
    """Two files, reader.json and reader.npz."""
    sight, network = model.sight, model.network
    names = {
        "contexts": list(sight.contexts),
        "primaries": list(model.primaries),
        "labels": list(model.labels),
        "features": [len(words) for words in sight.vocabularies],
    }
    (folder / "reader.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")
    np.savez(
        folder / "reader.npz",
        hashes=np.concatenate([words.hashes for words in sight.vocabularies]),
        idf=np.concatenate([words.idf for words in sight.vocabularies]),
        steps=sight.projection.steps,
        scale=sight.projection.scale,
        mean=sight.mean,
        w1=network.w1,
        b1=network.b1,
        w2=network.w2,
        b2=network.b2,
    )


def load(folder: Path) -> ReaderModel:
    """The model that `save` wrote."""
    names = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
    with np.load(folder / "reader.npz", allow_pickle=False) as arrays:
        ends = np.cumsum(names["features"])[:-1]
        blocks = zip(np.split(arrays["hashes"], ends), np.split(arrays["idf"], ends), strict=True)
        vocabularies = [Vocabulary(hashes, idf) for hashes, idf in blocks]
        projection = Projection(arrays["steps"], arrays["scale"])
        contexts = {name: at for at, name in enumerate(names["contexts"])}
        network = Network(arrays["w1"], arrays["b1"], arrays["w2"], arrays["b2"], len(names["primaries"]))
        sight = Sight(vocabularies, projection, arrays["mean"], contexts)
        return ReaderModel(sight, names["primaries"], names["labels"], network)
