"""Praise, suggestions, anger, ratings (A5, D1)."""

from __future__ import annotations

import re

from actions.dates import spoken
from actions.forms.volunteered import account
from actions.talk import products
from actions.talk.handoff import hand_over, open_service
from actions.turn import Turn
from helpdesk.model.conversation import Priority
from helpdesk.model.ticket import Kind
from zhtext.values.numerals import to_number

PRAISED = re.compile(r"师傅|客服|快递|小哥|工号|店员|导购|售后|安装|工程师|服务员|小姑娘|小伙|小[\u4e00-\u9fff]|员")
NOT_YET = re.compile(r"^我?(?:想|要)?(?:提|有|给)?.{0,8}(?:个|点|一个|些)?(?:建议|意见)(?:想提|要提)?[。!！]?$")
SCORES = {
    "非常满意": 5,
    "很满意": 5,
    "满分": 5,
    "五星": 5,
    "好评": 5,
    "不满意": 2,
    "很不满意": 1,
    "差评": 1,
    "一星": 1,
    "满意": 4,
    "一般": 3,
}


async def praise(turn: Turn) -> None:
    """Modest thanks; praise of a person is recorded for them."""
    if products.is_objection(turn):
        await products.advise(turn)
        return
    if turn.form or turn.heard.is_press or not PRAISED.search(turn.heard.plain):
        turn.say("utter_praise_in_form" if turn.form else "utter_praise")
        _anything_else(turn)
        return
    fields = {"description": turn.heard.text.strip(), "name": turn.known("name"), "phone": turn.known("phone")}
    if turn.heard.values.get("name"):
        fields["staff_name"] = turn.heard.values["name"]
    result = await turn.stage("open_ticket", {"kind": Kind.PRAISE, "fields": fields})
    opened = {"kind": "ticket_opened", "number": result["number"], "promised_at": result.get("promised_at")}
    if re.search(r"工号|姓|师傅|小", turn.heard.plain):
        turn.say("utter_praise_recorded", custom=opened)
        _anything_else(turn)
    else:
        turn.say("utter_praise_who", custom=opened)
        turn.ask("praise_who", number=result["number"])


async def praised_person(turn: Turn) -> None:
    """Who it was: added to the recorded praise."""
    await turn.stage("ticket_note", {"number": turn.pending["number"], "text": turn.heard.text.strip()})
    turn.say("utter_praise_recorded")
    _anything_else(turn)


async def suggest(turn: Turn) -> None:
    """Thanked and recorded at once; asked for when only announced."""
    if turn.heard.is_press or NOT_YET.match(turn.heard.plain) or not account(turn.heard):
        await open_service(turn, Kind.SUGGESTION)
        return
    fields = {"description": turn.heard.text.strip(), "name": turn.known("name"), "phone": turn.known("phone")}
    result = await turn.stage("open_ticket", {"kind": Kind.SUGGESTION, "fields": fields})
    opened = {"kind": "ticket_opened", "number": result["number"], "promised_at": result.get("promised_at")}
    due = spoken(result.get("promised_at"), turn.company.profile.zone)
    turn.say("utter_suggestion_recorded", custom=opened, number=result["number"], due=due)
    turn.change(about={"kind": "ticket"}, registered={"number": result["number"], "kind": Kind.SUGGESTION})
    _anything_else(turn)


async def anger(turn: Turn) -> None:
    """Sorry first, no cheer; a person or a complaint is offered, in a form without leaving it."""
    was_angry = turn.before.mood == "angry"
    turn.change(mood="angry")
    if was_angry and turn.facts.get("staff_on_duty") and turn.facts.get("hours") == "open":
        turn.say("utter_anger_again")
        await hand_over(turn, reason="angry", priority=Priority.URGENT)
    else:
        turn.say("utter_anger")
        turn.ask("offer_human", told=account(turn.heard))


async def rate(turn: Turn) -> None:
    """A rating in words or digits; a low one is followed up (G2)."""
    score = score_of(str(turn.heard.values.get("score") or turn.heard.plain))
    if score is None:
        turn.say("utter_rate_ask")
        turn.ask("rating")
        return
    await turn.stage("rate", {"score": score, "comment": turn.heard.text.strip() or None})
    turn.say("utter_rated_low" if score <= 2 else "utter_rated", score=score)
    turn.ask("offer_human" if score <= 2 else "anything_else")


def score_of(plain: str) -> int | None:
    """1 to 5 from 「5分」, 「四星」, 「非常满意」; None when no score was said."""
    digit = re.search(r"([1-5一二三四五])\s*(?:分|星|颗星?)", plain) or re.fullmatch(
        r"\D{0,3}([1-5一二三四五])\D{0,3}", plain
    )
    if digit:
        return to_number(digit.group(1))
    return next((score for words, score in sorted(SCORES.items(), key=lambda s: -len(s[0])) if words in plain), None)


def _anything_else(turn: Turn) -> None:
    if not turn.form:
        turn.ask("anything_else")
