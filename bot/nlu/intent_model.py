"""The intent classifier, without Rasa: fit, rank, save, load.

Logistic regression (balanced) over character TF-IDF beside a mean-centred,
L2-normalised sentence vector: the best of what was measured (understanding.md). Inference is
a few numpy products; nothing of scikit-learn is stored.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.nlu.features import CharTfidf, centred, softmax
from bot.nlu.neighbours import Known, Nearness, Neighbours
from bot.nlu.regression import regress

# One fold of five judges two thousand examples: enough for a threshold, at a third of the training time.
FOLDS = 5
FOLDS_JUDGED = 1
SEED = 20261121
# P(refusal) from which a text is refused lies between these, however the examples fall.
LEAST_LIKELY, MOST_LIKELY = 0.05, 0.5

Labels = Sequence[str]


class SentenceEncoder(Protocol):
    """Texts to vectors, shape (n, dimensions); `zhtext.Encoder` is one."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


@dataclass(frozen=True)
class Verdict:
    """Intents with probabilities, most likely first, and how near the nearest training example is."""

    ranking: list[tuple[str, float]]
    near: Nearness

    @property
    def score(self) -> float:
        """How well the text is known, 0 to 1."""
        return self.confidence * self.near.exact

    def is_known(self, score: float) -> bool:
        """Whether the score is at least so high; the lower bound mostly suffices to say so."""
        return self.confidence * self.near.at_least >= score or self.score >= score

    @property
    def intent(self) -> str:
        return self.ranking[0][0]

    @property
    def confidence(self) -> float:
        return self.ranking[0][1]

    def probability(self, intent: str) -> float:
        """Of any intent; 0 for one the model does not know."""
        return next((chance for name, chance in self.ranking if name == intent), 0.0)


@dataclass(frozen=True)
class IntentModel:
    """A fitted classifier.

    Shapes, with c classes, v n-grams, d encoder dimensions (0 without an encoder), n examples:
    weights (c, v + d), bias (c,), mean (d,), of the neighbours (n, d).
    """

    intents: list[str]
    tfidf: CharTfidf
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    mean: NDArray[np.float32]
    neighbours: Neighbours

    def judge(self, texts: Sequence[str], encoder: SentenceEncoder | None) -> list[Verdict]:
        """A verdict for each normalised text."""
        vectors = _vectors(texts, encoder, self.mean)
        logits = self._character_logits(texts) + vectors @ self.weights[:, len(self.tfidf.columns) :].T + self.bias
        return [self._verdict(row, near) for row, near in zip(softmax(logits), self._near(vectors), strict=True)]

    def _near(self, vectors: NDArray[np.float32]) -> Sequence[Nearness]:
        """Without an encoder all is near, which leaves the probability alone."""
        return self.neighbours.near(vectors) if vectors.any() else [Known(1.0)] * len(vectors)

    def _character_logits(self, texts: Sequence[str]) -> NDArray[np.float64]:
        rows = [self.tfidf.row(text) for text in texts]
        return np.stack([self.weights[:, columns] @ weights for columns, weights in rows])

    def _verdict(self, probabilities: NDArray[np.float64], near: Nearness) -> Verdict:
        order = np.argsort(-probabilities)
        ranking = [(self.intents[i], float(probabilities[i])) for i in order]
        return Verdict(ranking, near)


def _vectors(texts: Sequence[str], encoder: SentenceEncoder | None, mean: NDArray[np.float32]) -> NDArray[np.float32]:
    """Centred vectors; zeros when the model was trained with an encoder that is missing now."""
    if encoder is None or not len(mean):
        return np.zeros((len(texts), len(mean)), dtype=np.float32)
    return centred(encoder.encode(texts), mean)


def fit(texts: Sequence[str], labels: Labels, encoder: SentenceEncoder | None) -> IntentModel:
    """Train on normalised texts."""
    tfidf = CharTfidf.fit(texts)
    raw = encoder.encode(texts) if encoder else np.zeros((len(texts), 0), dtype=np.float32)
    mean = raw.mean(axis=0)
    vectors = centred(raw, mean)
    intents = sorted(set(labels))
    targets = np.array([intents.index(label) for label in labels])
    weights, bias = regress(tfidf.matrix(texts), vectors, targets, len(intents))
    return IntentModel(intents, tfidf, weights, bias, mean, Neighbours.of(vectors))


def cross_validate(
    texts: Sequence[str], labels: Labels, encoder: SentenceEncoder | None
) -> tuple[list[Verdict], list[str]]:
    """Verdicts by models that have not seen the text, with the true intents (stratified, fixed seed)."""
    from sklearn.model_selection import StratifiedKFold

    verdicts: list[Verdict] = []
    truths: list[str] = []
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(texts, labels)
    for train, test in islice(folds, FOLDS_JUDGED):
        model = fit([texts[i] for i in train], [labels[i] for i in train], encoder)
        verdicts.extend(model.judge([texts[i] for i in test], encoder))
        truths.extend(labels[i] for i in test)
    return verdicts, truths


@dataclass(frozen=True)
class Refusal:
    """When a text is none of ours, whatever intent is likeliest.

    Two signs: the refusal class is likely enough (`likely`), or nothing is well known (`score`). Of what is foreign a
    third is likelier one of our questions, and still P(refusal) is far above what our own sentences have.
    """

    intent: str
    likely: float = 1.0
    score: float = 0.0

    def applies(self, verdict: Verdict) -> bool:
        """Whether the verdict is not to be believed."""
        return not verdict.is_known(self.score) or verdict.probability(self.intent) >= self.likely


def fit_refusal(verdicts: Sequence[Verdict], labels: Labels, intent: str, keep: float) -> Refusal:
    """The bounds at which `keep` of the in-scope examples stay: half of the others may go by each sign.

    Examples that the refusal class itself takes count against the same budget: what matters to a customer is being
    refused, not by which mechanism.
    """
    ours = [verdict for verdict, label in zip(verdicts, labels, strict=True) if label != intent]
    allowed = round(len(ours) * (1 - keep) / 2)
    if not ours:
        return Refusal(intent)
    score = sorted(verdict.score for verdict in ours)[allowed]
    likely = sorted((verdict.probability(intent) for verdict in ours if verdict.score >= score), reverse=True)[allowed]
    return Refusal(intent, min(max(likely, LEAST_LIKELY), MOST_LIKELY), score)


def save(model: IntentModel, folder: Path) -> None:
    """Two files, intents.json and intents.npz: no pickle."""
    names = {"intents": model.intents, "grams": list(model.tfidf.columns)}
    (folder / "intents.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")
    np.savez(
        folder / "intents.npz",
        idf=model.tfidf.idf,
        weights=model.weights,
        bias=model.bias,
        mean=model.mean,
        examples=model.neighbours.examples,
        directions=model.neighbours.directions,
    )


def load(folder: Path) -> IntentModel:
    """The model that `save` wrote."""
    names = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
    with np.load(folder / "intents.npz", allow_pickle=False) as arrays:
        tfidf = CharTfidf({gram: column for column, gram in enumerate(names["grams"])}, arrays["idf"])
        return IntentModel(
            names["intents"],
            tfidf,
            arrays["weights"],
            arrays["bias"],
            arrays["mean"],
            Neighbours.along(arrays["examples"], arrays["directions"]),
        )
