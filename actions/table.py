"""Every move's handler; tests/house compares it with the decision's table."""

from __future__ import annotations

from actions.clauses import pieces
from actions.forms import flow, revise
from actions.forms.accounts import account
from actions.talk import (
    asides,
    bottom_line,
    cases,
    closing,
    complaint,
    drafts,
    faq,
    feelings,
    greeting,
    handoff,
    matters,
    mistaken,
    orders,
    own,
    own_orders,
    products,
    registered,
    replies,
    returnable,
    safety,
    waiting,
)
from actions.turn import Handler, Turn
from zhtext import normalise
from zhtext.questions import is_question


async def status(turn: Turn) -> None:
    """How far it is: the registered matter that is spoken of, else the order."""
    is_ticket = "ticket" in turn.heard.values or turn.reading.intent == "check_ticket" or turn.before.topic == "ticket"
    of_goods = "asks_where" in turn.reading.shades and turn.known("order") is not None
    if is_ticket and not (of_goods or "order" in turn.heard.values):
        await cases.tell(turn)
    elif of_goods and "order" not in turn.heard.values and await orders.tell_more(turn):
        return  # its state was told just now
    else:
        await orders.check(turn)


ABOUT_ORDERS = "shipping."
"""Articles on what the state of the order tells by itself."""


async def question(turn: Turn) -> None:
    """A question: of a known order or matter its state, of the shop an article, of what we sell the catalogue."""
    asks_own = turn.reading.says("ask_own")
    if "order" in turn.heard.values:
        await orders.check(turn)
        await faq.answer_part(turn, but=ABOUT_ORDERS)
    elif turn.company.order_numbers.mine.search(turn.heard.plain):
        await orders.check(turn)
    elif (asks_own and await _owed(turn)) or await _goes_on(turn):
        return
    elif own_orders.lacks_number(turn):
        own_orders.say_without_number(turn)
    elif _tells_trouble(turn):
        await matters.check_repair(turn)
    elif _tells_of_wrong(turn):
        await matters.check_complaint(turn)
    elif not (turn.heard.values.get("faq_id") is None and await _by_what_is_said(turn, asks_own)):
        await faq.answer(turn)
    if not turn.heard.is_press:
        products.add_guarantee(turn)
        complaint.offer_beside(turn)


async def own_question(turn: Turn) -> None:
    """Something asked of the matter just registered, or in its words of the shop."""
    if own.is_of_the_shop(turn):
        await faq.answer(turn)
    else:
        await own.answered(turn)


async def _goes_on(turn: Turn) -> bool:
    """What leans on the answer before: when the order comes whose state was told, or the same of another thing."""
    if orders.asks_arrival(turn) and await orders.tell_more(turn):
        return True
    return not (products.asks_others(turn) or products.is_asked(turn)) and await faq.tell_of_same(turn)


async def _owed(turn: Turn) -> bool:
    """What is owed, when it is asked what was promised."""
    asks = (
        turn.reading.intent in ("check_ticket", "urge_ticket")
        or turn.company.sayings.promised.search(turn.heard.plain) is not None
    )
    return asks and await cases.tell_promises(turn)


def _tells_trouble(turn: Turn) -> bool:
    """「俺那冰箱咋又坏咧」: asked in form, told in fact."""
    is_ours = bool(turn.heard.values.get("product")) and turn.reading.intent == "request_repair"
    not_registered = turn.company.sayings.not_registered
    is_refused = any(not_registered.search(normalise(one)) for one in pieces(turn.heard.text))
    if turn.reading.denies("repair") or is_refused:
        return False
    return is_ours and bool(turn.company.sayings.trouble.search(turn.heard.plain))


def _tells_of_wrong(turn: Turn) -> bool:
    """「师傅约好今天来装，到现在没来」: no question at all, and something of ours went wrong."""
    plain = turn.heard.plain
    tells = not turn.heard.is_press and account(turn.heard, turn.company) is not None and not is_question(plain)
    wrong = turn.company.complaints.find(plain) and turn.company.sayings.trouble.search(plain)
    return tells and bool(wrong)


async def _by_what_is_said(turn: Turn, asks_own: bool) -> bool:
    """A sure article, else what we sell, else the customer's own order; False when none of them answers."""
    return (
        products.tell_sum(turn)
        or products.tell_unsold(turn)
        or products.tell_range(turn)
        or await returnable.answered(turn)
        or ((products.is_asked(turn) or products.asks_others(turn)) and await products.answered_with_rest(turn))
        or await faq.answer_part(turn)
        or (turn.before.topic != "ticket" and await products.answered(turn))
        or (asks_own and await orders.tell_more(turn))
    )


async def advice(turn: Turn) -> None:
    """Which to buy, or what a product is like; a rule of the shop is answered as such."""
    if turn.heard.is_press or not turn.reading.says("ask", "ask_own"):
        await products.advise(turn)
    else:
        await question(turn)


HANDLERS: dict[str, Handler] = {
    # at any time
    "danger": safety.attend,
    "safe_side": safety.safe_side,
    "all_clear": safety.all_clear,
    "safety_next": safety.what_next,
    "red_line": bottom_line.attend,
    "person": handoff.handoff,
    "hours": registered.change_hours,
    "form_hours": flow.call_hours,
    "contact_way": registered.change_way,
    "form_contact_way": flow.contact_way,
    "english": handoff.in_english,
    "pick": matters.pick,
    "take_offer": matters.take_offer,
    "reach": matters.reach,
    "overdue": orders.overdue,
    "drop": replies.drop,
    "offer_person": replies.offer_person,
    "aside": asides.beside,
    "order_aside": orders.check,
    # while a person is waited for
    "queue_leave": waiting.leave,
    "queue_leave_for": waiting.leave_for,
    "write_down": matters.write_down,
    "ticket_again": cases.again,
    "queue_answer": waiting.answer,
    "queue_wish": waiting.wish,
    "queue_order": waiting.order,
    "queue_record": waiting.record,
    "queue_place": waiting.place,
    "queue_note": waiting.note,
    "queue_receipt": waiting.receipt,
    "queue_submit": waiting.submit,
    "queue_welcome": waiting.welcome,
    # inside a form
    "form_answer": flow.answer,
    "form_values": flow.values,
    "form_unknown": flow.unknown,
    "form_refuse": flow.refuse,
    "form_help": flow.help_with,
    "form_correct": flow.correct,
    "form_revise": revise.revise,
    "form_which": flow.which,
    "form_keep": flow.let_stand,
    "form_add": flow.add,
    "form_record": flow.record,
    "form_strike": flow.strike,
    "form_drop": flow.throw_away,
    "form_leave_for": flow.leave_for,
    "form_back": flow.back,
    "form_story": flow.story,
    "form_why": flow.why,
    "form_unclear": flow.unclear,
    "form_wait": flow.wait,
    "form_resume": flow.resume,
    "form_hold": flow.hold,
    "form_later": flow.later,
    "form_stop": flow.stop,
    "form_withdraw": flow.withdraw,
    "form_aside": flow.ask_aside,
    "form_soothe": flow.soothe,
    "form_unsure": flow.unsure,
    "form_next": flow.another,
    "form_submit": matters.submit_form,
    "form_switch": matters.switch,
    "form_step_back": flow.step_back,
    "form_restart": mistaken.restart,
    "form_which_matter": mistaken.which_matter,
    "form_other": mistaken.other_matter,
    # an open question
    "yes": replies.affirm,
    "no": replies.deny,
    "choose": replies.choose,
    "none_of_these": replies.none_of_these,
    "value": replies.value,
    "ticket_given": cases.given,
    "not_helped": replies.not_helped,
    "no_value": replies.no_value,
    "number_later": replies.number_later,
    "reason": cases.reason,
    "rate": feelings.rate,
    # whatever else
    "answer_offer": cases.answer_offer,
    "dispute": cases.dispute,
    "satisfied": cases.satisfied,
    "change_case": registered.change,
    "add_to_case": own.add,
    "withdraw": cases.withdraw,
    "take_back": cases.keep,
    "own_case": registered.read_out,
    "agreed": registered.agreed,
    "own_question": own_question,
    "strike_from_case": registered.strike,
    "change_kind": registered.change_kind,
    "hurry": cases.hurry,
    "complain": matters.wanted,
    "matter": matters.wanted,
    "repair": matters.repair,
    "check_complaint": matters.check_complaint,
    "tell_on": matters.tell_on,
    "covered": matters.covered,
    "check_repair": matters.check_repair,
    "data_request": matters.data_request,
    "check_matter": matters.check,
    "call_back": matters.call_back,
    "price_protection": matters.price_protection,
    "compensate": matters.compensate,
    "resume": drafts.resume,
    "status": status,
    "question": question,
    "advice": advice,
    "later": replies.take_time,
    "leave": closing.goodbye,
    "anger": feelings.anger,
    "grumble": replies.grumble,
    "suggest": feelings.suggest,
    "praise": feelings.praise,
    "stop": replies.deny,
    "correct": replies.correct,
    "values": replies.values,
    "capabilities": greeting.capabilities,
    "challenge": greeting.bot_challenge,
    "thank": closing.thank,
    "greet": greeting.greet,
    "denied": replies.denied,
    "out_of_scope": replies.out_of_scope,
    "not_understood": replies.not_understood,
    # not said by the customer
    "start_open": greeting.opened,
    "start_subscribe": greeting.subscribed,
    "start_return": greeting.returned,
    "start_staff_released": greeting.released,
}
"""Move -> handler."""
