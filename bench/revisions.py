"""How well corrections are made: messages of writers who taught nothing, each decided upon in a form that is filled in.

`.envs/bot/bin/python bench/revisions.py read OUT.json` reads them (BOT_MODEL), then
`.envs/helpdesk/bin/python bench/revisions.py OUT.json` makes the whole decision and compares what the form holds with
what the writer marked: tests/nlu/revisions, marks as in data/revisions/README.md. VERBOSE=1 prints each miss.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
HELD_OUT = Path(os.environ.get("REVISIONS", ROOT / "tests" / "nlu" / "revisions"))
Json = dict[str, Any]
NOW = datetime.fromisoformat("2026-11-24T10:00:00+08:00")
MARK = re.compile(r"〔([+-]?)([a-z_]+)([=≠])([^〔〕]+)〕")
PARTICLES = " ,，。.、;；!！?？~的了啊呀吧哈嘛呢哦啦呗嘞\n"


def marked() -> Iterator[Json]:
    """The messages with their context and marks, without one that other writers' files were not read for."""
    for path in sorted(HELD_OUT.glob("*.txt")):
        above: dict[str, str] = {}
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("#"):
                name, _, value = line.lstrip("# ").partition(":")
                above[name.strip()] = value.strip()
            elif line.strip():
                marks = [list(one.groups()) for one in MARK.finditer(line)]
                yield {**above, "said": MARK.sub(r"\4", line).strip(), "marks": marks, "writer": path.stem}


# ---------------------------------------------------------------- reading, in the bot's environment


async def parsed(rows: list[Json]) -> list[Json]:
    from bot.read import reader

    engine = reader(os.environ.get("BOT_MODEL", "models/"))
    found = []
    for row in rows:
        context = {"asked": row["asked"], "topic": row["form"], "bot": ""}
        context |= {"form": row["form"], "known": dict(pairs(row["known"]))}
        found.append(await engine.parsed(row["said"], context))
    return found


def pairs(known: str) -> Iterator[tuple[str, str]]:
    for pair in known.split("; "):
        name, is_told, words = pair.partition("=")
        if is_told:
            yield name.strip(), words.strip()


# ---------------------------------------------------------------- deciding, in the service's


def play(row: Json, message: Json, services: Any) -> tuple[Json, Json]:
    """What the form held before and after the message, whatever else was to be done with it."""
    from rasa_sdk import Tracker
    from rasa_sdk.executor import CollectingDispatcher

    from actions import table
    from actions.run import Act
    from actions.turn import FRAME, Turn
    from helpdesk.model.frame import Frame

    kind, asked = row["form"], row["asked"].removeprefix("field:")
    known = {name: as_kept(services.company, name, words) for name, words in pairs(row["known"])}
    form = "complaint_form" if kind == "complaint" else "service_form"
    frame = Frame(form=asked, kind=kind).noting("greeted").to_json()
    slots = {**known, "kind": kind, "requested_slot": asked, FRAME: frame, "answered": list(known)}
    message = {**message, "message_id": "m:1"}
    tracker = Tracker("c1", slots, message, [], False, None, {"name": form}, None)
    turn = Turn(services, tracker, CollectingDispatcher())
    act = Act("action_turn", {**table.HANDLERS, "aside": no_answer}, services)
    from actions.steps import deal_with

    try:
        asyncio.run(deal_with(turn, act._do))
    except AttributeError as error:
        if os.environ.get("VERBOSE"):
            print(f"({error}: it wanted the shop's database, what was set before stands)")
    fields = services.company.fields
    after = {name: turn.slot(name) for name in fields if turn.slot(name) not in (None, "", [])}
    return known, after if turn.form else {**known, **after}  # who leaves a matter changes nothing of it


def as_kept(company: Any, name: str, words: str) -> Any:
    """A value as the form keeps it, from the words of a writer."""
    from actions.forms.answers import choose
    from zhtext import normalise
    from zhtext.values import money

    spec = company.fields[name]
    if spec.kind == "choice":
        return choose(spec, normalise(words)) or spec.choices[-1].value
    if spec.kind == "category":
        titles = {one.title: name for name, one in company.complaints.categories.items()}
        said = [name for title, name in titles.items() if words[:2] in title]
        return next(iter([*company.complaints.find(normalise(words)), *said]), "other")
    if spec.kind == "amount":
        return str(money.read(words) or money.number_in(words) or words)
    return words


def misses(row: Json, before: Json, after: Json, company: Any) -> list[str]:
    """What is not as it was marked; empty for a message that did just what was meant."""
    from actions.forms.form import Form

    form = Form("", row["form"], company, dict(after), NOW)
    wrong, meant = [], set()
    for sign, name, is_right, words in row["marks"]:
        if is_right == "≠":
            continue
        meant.add(name)
        if name not in form.names():
            continue
        if not as_meant(company, name, sign, words, before.get(name), after.get(name)):
            wrong.append(f"{name}: {after.get(name)!r} not {sign}{words!r}")
    free = (
        meant
        | {name for name in DEDUCED if before.get(name) in (None, "other")}
        | {one for name in meant for one in DERIVED.get(name, ())}
    )
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    return wrong + [f"{name} became {after.get(name)!r}" for name in sorted(changed - free)]


DEDUCED = ("category", "service_kind", "delivery_kind", "visit_date")
"""Fields that the company fills from the account, whatever is said."""
DERIVED = {
    "price_paid": ("price_gap",),
    "price_seen": ("price_gap",),
    "new_value": ("change_kind",),
    "change_kind": ("new_value",),
    "invoice_title": ("invoice_kind",),
    "credit_code": ("invoice_kind",),
    "phone": ("contact_way",),
    "email": ("contact_way",),
    "wechat": ("contact_way",),
    "contact_way": ("email", "wechat"),
    "visit_time": ("call_hours",),
    "callback_time": ("call_hours",),
    "call_hours": ("callback_time",),
}
"""Fields that go with another one."""


def as_meant(company: Any, name: str, sign: str, words: str, before: Any, after: Any) -> bool:
    """Whether a field holds what was marked, nothing left of it and nothing of the talk around it in it."""
    from zhtext import fold

    kind = company.fields[name].kind
    if sign == "-":
        return after is None or isinstance(after, dict)
    if not isinstance(after, str):
        return False
    if kind in ("choice", "category", "amount"):
        wanted = as_kept(company, name, words)
        return after == wanted or (kind in ("choice", "category") and after != before)
    was, now, said = (bare(fold(str(one or ""))) for one in (before, after.split("（")[0], words))
    if now == said or (sign == "+" and now in (was + said, said + was, said)):
        return True
    if sign == "+" or kind in ("text", "evidence", "product"):
        return False
    left = now.replace(said, "", 1) if said in now else now
    is_part = all(one in was or one in "月日号0123456789" for one in left)
    return is_part and (said in now or kind in ("address", "future", "when"))


def bare(text: str) -> str:
    return re.sub(r"[\s,，。.、;；:：!！?？~“”\"-]", "", text).strip(PARTICLES).lower()


async def no_answer(turn: Any) -> None:
    """What is asked beside is answered from the shop's database, which is not measured here."""


def services() -> Any:
    from helpdesk.company import load_company
    from helpdesk.knowledge import Knowledge, load_articles
    from helpdesk.knowledge.articles import values_of
    from zhtext import shared_encoder

    company = load_company(ROOT / "company")
    articles = load_articles(ROOT / "company" / "knowledge", values_of(company))
    knowledge = Knowledge(company, articles, shared_encoder())
    return SimpleNamespace(company=company, clock=SimpleNamespace(now=lambda: NOW), wording=None, knowledge=knowledge)


def main() -> None:
    rows = list(marked())
    if sys.argv[1] == "read":
        Path(sys.argv[2]).write_text(json.dumps(asyncio.run(parsed(rows)), ensure_ascii=False), "utf-8")
        return
    of, shop = Counter[tuple[str, bool, bool]](), services()
    for row, message in zip(rows, json.loads(Path(sys.argv[1]).read_text("utf-8")), strict=True):
        message["metadata"] = {"facts": {"at": NOW.isoformat()}}
        before, after = play(row, message, shop)
        wrong = misses(row, before, after, shop.company)
        of[row["writer"], any(m[2] == "=" for m in row["marks"]), not wrong] += 1
        if wrong and os.environ.get("VERBOSE"):
            print(f"[{row['form']} {row['asked']}] {row['said']}\n    " + "; ".join(wrong))
    for writer in sorted({one for one, *_ in of}):
        right, kept = of[writer, True, True], of[writer, False, False]
        print(
            f"{writer}: put right {right} of {right + of[writer, True, False]}; "
            f"changed though nothing was told {kept} of {kept + of[writer, False, True]}"
        )


if __name__ == "__main__":
    main()
