"""Short words about a matter under way: the result, an offer, a promise, a withdrawal. They mean what is open."""

from __future__ import annotations

import re

from actions.talk import tickets
from actions.turn import Turn

CONTENT = re.compile(
    r"^(?:可以|行|好的?|没问题|同意)?[,，\s]*(?:那|就|按|照)?(?:这么|这样|照这个|按这个|照办|按你们说的)(?:办|处理|来|弄)?(?:吧|了|可以)[。!！]*$|"
    r"^(?:这次|这回|现在|那)?(?:我|对(?:这个|处理)?结果)?,?(?:我)?(?:很|挺|非常|还算?|比较|都|基本)?(?:满意|可以接受|认可|能接受|没意见|没有意见)(?:这个|你们的?)?(?:结果|处理)?(?:了|的|吧)?(?:[,，!！。]?(?:谢谢|多谢|辛苦).{0,6})?[。!！]*$"
)
DISCONTENT = re.compile(r"不(?:太|是很|怎么)?(?:满意|认可|接受|认同|服)|没法接受|无法接受|不能接受")
ACCEPTS = re.compile(
    r"^(?:好的?|行|可以|那|我)?,?(?:我)?(?:愿意|可以)?(?:接受|同意|收下|要)(?:这个|你们的?|了|吧|的)?(?:补偿|赔偿|方案|代金券|优惠券|券|钱)?(?:了|吧)?[。!！]*$|就(?:按|照)(?:这个|你们)"
)
REFUSES = re.compile(r"不(?:接受|同意|要|稀罕|认可|满意)|太少|才这么点|打发|没诚意")
PROMISES = re.compile(
    r"(?:答应|承诺|保证|说好)(?:过|了)?(?:过?我|给我|的)?.{0,6}(?:什么|啥|哪些|几时|多久|哪天|几号|时间)|(?:什么时候|几时|多久|啥时候|何时|哪天).{0,8}(?:给|有|能|答复|回复|结果|解决|处理好|联系我)|"
    r"欠我(?:什么|一个)"
)
BACK_AGAIN = re.compile(
    r"撤.{0,14}(?:恢复|继续|还是要|不撤|重新|收回|接着|办下去)|(?:恢复|后悔|不想撤|收回|取消)(?:了)?.{0,8}撤|恢复(?:办理|处理|我的投诉)|后悔.{0,4}撤|不该撤"
)
ABOUT_MATTERS = frozenset({
    "check_ticket", "urge_ticket", "withdraw_complaint", "dispute_result", "ask_faq", "inform", "out_of_scope",
    "file_complaint", "express_anger", "deny", "ask_capabilities", "correct_info",
})  # fmt: skip
LEAVES = frozenset({"request_human", "goodbye"})
SHORT = 20


async def attend(turn: Turn) -> bool:
    """Whether the message was one of these, and is dealt with."""
    if turn.heard.is_press:
        return False
    if turn.pending.get("kind") == "dispute_reason" and turn.heard.intent not in LEAVES:
        await tickets.dispute_for(turn, str(turn.pending["number"]), turn.heard.text.strip())
        return True
    if turn.pending.get("kind") == "withdraw" and _decides_withdrawal(turn.heard.plain):
        await _withdraw_or_not(turn, str(turn.pending["number"]))
        return True
    if turn.heard.intent in ABOUT_MATTERS and await _promised_or_taken_back(turn):
        return True
    return not turn.form and len(turn.heard.plain) <= SHORT and (await _about_offer(turn) or await _about_result(turn))


async def _promised_or_taken_back(turn: Turn) -> bool:
    plain = turn.heard.plain
    if PROMISES.search(plain) and not tickets.HURRY.search(plain) and "ticket" not in turn.heard.values:
        return await tickets.tell_promises(turn)
    if BACK_AGAIN.search(plain) and not turn.form:
        return await tickets.take_back_withdrawal(turn)
    return False


def _decides_withdrawal(plain: str) -> bool:
    return len(plain) <= SHORT and "撤" in plain


async def _withdraw_or_not(turn: Turn, number: str) -> None:
    """「确定撤」, 「先别撤」."""
    if re.search(r"不|别|先等|等等", turn.heard.plain):
        turn.say("utter_not_withdrawn", number=number)
        turn.ask("anything_else")
    else:
        await tickets.do_withdraw(turn, number)


async def _about_offer(turn: Turn) -> bool:
    """Yes or no to a compensation that was offered; nothing depends on it (C11)."""
    offer = turn.facts.get("offer")
    if not offer:
        return False
    refuses = bool(REFUSES.search(turn.heard.plain))
    if not refuses and not ACCEPTS.search(turn.heard.plain):
        return False
    await turn.stage("answer_compensation", {"id": offer["id"], "accept": not refuses})
    turn.say(
        "utter_offer_refused" if refuses else "utter_offer_accepted", number=offer["number"], amount=offer["amount"]
    )
    turn.ask("anything_else")
    return True


async def _about_result(turn: Turn) -> bool:
    number = turn.facts.get("answered_ticket_number")
    if not number:
        return False
    if DISCONTENT.search(turn.heard.plain):
        await tickets.with_number(turn, tickets.DISPUTE, str(number), None)
        return True
    if CONTENT.search(turn.heard.plain):
        await tickets.satisfied(turn, str(number))
        return True
    return False
