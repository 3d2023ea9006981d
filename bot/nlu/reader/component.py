"""The pipeline's reader: what a customer does with a message, in the context of what the bot asked.

Takes `metadata["context"]` = {"asked", "topic", "bot"} of the message (missing: nothing was asked) and the sentence
vector that the classifier had made. Sets

    reading = {
        "acts": {act: {"polarity": "+" | "-", "confidence": float}},  the most important first
        "maybe": {act: ...},   near misses
        "sure": float,         of the first act
        "values": {slot: words},
    }
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

import zhtext
from bot.nlu.classifier import prepared
from bot.nlu.reader import store
from bot.nlu.reader.decision import Decision, act_of, decide, polarity_of
from bot.nlu.reader.model import Seen
from bot.nlu.reader.network import Recipe
from bot.nlu.reader.people import read_people
from bot.nlu.reader.training import Trained, examples_of, fit_reader, fit_tagger, with_made
from bot.nlu.reader.turns import Context, read_turns
from bot.nlu.reader.values import values_of
from bot.nlu.vectors import known_vectors
from zhtext import shared_encoder

READING = "reading"
_SOURCE_FOLDERS = (Path(__file__).parent, Path(__file__).parent.parent, Path(zhtext.__file__).parent)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class TurnReader(GraphComponent):
    """Sets `reading`; nothing where there was nothing to learn from."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """`turns`: the folder of the writers to learn from, from the project root."""
        return {"turns": "data/turns"}

    def __init__(self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._encoder = shared_encoder()
        self._trained: Optional[Trained] = None

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TurnReader:
        """As Rasa makes components."""
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: Dict[Text, Any]) -> Optional[Text]:
        """The turns and the sources: Rasa keeps a trained component as long as nothing changes."""
        digest = hashlib.sha256(b"with encoder" if shared_encoder() else b"without")
        turns = Path({**cls.get_default_config(), **config}["turns"]).glob("*/*.txt")
        sources = (path for folder in _SOURCE_FOLDERS for path in folder.glob("*.py"))
        for path in sorted([*turns, *sources]):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    # -- training ---------------------------------------------------------------------

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the files of turns. Raises TurnFileError for a line that cannot be read."""
        turns = read_turns(Path(self._config["turns"]))
        if turns and self._encoder:
            read = with_made(turns)
            vectors = known_vectors(self._encoder, [prepared(turn.said) for turn in read], "turns")
            examples = examples_of(read, prepared, vectors.encode)
            model, bounds = fit_reader(read, examples, Recipe())
            self._trained = Trained(model, bounds, fit_tagger(turns, read_people()))
            with self._model_storage.write_to(self._resource) as folder:
                store.save(self._trained, folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TurnReader:
        """The component as trained; untrained when nothing was stored."""
        component = cls(config, model_storage, resource)
        try:
            with model_storage.read_from(resource) as folder:
                component._trained = store.load(folder)
        except ValueError:
            pass
        return component

    # -- reading ----------------------------------------------------------------------

    def process(self, messages: List[Message]) -> List[Message]:
        """Read each message that has a text."""
        for message in messages:
            if message.get(TEXT) and self._trained and self._encoder:
                message.set(READING, self._read(message, self._trained), add_to_output=True)
        return messages

    def _read(self, message: Message, trained: Trained) -> Dict[Text, Any]:
        said = message.get(TEXT)
        context = Context.of((message.get("metadata") or {}).get("context"))
        text = prepared(said)
        seen = Seen(text, context, self._encoder.encode([text])[0])
        decision = decide(trained.model.score(seen), trained.bounds)
        acts = {act_of(label): polarity_of(label) for label in decision.labels}
        values = values_of(said, context, acts, message.get(ENTITIES) or [], trained.tagger(said, context))
        return {**as_output(decision), "values": values}


def as_output(decision: Decision) -> Dict[Text, Any]:
    """`acts`, `maybe` and `sure` as they stand in the parse result."""
    return {"acts": _acts(decision.labels), "maybe": _acts(decision.maybe), "sure": round(decision.sure, 4)}


def _acts(labels: Mapping[Text, float]) -> Dict[Text, Any]:
    return {
        act_of(label): {"polarity": polarity_of(label), "confidence": round(chance, 4)}
        for label, chance in labels.items()
    }
