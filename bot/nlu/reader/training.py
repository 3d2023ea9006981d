"""From files of turns to a fitted reader: examples, bounds on writers left out, the field for values."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.nlu.reader import model as models
from bot.nlu.reader import spans
from bot.nlu.reader.decision import Bounds, Judged, fit_bounds
from bot.nlu.reader.labels import SPANS
from bot.nlu.reader.model import Example, ReaderModel, Seen
from bot.nlu.reader.network import Recipe
from bot.nlu.reader.people import People, exchanged, made_turns
from bot.nlu.reader.turns import Turn

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
Prepare = Callable[[str], str]

SEED = 20261129
# One writer in so many is left out when the bounds are fitted.
LEFT_OUT = 3
EXCHANGES = 3
# Turns without a value teach the field what is none; a third of them is enough.
WITHOUT_VALUES = 0.35


@dataclass(frozen=True)
class Trained:
    """What training makes."""

    model: ReaderModel
    bounds: Bounds
    tagger: spans.SpanTagger


def labels_of(turn: Turn) -> list[str]:
    """`refund-` for a denied refund; the most important first."""
    return [f"{act}-" if polarity == "-" else act for act, polarity in turn.acts.items()]


def examples_of(turns: Sequence[Turn], prepare: Prepare, encode: Encode) -> list[Example]:
    """Examples of the turns; all texts are encoded in one call."""
    texts = [prepare(turn.said) for turn in turns]
    return [
        Example(Seen(text, turn.context, vector), labels_of(turn))
        for turn, text, vector in zip(turns, texts, encode(texts), strict=True)
    ]


def fit_reader(turns: Sequence[Turn], examples: Sequence[Example], recipe: Recipe) -> tuple[ReaderModel, Bounds]:
    """The model of all examples; its bounds are those of a model that has not read every third writer."""
    left_out = set(sorted({turn.writer for turn in turns})[::LEFT_OUT])
    ours = [example for turn, example in zip(turns, examples, strict=True) if turn.writer not in left_out]
    theirs = [example for turn, example in zip(turns, examples, strict=True) if turn.writer in left_out]
    bounds = fit_bounds(_judged(models.fit(ours, recipe), theirs)) if ours and theirs else Bounds()
    return models.fit(examples, recipe), bounds


def _judged(model: ReaderModel, examples: Sequence[Example]) -> list[Judged]:
    scores = model.score([example.seen for example in examples])
    return [
        Judged(score, example.labels, example.seen.context.kind == "field")
        for score, example in zip(scores, examples, strict=True)
    ]


def fit_tagger(turns: Sequence[Turn], people: People) -> spans.SpanTagger:
    """The field for values, from the turns, the same with other names, and names in templates."""
    rows = list(_span_turns(turns, people))
    features = [spans.features(turn.said, turn.context, people.likeness) for turn in rows]
    return spans.SpanTagger.fit(features, [spans.tags(turn.said, turn.values, SPANS) for turn in rows], people.likeness)


def _span_turns(turns: Sequence[Turn], people: People) -> Iterator[Turn]:
    chance = random.Random(SEED)
    for turn in turns:
        if SPANS & turn.values.keys() or chance.random() < WITHOUT_VALUES:
            yield turn
        for _ in range(EXCHANGES if "name" in turn.values else 0):
            other = exchanged(turn, people, chance)
            if other:
                yield other
    yield from made_turns(people, chance)
