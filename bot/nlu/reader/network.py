"""A small network in numpy: one hidden layer, two heads, trained by Adam with dropout.

One head says the most important act (softmax over its labels), the other every act (a sigmoid each).
Written out because at run time it is three products, and because nothing of it needs a pickle.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from bot.nlu.features import softmax

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Recipe:
    """How the network is trained."""

    hidden: int = 256
    epochs: int = 20
    batch: int = 128
    rate: float = 2e-3
    decay: float = 1e-4
    dropout_in: float = 0.1
    dropout: float = 0.4
    primary_share: float = 1.0
    seed: int = 7
    networks: int = 3
    """Trained apart, from seeds that follow each other, and read as one: two trainings differ in 9 of 100 turns that
    taught nothing, their mean is right in one of 100 more than either, and changes less when data are added."""


@dataclass(frozen=True)
class Network:
    """Shapes, with f inputs, h hidden units, p primary labels, a acts: w1 (f, h), b1 (h,), w2 (h, p+a), b2 (p+a,)."""

    w1: Floats
    b1: Floats
    w2: Floats
    b2: Floats
    primaries: int

    def hidden(self, inputs: Floats) -> Floats:
        """What stands between inputs and labels, shape (n, h)."""
        return np.asarray(np.maximum(inputs @ self.w1 + self.b1, 0))

    def __call__(self, hidden: Floats) -> tuple[Floats, Floats]:
        """Of the hidden layer: probabilities of the primary labels, rows sum to 1, and of every act."""
        logits = hidden @ self.w2 + self.b2
        return softmax(logits[:, : self.primaries]), expit(logits[:, self.primaries :])


def train(
    inputs: Floats, primary: NDArray[np.int64], acts: Floats, weights: Floats, primaries: int, recipe: Recipe
) -> Network:
    """`primary` (n,) label numbers, `acts` (n, a) of 0 and 1, `weights` (n,) of the examples."""

    seeds = range(recipe.seed, recipe.seed + recipe.networks)
    return together([_train(inputs, primary, acts, weights, primaries, replace(recipe, seed=seed)) for seed in seeds])


def together(networks: Sequence[Network]) -> Network:
    """One network whose logits are the mean of theirs: their hidden units side by side."""
    count = np.float32(len(networks))
    return Network(
        np.hstack([one.w1 for one in networks]),
        np.concatenate([one.b1 for one in networks]),
        np.vstack([one.w2 for one in networks]) / count,
        np.sum([one.b2 for one in networks], axis=0) / count,
        networks[0].primaries,
    )


def _train(
    inputs: Floats, primary: NDArray[np.int64], acts: Floats, weights: Floats, primaries: int, recipe: Recipe
) -> Network:
    training = _Training(inputs.shape[1], primaries, acts.shape[1], recipe)
    steps = recipe.epochs * -(-len(inputs) // recipe.batch)
    for _ in range(recipe.epochs):
        order = training.random.permutation(len(inputs))
        for start in range(0, len(order), recipe.batch):
            rows = order[start : start + recipe.batch]
            training.step(inputs[rows], primary[rows], acts[rows], weights[rows], steps)
    return training.network()


class _Training:
    def __init__(self, inputs: int, primaries: int, acts: int, recipe: Recipe) -> None:
        self.random = np.random.default_rng(recipe.seed)
        self.recipe = recipe
        self.primaries = primaries
        self.count = 0
        hidden, outputs = recipe.hidden, primaries + acts
        self.parameters = [
            self._normal(inputs, hidden),
            np.zeros(hidden, dtype=np.float32),
            self._normal(hidden, outputs),
            np.zeros(outputs, dtype=np.float32),
        ]
        self.first = [np.zeros_like(one) for one in self.parameters]
        self.second = [np.zeros_like(one) for one in self.parameters]
        self.spare = [(np.empty_like(one), np.empty_like(one)) for one in self.parameters]

    def _normal(self, rows: int, columns: int) -> Floats:
        scale = np.sqrt(2.0 / (rows + columns))
        return (self.random.standard_normal((rows, columns)) * scale).astype(np.float32)

    def _kept(self, shape: tuple[int, ...], dropped: float) -> Floats:
        return (self.random.random(shape, dtype=np.float32) >= dropped) / np.float32(1 - dropped)

    def step(self, inputs: Floats, primary: NDArray[np.int64], acts: Floats, weights: Floats, steps: int) -> None:
        w1, b1, w2, b2 = self.parameters
        inputs = inputs * self._kept(inputs.shape, self.recipe.dropout_in)
        hidden = np.maximum(inputs @ w1 + b1, 0)
        kept = self._kept(hidden.shape, self.recipe.dropout)
        dropped = hidden * kept
        errors = self._errors(dropped @ w2 + b2, primary, acts) * (weights[:, None] / len(inputs))
        back = (errors @ w2.T) * kept * (hidden > 0)
        self._move([inputs.T @ back, back.sum(axis=0), dropped.T @ errors, errors.sum(axis=0)], steps)

    def _errors(self, logits: Floats, primary: NDArray[np.int64], acts: Floats) -> Floats:
        chances = softmax(logits[:, : self.primaries])
        chances[np.arange(len(primary)), primary] -= 1
        return np.hstack([self.recipe.primary_share * chances, expit(logits[:, self.primaries :]) - acts])

    def _move(self, gradients: list[Floats], steps: int) -> None:
        self.count += 1
        rate = self.recipe.rate * (1 - (self.count - 1) / steps)
        scale = np.sqrt(1 - 0.999**self.count) / (1 - 0.9**self.count)
        for at, gradient in enumerate(gradients):
            self._adam(at, gradient, rate, scale)

    def _adam(self, at: int, gradient: Floats, rate: float, scale: float) -> None:
        """One parameter, in place: new arrays of a megabyte each would cost more than what is computed in them."""
        parameter, first, second, (one, two) = self.parameters[at], self.first[at], self.second[at], self.spare[at]
        first += np.multiply(np.subtract(gradient, first, out=one), 0.1, out=one)
        second += np.multiply(np.subtract(np.multiply(gradient, gradient, out=one), second, out=one), 0.001, out=one)
        if parameter.ndim == 2:
            parameter *= 1 - rate * self.recipe.decay
        np.add(np.sqrt(second, out=two), 1e-8, out=two)
        parameter -= np.divide(np.multiply(first, rate * scale, out=one), two, out=one)

    def network(self) -> Network:
        w1, b1, w2, b2 = self.parameters
        return Network(w1, b1, w2, b2, self.primaries)
