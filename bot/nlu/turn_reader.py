"""Reads a turn in its context: what the customer does, with its polarity, and the values that go with it.

Sets `reading` on a message: `{"acts": {act: {"polarity": "+" | "-", "confidence"}}, "values": {slot: words}}`, the most
important act first, in it the `shades` of meaning it has, clause by clause how likely it tells of the customer's matter
(`telling`), and inside a form what is put right (`revised`); and `apart`, the parts of a message of several things
(bot/nlu/steps.py). The context comes with the message: `metadata["context"] = {"asked", "topic", "bot", "form",
"known"}`. It learns from data/turns/, whose guide says what the names mean, data/shades/, data/accounts/ and
data/revisions/; measured in docs/understanding.md.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Text, Tuple

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.dangers import read_dangers
from bot.nlu.lexicon import read_lexicon, read_names
from bot.nlu.masking import LONGEST_TEXT, prepared
from bot.nlu.reader import alarm, kinds, names, revising, shades, spans, telling
from bot.nlu.reader.decision import Bounds, Words, act_of, decide, polarity_of
from bot.nlu.reader.guard import beside_denial, denied
from bot.nlu.reader.learning import SOURCES, Learning, learn
from bot.nlu.reader.model import ReaderModel, Seen, load
from bot.nlu.reader.outright import named, outright
from bot.nlu.reader.turns import MADE, Context
from bot.nlu.steps import apart, behind_sigh, read_steps
from zhtext import normalise_apart, shared_encoder

SLOT_OF_ENTITY = {
    name: name
    for name in (
        "phone",
        "order",
        "ticket",
        "product",
        "time",
        "amount",
        "place",
        "quantity",
        "email",
        "wechat",
    )
}
WHOLE_ANSWERS = {"field:outcome": "wish", "field:invoice_title": "invoice_title"}
"""Questions whose answer is the value, in whatever words it comes."""
LONGEST_NAME = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class TurnReader(GraphComponent, EntityExtractorMixin):
    """Acts with polarity, from the words and where the conversation stands."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """`safety`, `lexicon`, `fields` are the company's words, read at every start; from the others it learns."""
        return {**SOURCES}

    def __init__(self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._encoder = shared_encoder()
        self._dangers = read_dangers(Path(self._config["safety"]))
        self._lexicon = read_lexicon(Path(self._config["lexicon"]))
        self._names = read_names(Path(self._config["lexicon"]))
        self._steps = read_steps(Path(self._config["lexicon"]))
        self._bounds = Bounds()
        self._model: Optional[ReaderModel] = None
        self._tagger: Optional[spans.SpanTagger] = None
        self._shades: Optional[shades.ShadeModel] = None
        self._teller: Optional[telling.Teller] = None
        self._alarm: Optional[alarm.Alarm] = None
        self._kinds: Optional[kinds.Kinds] = None
        self._fields = revising.read_names(Path(self._config["fields"]))
        self._reviser: Optional[revising.Reviser] = None

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
        """The turns it learns from are no part of Rasa's own training data."""
        digest, given = hashlib.sha256(), {**cls.get_default_config(), **config}
        lines = [
            path for part in ("shades", "accounts", "dangers", "revisions") for path in Path(given[part]).glob("*.txt")
        ]
        learnt = [*Path(given["turns"]).glob("*/*.txt"), *lines, *MADE.glob("*.txt")]
        for path in sorted(learnt):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the turns; without an encoder, or without turns, nothing is read."""
        learning = Learning(self._config, self._encoder) if self._encoder is not None else None
        if learning and learning.turns:
            with self._model_storage.write_to(self._resource) as folder:
                learn(learning.parts()[::-1], folder)  # the process beside, if there is one, begins at the other end
                self._take(folder)
        return self._resource

    def _take(self, folder: Path) -> None:
        self._model, self._tagger, self._shades = load(folder), spans.load(folder), shades.load(folder)
        self._teller, self._alarm, self._kinds = telling.load(folder), alarm.load(folder), kinds.load(folder)
        self._reviser = revising.load(folder, self._fields)

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
                component._take(folder)
        except ValueError:
            pass
        return component

    def process(self, messages: List[Message]) -> List[Message]:
        """Read each message that has a text."""
        for message in messages:
            if message.get(TEXT) and self._model is not None and self._encoder is not None:
                reading, said = self._read(message), message.get(TEXT)[:LONGEST_TEXT]
                parts = apart(said, self._steps) or _beside_denial(message, reading) or self._behind_sigh(message)
                message.set("reading", reading, add_to_output=True)
                message.set("apart", parts, add_to_output=True)
        return messages

    def _read(self, message: Message) -> Dict[Text, Any]:
        context = Context.of((message.get("metadata") or {}).get("context"))
        text = prepared(message.get(TEXT))
        vector = self._encoder.encode([text])[0]
        features = self._model.features([Seen(text, context, vector)])
        [scores] = self._model.score_features(features)
        words = self._words(message, text, vector)
        acts = _as_output(decide(scores, words, self._bounds, at_field=context.kind == "field"))
        name = names.said_name(message.get(TEXT)[:LONGEST_TEXT], context, self._tagger)
        chances = self._shades(features[0]) if self._shades else {}
        return {
            "acts": acts,
            "values": _values(message, context, acts, name),
            "denied": sorted(words.denied),
            "danger": self._kinds(text, vector) if self._kinds and words.tells_danger(scores) else None,
            "shades": [shade for shade, chance in chances.items() if chance >= shades.BOUND],
            "telling": self._telling(message.get(TEXT)[:LONGEST_TEXT], context),
            "revised": self._revised(message, context),
        }

    def _behind_sigh(self, message: Message) -> List[Text]:
        """「算了，先交上去」, 「算了你登嘛」: what is decided behind the sigh, where something is; else it gives up."""
        rest = behind_sigh(message.get(TEXT)[:LONGEST_TEXT], self._steps)
        if not rest:
            return []
        context, text = Context.of((message.get("metadata") or {}).get("context")), prepared(rest)
        [scores] = self._model.score([Seen(text, context, self._encoder.encode([text])[0])])
        first = max(scores.primary, key=lambda label: scores.primary[label])
        return [rest] if first in DECIDES and scores.primary[first] >= SURELY else []

    def _revised(self, message: Message, context: Context) -> List[revising.Found]:
        """What is put right, added or left out of a form, or of what was registered."""
        if self._reviser is None or not (context.kind in IN_FORM or context.topic == "ticket"):
            return []
        given = (message.get("metadata") or {}).get("context") or {}
        asked = context.asked if context.kind in IN_FORM else "confirm"
        form = Context(asked, given.get("form") or context.topic)
        return self._reviser(message.get(TEXT)[:LONGEST_TEXT], form, given.get("known") or {})

    def _telling(self, said: Text, context: Context) -> List[Tuple[Text, float]]:
        """Each clause, and how likely it tells of the customer's matter."""
        found = self._teller(said, context) if self._teller else []
        return [(clause, round(chance, 2)) for clause, chance in found]

    def _words(self, message: Message, text: Text, vector: Any) -> Words:
        """What rules read, and the regression for dangers, of a message, its prepared text and sentence vector."""
        said = message.get(TEXT)[:LONGEST_TEXT]
        plain = normalise_apart(said)
        told, spoken_of = alarm.heard(plain, self._dangers)
        dangers = frozenset("injury" if self._dangers.kinds[name].is_injury else "danger" for name in spoken_of)
        wishes = (*outright(plain, self._lexicon, self._names), *named(plain, message.get("intent") or {}, self._names))
        rings = self._alarm(text, vector, told) if self._alarm else None
        return Words(denied(plain), dangers, wishes, rings)


def _beside_denial(message: Message, reading: Mapping[Text, Any]) -> List[Text]:
    """Where all that was heard is matters that are denied, the wish may stand in the other clauses.

    Only where nothing waits for an answer and no case is spoken of: 「师傅不用来了，已经好了」 takes one back.
    """
    acts, context = reading["acts"], Context.of((message.get("metadata") or {}).get("context"))
    only_denies = bool(acts) and all(one["polarity"] == "-" and act in MATTERS for act, one in acts.items())
    is_open = context.kind in OPEN and context.topic != "ticket"
    return beside_denial(message.get(TEXT)[:LONGEST_TEXT]) if only_denies and is_open else []


IN_FORM = frozenset({"field", "confirm"})
"""Questions of ours at which something is written down that may be put right."""
OPEN = frozenset({"none", "open", "anything_else"})
"""Questions of ours beside which anything may be wished."""
MATTERS = frozenset({
    "complain", "refund", "exchange", "repair", "install", "invoice", "change_order", "cancel_order", "callback",
    "compensate", "praise", "suggest",
})  # fmt: skip
"""What a customer may say not to be there for."""
DECIDES = MATTERS | {"submit", "affirm", "answer", "person", "choose", "resume"}
SURELY = 0.6
"""What is decided behind a sigh, and how likely that must be."""


def _as_output(decision: Mapping[Text, float]) -> Dict[Text, Any]:
    return {
        act_of(label): {"polarity": polarity_of(label), "confidence": round(chance, 3)}
        for label, chance in decision.items()
    }


def _values(message: Message, context: Context, acts: Mapping[Text, Any], name: Optional[Text]) -> Dict[Text, Text]:
    """The customer's words for each value: what the extractor found, and what the question makes one."""
    said = message.get(TEXT)[:LONGEST_TEXT].strip()
    found = {
        SLOT_OF_ENTITY[entity["entity"]]: entity["text"]
        for entity in message.get(ENTITIES) or []
        if entity["entity"] in SLOT_OF_ENTITY and entity.get("text")
    }
    if "answer" in acts and context.asked in WHOLE_ANSWERS:
        found[WHOLE_ANSWERS[context.asked]] = said
    if name is None and acts.get("answer") and context.asked == "field:name" and len(said) <= LONGEST_NAME:
        name = said
    return {**found, "name": name} if name else found
