"""What is asked of one's own matter: when somebody comes, what it costs, whether to send it, whether it is there.

It is answered by the matter's own facts, under way or registered, before any article is.
"""

from __future__ import annotations

from collections.abc import Mapping

from actions.clauses import pieces
from actions.dates import spoken
from actions.decide import bounds
from actions.forms.accounts import tells_on
from actions.forms.form import Form
from actions.heard import Json
from actions.talk import cases, registered, warranty
from actions.talk.things import is_told, names_of
from actions.talk.usable import asks
from actions.turn import Turn
from helpdesk.model.field import known
from helpdesk.model.ticket import VISITS, Kind
from helpdesk.model.urgency import Urgency
from helpdesk.usecases.promises.due import due_times
from helpdesk.usecases.turns import lookups
from helpdesk.usecases.turns.lookups import TicketView
from zhtext import normalise

KEPT, SEND, COST, WHEN = "kept", "send", "cost", "when"
CALLS_BEFORE, WHO, READY, AT_HOME, CHANGE_DAY, LONG = "calls", "who", "ready", "home", "change", "long"
DOUBTS, NEXT, PAPERS = "doubts", "next", "papers"
BY_SHADE = {"doubts": DOUBTS, "asks_papers": PAPERS}
"""What is asked of a matter and was learnt (data/shades), before what company/matter_questions.yml lists."""
CALLS = frozenset({Kind.CALLBACK, Kind.OFFLINE_MESSAGE})
FREE = (Kind.COMPLAINT, Kind.INVOICE)
"""Kinds that never cost a customer anything."""
ABOUT_GOODS = (Kind.REPAIR, Kind.INSTALLATION, Kind.REFUND, Kind.EXCHANGE, Kind.PRICE_PROTECTION)
"""Kinds where it has to be known that and when a thing was bought."""
OF_VISIT = {
    CALLS_BEFORE: "utter_own_calls_visit",
    WHO: "utter_own_who_visit",
    READY: "utter_own_ready_visit",
    AT_HOME: "utter_own_home_visit",
    CHANGE_DAY: "utter_own_change",
    LONG: "utter_own_long_visit",
}
OF_GOODS = {
    CALLS_BEFORE: "utter_own_calls_goods",
    WHO: "utter_own_who_goods",
    READY: "utter_own_ready_goods",
}
"""What is asked before somebody comes to mend or install, or fetches goods, and what answers it."""
BY_KIND: dict[tuple[str, str], str] = {
    **{(asked, kind): told for asked, told in OF_VISIT.items() for kind in (Kind.REPAIR, Kind.INSTALLATION)},
    **{(asked, kind): told for asked, told in OF_GOODS.items() for kind in (Kind.REFUND, Kind.EXCHANGE)},
    (SEND, Kind.REPAIR): "utter_own_send_visit",
    (SEND, Kind.REFUND): "utter_own_send_goods",
    (SEND, Kind.EXCHANGE): "utter_own_send_goods",
    (COST, Kind.REPAIR): "utter_own_cost_visit",
    **{(COST, kind): "utter_own_cost_none" for kind in FREE},
    (COST, Kind.ORDER_CHANGE): "utter_own_cost_change",
    **{(PAPERS, kind): "utter_own_papers" for kind in ABOUT_GOODS},
}
"""What is asked of a matter of which kind, and what answers it."""


def topic(turn: Turn) -> str | None:
    """What is asked of the matter that is spoken of, and can be answered by its facts; None: nothing of the kind."""
    kind = kind_of(turn)
    if kind is None or turn.heard.is_press or "order" in turn.heard.values:
        return None
    learned = next((name for shade, name in BY_SHADE.items() if shade in turn.reading.shades), None)
    if learned and not asks_of_bot(turn):
        return learned if learned != PAPERS or not _is_of_an_article(turn) else None
    when = turn.company.sayings.asks_when
    asked = [plain for one in pieces(turn.heard.text) if asks(plain := normalise(one)) or when.search(plain)]
    found = (name for name, one in turn.company.matter_questions.items() if any(map(one.is_asked, asked)))
    answered = next((name for name in found if _is_answered(turn, name, kind)), None)
    is_other = turn.reading.says(*OF_ANOTHER_THING) or bool(turn.heard.values)
    goes_on = "asks_next" in turn.reading.shades and not (is_other or tells_on(turn.heard, turn.company))
    return answered or (NEXT if goes_on else None)


def asks_of_bot(turn: Turn) -> bool:
    """Whether it is asked who answers here, a program or a person: no doubt about the matter."""
    is_named = turn.reading.intent == "bot_challenge" and turn.reading.sure >= bounds.SURE_SENTENCE
    return is_named or turn.reading.says("challenge")


def _is_of_an_article(turn: Turn) -> bool:
    """Whether a rule of the shop is sure of what is asked, by its words alone."""
    return turn.services.knowledge.outcome(turn.heard.text).article is not None


def kind_of(turn: Turn) -> str | None:
    """The kind of the matter under way, else of the one registered that is spoken of."""
    if turn.form:
        return turn.before.kind or turn.slot("kind")
    kind = (turn.before.registered or {}).get("kind")
    return str(kind) if kind and registered.is_near(turn) and not _is_of_another_thing(turn) else None


def _is_of_another_thing(turn: Turn) -> bool:
    """「净水器的滤芯多久换一次」 after a cooker was reported: a thing that nothing was registered of."""
    names = names_of(turn)
    form = registered.form_in(turn)
    told = "".join(str(known(form.known.get(name)) or "") for name in ("product", "description")) if form else ""
    return bool(names and told) and not is_told(names, told)


OF_ANOTHER_THING = ("hurry", "status", "grumble", "anger", "sarcasm", "submit", "withdraw")
"""Acts of who does not ask what comes next, though it sounds so."""
OF_THE_SHOP = ("service.hours", "service.store", "service.corporate", "payment.", "account.")
"""Articles, by the beginning of their ids, on what no matter of a customer's has."""


def is_of_the_shop(turn: Turn) -> bool:
    """「你们门店几点关门」 beside a registered matter: an article is sure of it."""
    if topic(turn) != WHEN or turn.company.sayings.asks_visit.search(turn.heard.plain):
        return False
    found = turn.services.knowledge.outcome(turn.heard.text).article
    return found is not None and found.id.startswith(OF_THE_SHOP)


def by_rule(turn: Turn) -> bool:
    """Whether what is asked is answered by a rule of the shop, and not by what was told of the matter."""
    asked = topic(turn)
    return asked is None or kind_of(turn) in _rules(turn, asked)


def _rules(turn: Turn, asked: str) -> Mapping[str, str]:
    """The articles that answer it, by kind of ticket; none where it was learnt and no words are listed for it."""
    listed = turn.company.matter_questions.get(asked)
    return listed.articles if listed else {}


def _is_answered(turn: Turn, name: str, kind: str) -> bool:
    """Whether the facts of a matter of this kind answer it: none is under way where it is asked if it is there."""
    by_rule = kind in _rules(turn, name)
    by_facts = {
        KEPT: turn.form is None,
        WHEN: True,
        WHO: True,
        COST: (name, kind) in BY_KIND and (kind not in FREE or not _is_of_an_article(turn)),
        warranty.COVERED: kind == Kind.REPAIR and warranty.asked(turn),
    }
    return by_rule or by_facts.get(name, (name, kind) in BY_KIND)


async def answered(turn: Turn) -> bool:
    """Answer what is asked of one's own matter; whether something was."""
    kind, asked = kind_of(turn), topic(turn)
    if kind is None or asked is None:
        return False
    if warranty.told(turn):
        pass  # what is known of the age says more than the rule
    elif asked == KEPT:
        await _tell_kept(turn)
    elif asked == WHEN or (asked == WHO and (asked, kind) not in BY_KIND):
        await _tell_when(turn, kind)
    elif asked in STEPS:
        await _tell_steps(turn, kind, asked)
    elif article := _rules(turn, asked).get(kind):
        custom: Json = {"kind": "faq_answer", "faq_id": article}
        turn.say("utter_own_by_rule", custom=custom, answer=turn.services.knowledge.article(article).answer)
    elif (asked, kind) in BY_KIND:
        turn.say(BY_KIND[asked, kind], title=turn.company.kinds[kind].title)
    else:
        return False
    if not turn.form:
        await _for_whom_it_concerns(turn)
    return True


CONFIRMS = ("对吧", "对吗", "是吧", "对不对", "是不是", "没错吧", "是吗")
"""How a clause ends that only wants to be told that it is so."""


async def add(turn: Turn) -> None:
    """Something further of the registered matter; what is only to be confirmed is answered, or noted as a question."""
    if not turn.heard.plain.rstrip("?？ 。").endswith(CONFIRMS):
        await registered.add(turn)
    elif not await answered(turn):
        turn.say("utter_aside_noted")
        await _for_whom_it_concerns(turn)


async def _for_whom_it_concerns(turn: Turn) -> None:
    """Whoever deals with the registered matter sees what was asked of it."""
    number = (turn.before.registered or {}).get("number")
    await turn.stage("ticket_note", {"number": number, "text": f"客户询问：{turn.heard.text.strip()}"})
    turn.ask("anything_else")


# ---------------------------------------------------------------- when


async def _tell_when(turn: Turn, kind: str) -> None:
    if turn.form:
        _tell_when_in_form(turn, Form.of(turn, turn.form))
        return
    ticket = await _ticket(turn)
    if ticket is None or ticket.promised_at is None:
        await registered.read_out(turn)
        return
    due, when = spoken(ticket.promised_at, turn.company.profile.zone), ticket.visit_time or ticket.callback_time
    agreed = cases.agreed(ticket)
    otherwise = "utter_own_when_called" if kind in CALLS else "utter_own_when_case"
    turn.say(
        f"utter_agreed{agreed}" if agreed else otherwise,
        custom={"kind": "ticket_status", "number": ticket.number, "status": ticket.status},
        number=ticket.number,
        when=when,
        due=due,
        owner=ticket.owner_name,
    )


def _tell_when_in_form(turn: Turn, form: Form) -> None:
    """Before it is submitted: the hour that was wished for, or what we promise from then on."""
    when = next((form.shown(n, form.known[n]) for n in ("visit_time", "callback_time") if known(form.known.get(n))), "")
    first, result = due_times(turn.services, Kind(form.kind), Urgency.NORMAL, turn.now)
    zone = turn.company.profile.zone
    if form.kind in VISITS or when:
        turn.say("utter_own_when_agreed" if when else "utter_own_when_visit", when=when)
    elif form.kind in CALLS:
        turn.say("utter_own_when_call", due=spoken(first, zone))
    else:
        turn.say("utter_own_when_form", first=spoken(first, zone), due=spoken(result or first, zone))


async def _tell_steps(turn: Turn, kind: str, asked: str) -> None:
    """What comes next, or that it will be seen to: by whom and until when, as far as that is known."""
    ticket = None if turn.form else await _ticket(turn)
    zone = turn.company.profile.zone
    first, result = due_times(turn.services, Kind(kind), Urgency.NORMAL, turn.now)
    if ticket is None or ticket.promised_at is None:
        turn.say(STEPS[asked][0], first=spoken(first, zone), due=spoken(result or first, zone))
        return
    due = spoken(ticket.promised_at, zone)
    turn.say(STEPS[asked][1], number=ticket.number, owner=ticket.owner_name, due=due)


STEPS = {
    DOUBTS: ("utter_own_doubts_form", "utter_own_doubts_case"),
    NEXT: ("utter_own_next_form", "utter_own_next_case"),
}
"""What answers it before the matter is registered, and after."""


# ---------------------------------------------------------------- is it there


async def _tell_kept(turn: Turn) -> None:
    """Whether the matter that is named, else the one spoken of, is registered; which are, where it is none of them."""
    tickets = await lookups.open_tickets(turn.services, turn.ref)
    named = [kind for kind, one in turn.company.kinds.items() if _is_named(turn.heard.plain, one.title, one.called)]
    number = (turn.before.registered or {}).get("number")
    meant = [one for one in tickets if one.kind in named] if named else [t for t in tickets if t.number == number]
    if meant:
        turn.say("utter_own_kept", listed=_listed(meant[:1]), owner=meant[0].owner_name)
    elif tickets:
        turn.say("utter_own_kept_others", listed=_listed(tickets[: cases.LISTED]))
    else:
        turn.say("utter_nothing_registered")


def _is_named(plain: str, title: str, called: tuple[str, ...]) -> bool:
    return any(word in plain for word in (title, *called))


def _listed(tickets: list[TicketView]) -> str:
    return "、".join(f"{one.kind_title} {one.number}（{one.status_title}）" for one in tickets)


async def _ticket(turn: Turn) -> TicketView | None:
    number = str((turn.before.registered or {}).get("number") or "")
    return await lookups.find_ticket(turn.services, turn.ref, number) if number else None
