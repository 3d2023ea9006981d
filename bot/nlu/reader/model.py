"""The reader without Rasa: fit, score, save, load. No pickle; at run time numpy only.

Named features (bot/nlu/reader/features.py) are projected on a few hundred directions, stand beside the sentence
vector, the question asked and the marks of form, and go through one small network with two heads.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping, Sequence

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

# Measured: the sentence vector at the level of the other inputs.
_VECTOR_SCALE = 8.0


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
class ReaderModel:
    """Shapes, with d dimensions: mean (d,), contexts -> input. The projection takes the vocabularies in their order."""

    vocabularies: Sequence[Vocabulary]
    projection: Projection
    mean: Floats
    contexts: Mapping[str, int]
    primaries: Sequence[str]
    labels: Sequence[str]
    network: Network

    def score(self, turns: Sequence[Seen]) -> list[Scores]:
        """Scores of each turn."""
        return self.score_features(self.features(turns))

    def features(self, turns: Sequence[Seen]) -> Floats:
        """What the network takes in of each turn and, behind it, what it makes of that: shape (n, inputs + h)."""
        words = np.stack([self._project(turn) for turn in turns])
        inputs = _inputs(words, turns, self.mean, self.contexts)
        return np.hstack([inputs, self.network.hidden(inputs)])

    def score_features(self, features: Floats) -> list[Scores]:
        """Scores of turns by their features."""
        primary, present = self.network(features[:, len(self.network.w1) :])
        return [
            Scores(
                dict(zip(self.primaries, map(float, first), strict=True)),
                dict(zip(self.labels, map(float, all_), strict=True)),
            )
            for first, all_ in zip(primary, present, strict=True)
        ]

    def _project(self, turn: Seen) -> Floats:
        parts, offset = [], 0
        for vocabulary, block in zip(self.vocabularies, named(turn.text, turn.context), strict=True):
            columns, weights = vocabulary.row(block)
            parts.append((columns + offset, weights))
            offset += len(vocabulary.columns)
        return self.projection(parts)


def _inputs(words: Floats, turns: Sequence[Seen], mean: Floats, contexts: Mapping[str, int]) -> Floats:
    """Shape (n, k + d + marks + contexts): what the network takes."""
    vectors = centred(np.stack([turn.vector for turn in turns]), mean) if len(mean) else np.zeros((len(turns), 0))
    marks = [list(shape(turn.text, turn.context)) for turn in turns]
    where = [_one_hot(turn.context, contexts) for turn in turns]
    return np.hstack([words, vectors * _VECTOR_SCALE, marks, where]).astype(np.float32)


def _context_names(context: Context) -> tuple[str, ...]:
    return context.kind, context.asked, f"topic {context.topic.partition(':')[0]}"


def _one_hot(context: Context, contexts: Mapping[str, int]) -> Floats:
    row = np.zeros(len(contexts), dtype=np.float32)
    row[[contexts[name] for name in _context_names(context) if name in contexts]] = 1
    return row


def fit(examples: Sequence[Example], recipe: Recipe) -> ReaderModel:
    """A model of the examples."""
    turns = [example.seen for example in examples]
    blocks = list(zip(*(named(turn.text, turn.context) for turn in turns), strict=True))
    vocabularies = [Vocabulary.fit(block) for block in blocks]
    matrix = hstack([words.matrix(block) for words, block in zip(vocabularies, blocks, strict=True)]).tocsr()
    projection = Projection.fit(matrix)
    mean = np.mean([turn.vector for turn in turns], axis=0)
    contexts = {name: at for at, name in enumerate(sorted({n for turn in turns for n in _context_names(turn.context)}))}
    inputs = _inputs(matrix @ projection.matrix, turns, mean, contexts)
    primaries, first, labels, present = _targets(examples)
    weights = np.array([example.weight for example in examples], dtype=np.float32)
    network = train(inputs, first, present, weights, len(primaries), recipe)
    return ReaderModel(vocabularies, projection, mean, contexts, primaries, labels, network)


def _targets(examples: Sequence[Example]) -> tuple[list[str], NDArray[np.int64], list[str], Floats]:
    firsts = [next(iter(example.labels), NOTHING) for example in examples]
    primaries = sorted({*firsts, NOTHING})
    labels = sorted({label for example in examples for label in example.labels})
    present = np.array([[label in example.labels for label in labels] for example in examples], dtype=np.float32)
    return primaries, np.array([primaries.index(label) for label in firsts]), labels, present


def save(model: ReaderModel, folder: Path) -> None:
    """Two files, reader.json and reader.npz: no pickle."""
    names = {
        "terms": [list(words.columns) for words in model.vocabularies],
        "contexts": list(model.contexts),
        "primaries": list(model.primaries),
        "labels": list(model.labels),
    }
    (folder / "reader.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")
    network = model.network
    np.savez(
        folder / "reader.npz",
        idf=np.concatenate([words.idf for words in model.vocabularies]).astype(np.float32),
        steps=model.projection.steps,
        scale=model.projection.scale,
        mean=model.mean,
        w1=network.w1,
        b1=network.b1,
        w2=network.w2,
        b2=network.b2,
    )


def load(folder: Path) -> ReaderModel:
    """The model that `save` wrote."""
    names = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
    with np.load(folder / "reader.npz", allow_pickle=False) as arrays:
        network = Network(arrays["w1"], arrays["b1"], arrays["w2"], arrays["b2"], len(names["primaries"]))
        return ReaderModel(
            _vocabularies(names["terms"], arrays["idf"]),
            Projection(arrays["steps"], arrays["scale"]),
            arrays["mean"],
            {name: at for at, name in enumerate(names["contexts"])},
            names["primaries"],
            names["labels"],
            network,
        )


def _vocabularies(terms: Sequence[Sequence[str]], idf: Floats) -> list[Vocabulary]:
    ends = np.cumsum([len(block) for block in terms])
    parts = np.split(idf, ends[:-1])
    return [
        Vocabulary({term: at for at, term in enumerate(block)}, part) for block, part in zip(terms, parts, strict=True)
    ]
