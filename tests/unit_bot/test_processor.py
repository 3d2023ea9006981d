"""The graph in order gives what dask gives; slots are extracted where something could be."""

from __future__ import annotations

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.engine.graph import GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine import Engine
from bot.graph import OrderedGraphRunner, in_order
from bot.processor import extracts_slots


def node(*needs: str) -> SchemaNode:
    return SchemaNode(dict(zip("abc", needs, strict=False)), object, "create", "run", {})


def test_each_node_comes_behind_those_it_needs_and_none_that_nobody_needs() -> None:
    schema = GraphSchema({"d": node("b", "c"), "c": node("a"), "b": node("a", "given"), "a": node(), "e": node("d")})
    assert in_order(schema, ["d"]) == ["a", "b", "c", "d"]
    assert in_order(schema, ["b", "c"]) == ["a", "b", "c"]


def test_the_graph_gives_what_it_gave(loaded: Engine) -> None:
    runner, metadata = loaded._processor.graph_runner, loaded._processor.model_metadata
    assert isinstance(runner, OrderedGraphRunner)
    tracker = DialogueStateTracker.from_events("c1", [], loaded._processor.domain.slots)

    def inputs() -> dict[str, object]:
        return {"__message__": [UserMessage("你好", message_id="m1")], "__tracker__": tracker}

    for targets in ([metadata.nlu_target], [metadata.core_target]):
        ours, theirs = runner.run(inputs(), targets), DaskGraphRunner.run(runner, inputs(), targets)
        assert list(ours) == list(theirs) == targets
        [one, other] = ours.values(), theirs.values()
        assert [str(_plain(value)) for value in one] == [str(_plain(value)) for value in other]


def _plain(value: object) -> object:
    """Messages and predictions by what they hold."""
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else getattr(value, "__dict__", value)


@pytest.mark.parametrize(
    "mapping, actions, expected",
    [
        ("{type: custom}", "[]", False),
        ("{type: from_text}", "[]", True),
        ("{type: custom, action: action_fill}", "[action_fill]", True),
        ("{type: custom}", "[action_validate_slot_mappings]", True),
    ],
)
def test_slots_are_extracted_where_something_fills_them(mapping: str, actions: str, expected: bool) -> None:
    domain = Domain.from_yaml(
        f'version: "3.1"\nslots:\n  a: {{type: any, mappings: [{mapping}]}}\nactions: {actions}\n'
    )
    assert extracts_slots(domain) is expected
