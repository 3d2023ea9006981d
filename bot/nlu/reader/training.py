"""From files of turns to a fitted reader: examples, bounds on writers left out, the field for values."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.nlu.reader import model as models
from bot.nlu.reader import spans
from bot.nlu.reader.augment import MADE, grid, joined
from bot.nlu.reader.decision import Bounds, Judged, fit_bounds
from bot.nlu.reader.labels import SPANS
from bot.nlu.reader.model import Example, ReaderModel, Seen
from bot.nlu.reader.network import Recipe
from bot.nlu.reader.people import People, exchanged, made_turns
from bot.nlu.reader.turns import Turn

Floats = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Floats]
Prepare = Callable[[str], str]

SEED = 20261129
# One writer in so many is left out when the bounds are fitted.
LEFT_OUT = 3
# A turn that nobody wrote weighs half.
MADE_WEIGHT = 0.5
EXCHANGES = 3
# Turns without a value teach the field what is none; a third of them is enough.
WITHOUT_VALUES = 0.35


@dataclass(frozen=True)
class Trained:
    """What training makes."""

    model: ReaderModel
    bounds: Bounds
    tagger: spans.SpanTagger


def with_made(turns: Sequence[Turn]) -> list[Turn]:
    """The turns, and those made of them (augment.py)."""
    chance = random.Random(SEED)
    return [*turns, *grid(chance), *joined(turns, chance)]


def labels_of(turn: Turn) -> list[str]:
    """`refund-` for a denied refund; the most important first."""
    return [f"{act}-" if polarity == "-" else act for act, polarity in turn.acts.items()]


def examples_of(turns: Sequence[Turn], prepare: Prepare, encode: Encode) -> list[Example]:
    """Examples of the turns; all texts are encoded in one call."""
    texts = [prepare(turn.said) for turn in turns]
    return [
        Example(Seen(text, turn.context, vector), labels_of(turn), MADE_WEIGHT if turn.writer == MADE else 1.0)
        for turn, text, vector in zip(turns, texts, encode(texts), strict=True)
    ]


def fit_reader(turns: Sequence[Turn], examples: Sequence[Example], recipe: Recipe) -> tuple[ReaderModel, Bounds]:
    """The model of all examples; its bounds are those of one that has not learnt from every third writer.

    Both see with the same eyes (`Sight`), which are learnt without labels: half the time of two whole fits.
    """
    sight, inputs = models.learn_sight([example.seen for example in examples])
    is_theirs = _left_out(turns)
    bounds = _fit_bounds(sight, inputs, examples, is_theirs, recipe) if is_theirs.any() else Bounds()
    return models.fit(sight, inputs, examples, recipe), bounds


def _left_out(turns: Sequence[Turn]) -> NDArray[np.bool_]:
    """Which turns are of the writers that are left out; none where there is one writer only."""
    writers = sorted({turn.writer for turn in turns} - {MADE})
    left_out = set(writers[::LEFT_OUT]) if len(writers) > 1 else set()
    return np.array([turn.writer in left_out for turn in turns])


def _fit_bounds(
    sight: models.Sight, inputs: Floats, examples: Sequence[Example], is_theirs: NDArray[np.bool_], recipe: Recipe
) -> Bounds:
    ours = [example for example, theirs in zip(examples, is_theirs, strict=True) if not theirs]
    theirs = [example for example, theirs in zip(examples, is_theirs, strict=True) if theirs]
    scores = models.fit(sight, inputs[~is_theirs], ours, recipe).scores(inputs[is_theirs])
    return fit_bounds(
        [
            Judged(score, example.labels, example.seen.context.kind == "field")
            for score, example in zip(scores, theirs, strict=True)
        ]
    )


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
