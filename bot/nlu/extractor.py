"""The pipeline's value extractor: entities from rules and dictionaries, normalised."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Dict, List, Text
from zoneinfo import ZoneInfo

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.products import read_products
from bot.nlu.tokenizer import LONGEST_TEXT
from bot.nlu.values import Value, find_values
from bot.nlu.values.goods import ProductFinder


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ValueExtractor(GraphComponent, EntityExtractorMixin):
    """Adds {"entity", "value", "start", "end", "text", "extractor"} for each value of a message."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """`now`: an ISO time that days are computed from where a message tells none (tests); None takes the clock.

        `timezone`: the zone of that clock; a message of the service tells its own time in the company's zone.
        """
        return {"lexicon": "company/lexicon", "timezone": "Asia/Shanghai", "now": None}

    def __init__(self, config: Dict[Text, Any]) -> None:
        self._config = {**self.get_default_config(), **config}
        self._products = ProductFinder(read_products(Path(self._config["lexicon"]) / "products.yml"))
        self._warm_up()

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ValueExtractor:
        """As Rasa makes components."""
        return cls(config)

    def _warm_up(self) -> None:
        """The dictionaries of names and places are read at start, not at the first customer's expense."""
        find_values("欧阳娜娜", datetime.now(ZoneInfo(self._config["timezone"])), self._products, [("欧阳娜娜", 0)])

    def process(self, messages: List[Message]) -> List[Message]:
        """Find the values in the first `LONGEST_TEXT` characters of each message."""
        for message in messages:
            if message.get(TEXT):
                found = [*(message.get(ENTITIES) or []), *self._entities(message)]
                message.set(ENTITIES, found, add_to_output=True)
        return messages

    def _entities(self, message: Message) -> List[Dict[Text, Any]]:
        text = message.get(TEXT)[:LONGEST_TEXT]
        tokens = [(token.text, token.start) for token in message.get(TOKENS_NAMES[TEXT]) or []]
        values = find_values(text, self._said_at(message), self._products, tokens)
        return [self._entity(value, text) for value in values]

    def _said_at(self, message: Message) -> datetime:
        """When the message was sent, in the company's zone, as the service tells it with the facts of the turn."""
        facts = (message.get("metadata") or {}).get("facts") or {}
        return datetime.fromisoformat(facts["at"]) if facts.get("at") else self._now()

    def _now(self) -> datetime:
        zone = ZoneInfo(self._config["timezone"])
        fixed = self._config["now"]
        return datetime.fromisoformat(fixed).astimezone(zone) if fixed else datetime.now(zone)

    def _entity(self, value: Value, text: Text) -> Dict[Text, Any]:
        return {
            "entity": value.kind,
            "value": value.value,
            "start": value.start,
            "end": value.end,
            "text": text[value.start : value.end],
            "extractor": type(self).__name__,
        }
