"""Every transcript of the folder: what is said, what comes back, what is in the database afterwards."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.dialogues.conftest import Towns
from tests.dialogues.talk import Talk, Town, check, fits

FOLDER = Path(__file__).parent / "transcripts"
Json = dict[str, Any]


def _transcripts() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.yml")):
        for one in yaml.safe_load_all(path.read_text("utf-8")):
            found.append(pytest.param(one, id=f"{path.stem}: {one['title']}"))
    return found


@pytest.mark.parametrize("transcript", _transcripts())
async def test_transcript(towns: Towns, transcript: Json) -> None:
    """Play one transcript; `staff` is on duty in it, or the shop is `closed`."""
    town = await towns(closed=bool(transcript.get("closed")))
    agent = await town.staff("agent")
    await agent.presence("online" if transcript.get("staff") else "away")
    others = {"customer": Talk(town), "stranger": Talk(town)}
    try:
        for step in transcript["steps"]:
            await _step(town, others, step)
        await _check_rows(town, others["customer"], transcript.get("rows") or {})
    finally:
        await agent.presence("away")


async def _step(town: Town, people: dict[str, Talk], step: Json) -> None:
    talk = people["stranger" if "stranger" in step else "customer"]
    people["stranger"].memory = people["customer"].memory
    expect = step.get("expect") or {}
    if "staff" in step or "ticket" in step or "offer" in step:
        await _staff_step(town, talk, step)
    elif "later" in step:
        await town.age(talk.sender, timedelta(**step["later"]))
    elif "start" in step:
        await town.start(talk.sender, step["start"])
        check(await talk.told(str(step["told"]["says"])), step["told"], f"start: {step['start']}")
    elif "fill" in step:
        answers = {field: str(answer) for field, answer in step["fill"].items()}
        check(await talk.fill(answers, step["until"]), expect, f"fill until {step['until']}")
    else:
        await _say(town, talk, step, expect)


async def _say(town: Town, talk: Talk, step: Json, expect: Json) -> None:
    said = str(step["say"] if "say" in step else step["stranger"])
    replies = await talk.say(said, step.get("corrects") or ())
    if expect.get("silence"):
        assert replies == [], f"{said}: {replies}"
        return
    assert replies, f"silence after: {said}\n{town.log()}"
    check(replies, talk.known(expect), said)


async def _staff_step(town: Town, talk: Talk, step: Json) -> None:
    """A member of staff claims, writes, releases or closes, moves the ticket or offers a compensation for it;
    `told` is what the customer then reads."""
    agent = await town.staff("supervisor" if "offer" in step else "agent")
    if "offer" in step:
        await agent.offer(talk.memory["ticket"], step["offer"], step["text"])
        return
    if "ticket" in step:
        for action in step["ticket"]:
            await agent.move(talk.memory["ticket"], action, step.get("note", ""))
        return
    what = step["staff"]
    if what == "claim":
        talk.memory["conversation"] = (await agent.waiting(talk.sender))["conversation_id"]
        await talk.told()
    body = {"text": step["text"], "client_id": step["text"]} if what == "messages" else {}
    await agent.do(what, talk.memory["conversation"], body)
    if "told" in step:
        expect = step["told"]
        check(await talk.told(str(expect.get("says") or "")), expect, f"staff: {what}")


async def _check_rows(town: Town, talk: Talk, rows: Json) -> None:
    if "flags" in rows:
        assert await town.flags(talk.sender) == rows["flags"]
    if "state" in rows:
        assert await town.state(talk.sender) == rows["state"]
    for table in ("tickets", "unanswered", "ratings"):
        if table not in rows:
            continue
        found = await town.rows(table, talk.sender)
        assert len(found) == len(rows[table]), f"{table}: {found}"
        for wanted in rows[table]:
            assert any(fits(row, wanted) for row in found), f"no {wanted} in {found}"
