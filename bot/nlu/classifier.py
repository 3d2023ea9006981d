"""The pipeline's intent classifier: exact words first, then the model, then its outcomes.

Outcomes beside an intent:
- refused: bounds fitted at training make the refusal intent the verdict (`Refusal`); the
  model's own ranking is kept behind it;
- `clauses`: what a message of several wishes asks, one after the other (bot/nlu/clauses.py).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, Dict, List, Optional, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

import zhtext
from bot.nlu import intent_model, kept
from bot.nlu.clauses import Clause, several_wishes, split_clauses
from bot.nlu.gist import gist
from bot.nlu.intent_model import IntentModel, Refusal, SentenceEncoder, Verdict
from bot.nlu.lexicon import key, read_lexicon, read_names
from bot.nlu.masking import LONGEST_TEXT, prepared
from bot.nlu.values import only_values
from bot.nlu.vectors import known_vectors
from zhtext import shared_encoder

RANKING_LENGTH = 10
_SOURCE_FOLDERS = (Path(__file__).parent, Path(zhtext.__file__).parent)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ChineseIntentClassifier(IntentClassifier, GraphComponent):
    """Sets `intent`, `intent_ranking` and, where they apply, `clauses`."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """`keep`: the share of in-scope examples that pass; `close`: so near, the intent called by its name wins."""
        return {
            "lexicon": "company/lexicon",
            "refusal_intent": "out_of_scope",
            "value_intent": "inform",
            "keep": 0.96,
            "close": 0.15,
        }

    def __init__(self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._encoder = shared_encoder()
        self._lexicon = read_lexicon(Path(self._config["lexicon"]))
        self._names = read_names(Path(self._config["lexicon"]))
        self._model: Optional[IntentModel] = None
        self._refusal = Refusal(self._config["refusal_intent"])

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ChineseIntentClassifier:
        """As Rasa makes components."""
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: Dict[Text, Any]) -> Optional[Text]:
        """What the model is made of beside this file: Rasa keeps a trained component as long as nothing changes."""
        digest = hashlib.sha256(b"with encoder" if shared_encoder() else b"without")
        for folder in _SOURCE_FOLDERS:
            for path in sorted(folder.glob("*.py")):
                digest.update(path.read_bytes())
        return digest.hexdigest()

    # -- training ---------------------------------------------------------------------

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the model and, where the refusal intent has examples, the bounds of refusal."""
        examples = {
            (prepared(example.get(TEXT)), example.get(INTENT))
            for example in training_data.intent_examples
            if example.get(TEXT) and example.get(INTENT)
        }
        if examples:
            self._learn(sorted(examples))
        return self._resource

    def _learn(self, examples: List[Any]) -> None:
        with self._model_storage.write_to(self._resource) as folder:
            if len(examples) < kept.FEWEST:
                self._fit(examples, folder)
            else:
                known = (json.dumps(self._config, sort_keys=True), *("\t".join(example) for example in examples))
                kept.fitted(
                    "intents",
                    kept.digest_of(known, self._encoder, [Path(__file__)]),
                    folder,
                    partial(self._fit, examples),
                )
            self._read(folder)

    def _fit(self, examples: List[Any], folder: Path) -> None:
        texts, labels = zip(*examples, strict=True)
        vectors = known_vectors(self._encoder, texts, "intents") if self._encoder else None
        intent_model.save(intent_model.fit(texts, labels, vectors), folder)
        (folder / "refusal.json").write_text(json.dumps(asdict(self._fit_refusal(texts, labels, vectors))))

    def _read(self, folder: Path) -> None:
        self._model = intent_model.load(folder)
        self._refusal = Refusal(**json.loads((folder / "refusal.json").read_text()))

    def _fit_refusal(self, texts: List[Text], labels: List[Text], vectors: Optional[SentenceEncoder]) -> Refusal:
        """Never, without a refusal intent: a data set that knows no "none of these" is not refused either."""
        refusal = self._config["refusal_intent"]
        if refusal not in labels:
            return Refusal(refusal)
        verdicts, truths = intent_model.cross_validate(texts, labels, vectors)
        return intent_model.fit_refusal(verdicts, truths, refusal, self._config["keep"])

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ChineseIntentClassifier:
        """The component as trained; untrained when nothing was stored (no examples)."""
        component = cls(config, model_storage, resource)
        try:
            with model_storage.read_from(resource) as folder:
                component._read(folder)
        except ValueError:
            pass
        return component

    # -- understanding ----------------------------------------------------------------

    def process(self, messages: List[Message]) -> List[Message]:
        """Judge each message that has a text."""
        for message in messages:
            if message.get(TEXT) and self._model is not None:
                self._judge(message)
        return messages

    def _judge(self, message: Message) -> None:
        text = message.get(TEXT)[:LONGEST_TEXT]
        known = self._known_intent(text, message)
        if known is not None:
            self._set(message, [(known, 1.0)])
            return
        clauses = split_clauses(text)
        wish = gist(text, message.get("entities") or [])
        pieces = [text, *clauses, *([wish] if wish else [])]
        whole, *parts = self._model.judge([*map(prepared, pieces)], self._encoder)
        if wish:
            core = parts.pop()
            if self._says_nothing(whole) and not self._says_nothing(core):
                whole = core
        self._set(message, self._named_first(text, self._outcome(whole)))
        self._set_clauses(message, clauses, parts)

    def _says_nothing(self, verdict: Verdict) -> bool:
        """Whether only values, or nothing the model knows, was heard."""
        mute = (self._config["refusal_intent"], self._config["value_intent"])
        return self._refusal.applies(verdict) or verdict.intent in mute

    def _known_intent(self, text: Text, message: Message) -> Optional[Text]:
        """The intent of an exact wording or of a bare value, if the model knows that intent."""
        known = self._lexicon.get(key(text))
        if known is None and only_values(text, message.get("entities") or []):
            known = self._config["value_intent"]
        return known if known in self._model.intents else None

    def _outcome(self, verdict: Verdict) -> List[Any]:
        refusal = self._config["refusal_intent"]
        if verdict.intent == refusal or not self._refusal.applies(verdict):
            return verdict.ranking
        rest = [(intent, confidence) for intent, confidence in verdict.ranking if intent != refusal]
        return [(refusal, round(1 - verdict.score, 4)), *rest]

    def _named_first(self, text: Text, ranking: List[Any]) -> List[Any]:
        """Of two close intents the one that the customer calls by its name: 「投诉…要求换货」 is a complaint."""
        first, second, *rest = ranking
        is_close = first[1] - second[1] < self._config["close"]
        if is_close and self._is_named(second[0], text) and not self._is_named(first[0], text):
            return [(second[0], first[1]), (first[0], second[1]), *rest]
        return ranking

    def _is_named(self, intent: Text, text: Text) -> bool:
        return any(name in text for name in self._names.get(intent, ()))

    def _set(self, message: Message, ranking: List[Any]) -> None:
        named = [{"name": intent, "confidence": float(confidence)} for intent, confidence in ranking[:RANKING_LENGTH]]
        message.set("intent", named[0], add_to_output=True)
        message.set("intent_ranking", named, add_to_output=True)

    def _set_clauses(self, message: Message, texts: List[Text], verdicts: List[Verdict]) -> None:
        clauses = [
            Clause(text, verdict.intent, verdict.confidence)
            for text, verdict in zip(texts, verdicts, strict=True)
            if not self._refusal.applies(verdict)
        ]
        wishes = several_wishes(clauses)
        if wishes:
            message.set("clauses", [clause.as_dict() for clause in wishes], add_to_output=True)
