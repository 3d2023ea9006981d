"""Every action's name and handler; tests/house compares it with domain.yml."""

from __future__ import annotations

from actions.forms import start, submit
from actions.talk import closing, complaint, faq, feelings, greeting, handoff, orders, products, replies, tickets
from actions.turn import COMPLAINT_FORM, SERVICE_FORM, Handler, Turn

BY_INTENT: dict[str, Handler] = {
    "greet": greeting.greet,
    "goodbye": closing.goodbye,
    "thank": closing.thank,
    "affirm": replies.affirm,
    "deny": replies.deny,
    "ask_capabilities": greeting.capabilities,
    "bot_challenge": greeting.bot_challenge,
    "request_human": handoff.handoff,
    "file_complaint": complaint.file,
    "check_ticket": tickets.check,
    "urge_ticket": tickets.urge,
    "withdraw_complaint": tickets.withdraw,
    "dispute_result": tickets.dispute,
    "check_order": orders.check,
    "change_order": orders.change,
    "cancel_order": orders.cancel,
    "request_refund": orders.refund,
    "request_exchange": orders.exchange,
    "request_repair": orders.repair,
    "request_invoice": orders.invoice,
    "request_callback": handoff.call_back,
    "ask_faq": faq.answer,
    "product_advice": products.advise,
    "praise": feelings.praise,
    "make_suggestion": feelings.suggest,
    "express_anger": feelings.anger,
    "inform": replies.inform,
    "correct_info": replies.correct,
    "stop_form": replies.stop,
    "rate_service": feelings.rate,
    "out_of_scope": replies.not_understood,
}
"""What each intent leads to."""

_NAMES = {
    "ask_capabilities": "action_capabilities",
    "request_human": "action_handoff",
    "ask_faq": "action_faq",
    "make_suggestion": "action_suggestion",
    "express_anger": "action_anger",
    "out_of_scope": "action_not_understood",
}


ASKS_ON = frozenset({"utter_suggestion_recorded", "utter_praise_recorded"})
"""They end with the question what else is needed."""


async def submit_form(turn: Turn) -> None:
    """The form was confirmed: open the ticket; then the second of two wishes, or what gave way to this one."""
    await submit.submit(turn)
    request, shelf = turn.slot("next_request"), turn.slot("shelf")
    if request and not (shelf and _opens(request["intent"]) == shelf["form"]):
        turn.set(next_request=None, pending=None)
        turn.say("utter_next_now")
        await BY_INTENT[request["intent"]](turn.recalling(request))
    elif shelf:
        kind = start.take_from_shelf(turn)
        turn.set(next_request=None)
        turn.say("utter_offer_put_aside", title=turn.company.kinds[kind].title)
        turn.ask("resume_form")
    else:
        if turn.decided.said[-1] not in ASKS_ON:
            turn.say("utter_more_after")
        turn.ask("anything_else")


def _opens(intent: str) -> str:
    return COMPLAINT_FORM if intent == "file_complaint" else SERVICE_FORM


HANDLERS: dict[str, Handler] = {
    **{_NAMES.get(intent, f"action_{intent}"): handler for intent, handler in BY_INTENT.items()},
    "action_start_open": greeting.opened,
    "action_start_subscribe": greeting.subscribed,
    "action_start_return": greeting.returned,
    "action_staff_released": greeting.released,
    "action_submit_form": submit_form,
}
"""Action name -> handler."""
