"""Every recorded message and event through the real callback, in every mode; every recorded answer of the API."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from helpdesk.channels import wechat
from helpdesk.store.tables import Audit, Identity, Message
from helpdesk.testing import Databases
from tests.support.scripted_worker import heard
from tests.support.wechat_world import WeChatWorld, patient_world

FIXTURES = Path(wechat.__file__).parent / "fixtures"
EXPECTED = yaml.safe_load((FIXTURES / "expected.yml").read_text("utf-8"))
CASES = [(folder, name) for folder in ("messages", "events") for name in EXPECTED[folder]]
OPEN_ID = "o_fixture"
Json = dict[str, Any]


def recorded(folder: str, name: str) -> str:
    return (FIXTURES / folder / f"{name}.xml").read_text("utf-8")


def test_every_file_has_an_expectation() -> None:
    for folder in ("messages", "events"):
        assert {path.stem for path in (FIXTURES / folder).glob("*.xml")} == set(EXPECTED[folder])


@pytest.fixture(params=["plain", "compatible", "safe"])
async def here(request: pytest.FixtureRequest, sqlite: Databases) -> AsyncIterator[WeChatWorld]:
    async with patient_world(sqlite.fresh(), request.param) as made:
        yield made


@pytest.fixture
async def plainly(sqlite: Databases) -> AsyncIterator[WeChatWorld]:
    async with patient_world(sqlite.fresh()) as made:
        yield made


async def test_every_message_and_event(here: WeChatWorld) -> None:
    """Each from a customer of its own, three times; the database and the reply are as written, once."""
    for place, (folder, name) in enumerate(CASES):
        body = recorded(folder, name).replace(OPEN_ID, f"o_{place}")
        answers = [here.wechat.read(await here.wechat.deliver_xml(body)) for _ in range(3)]
        assert len(set(answers)) == 1, name
        await _check(here, f"o_{place}", EXPECTED[folder][name], str(answers[0]), name)
    assert here.wechat.sends == []


async def _check(here: WeChatWorld, sender: str, expected: Json, told: str, name: str) -> None:
    if "receipt" in expected:  # it moves a notice (desk/test_notices.py), and is no word of a customer's
        assert (told, await here.world.rows(Identity, sender=sender)) == ("", []), name
        return
    (stored,) = await here.messages_of(sender, "customer", "system")
    asked = here.world.worker.asked[-1] if here.world.worker.asked else {}
    if "noted" in expected:
        assert (told, stored.author) == ("", "system"), name
        assert (stored.custom or {})["event"] == expected["noted"], name
    elif "reply" in expected:
        assert told in here.world.services.wording.variants(expected["reply"]), name
    else:
        said = expected.get("start") or expected["heard"]
        assert heard(asked) == said, name
        assert said in told, name
    if "stored" in expected:
        assert (stored.text, stored.image) == (expected["stored"], expected.get("image")), name
    if "scene" in expected:
        notes = [one.detail["title"] for one in await here.world.rows(Audit, action="wechat_scene")]
        assert expected["scene"] in notes


async def test_every_recorded_answer_of_the_api(plainly: WeChatWorld) -> None:
    """WeChat answers so once; what was to be sent is delivered, kept or given up accordingly, and never twice."""
    for path in sorted((FIXTURES / "api").glob("send_*.json")):
        one = json.loads(path.read_text("utf-8"))
        open_id = f"o_{path.stem}"
        await plainly.wechat.say(open_id, "您好")
        plainly.wechat.answers = [{**one["response"], "http": one["status"]}]
        await plainly.service_says(open_id, "稍后的话")
        status, trouble = await plainly.way_of(open_id)
        assert (status, trouble) == OUTCOMES[one["meaning"]], path.stem
        shown = plainly.phone(open_id).texts.count("稍后的话")
        assert shown == (1 if status == "delivered" else 0), path.stem


OUTCOMES = {
    "retry": ("delivered", None),
    "fresh_token": ("delivered", None),
    "busy": ("queued", None),
    "out_of_window": ("failed", "later"),
    "over_budget": ("failed", "later"),
    "no_api": ("queued", "later"),
    "failed": ("failed", "refused"),
    "unknown": ("unknown", "uncertain"),
}


async def test_stored_messages_are_all_there(plainly: WeChatWorld) -> None:
    """A conversation in which every type came keeps them in order."""
    for name in EXPECTED["messages"]:
        await plainly.wechat.deliver_xml(recorded("messages", name))
    said = await plainly.world.rows(Message, author="customer")
    assert [one.text for one in sorted(said, key=lambda one: one.seq)] == [
        one["stored"] for one in EXPECTED["messages"].values()
    ]
