"""What `decide` is shown: everything that has to be looked up or parsed for it, done once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from actions.clauses import affirmed, denies, pieces
from actions.decide import bounds
from actions.decide.acts import FEELINGS
from actions.decide.reading import ACT_OF_INTENT, MATTERS
from actions.decide.seen import Fit, Seen
from actions.forms import hours, steering
from actions.forms.accounts import account
from actions.forms.answers import EVIDENCE, OUTCOME, Given, parse, tells_of_evidence, wished
from actions.forms.contrasts import contrasted
from actions.forms.controls import clauses_of, only_submits
from actions.forms.corrections import TIMES, corrections, pointed, removals
from actions.forms.form import Form
from actions.forms.labelled import labelled
from actions.forms.readback import is_picture_beside
from actions.forms.rechosen import rechosen
from actions.forms.revise import makes_sense
from actions.forms.revisions import LONGEST_END
from actions.forms.struck import struck
from actions.forms.submit import AGREED
from actions.forms.volunteered import CONTACT_WAY, TO_COME, named_by_words, volunteered
from actions.talk import bottom_line, orders, own, products, registered, safety, usable, warranty, which, whose
from actions.talk.faq import asked_in
from actions.turn import Turn
from helpdesk.model import picture
from helpdesk.model.field import known, state_of
from helpdesk.model.frame import CONFIRM, VALUES
from helpdesk.model.ticket import Kind
from zhtext import normalise
from zhtext.denial import names_undenied
from zhtext.english import is_english
from zhtext.questions import is_question
from zhtext.values import prices, scores, times, ways
from zhtext.values.unsaid import leaves_open

SHORT = 12
"""Characters up to which words mean what the question before makes of them."""
OPEN_KINDS = frozenset({"text", "evidence"})
"""Kinds of field that any words may answer."""


def look(turn: Turn) -> Seen:
    """The message and where it came, as the decision sees them."""
    form = Form.of(turn, turn.form) if turn.form else None
    plain = turn.heard.plain
    fit = _fit_in_form(turn, form) if form else _fit_of_question(turn)
    return Seen(
        frame=turn.before,
        reading=turn.reading,
        fit=fit,
        danger=_danger(turn, fit),
        red_line=_red_line(turn),
        brings=_brings(turn, form) if form else frozenset(),
        changes=form is not None and _changes(turn, form, fit),
        sets_right=_sets_right(turn, form),
        gives_up=form is not None and _gives_up(turn, form),
        instead=instead(turn, form.kind) if form else None,
        asks_call=turn.company.sayings.wants_call.search(plain) is not None,
        tells_more=turn.company.sayings.adds.search(plain) is not None
        and not turn.heard.is_press
        and not is_question(plain),
        goes_unchanged=_says_by_clause(turn, turn.company.sayings.goes_unchanged.search),
        told_already=_says_by_clause(turn, turn.company.accounts.told_already.search),
        to_worker=_says_by_clause(turn, turn.company.sayings.to_worker.search),
        asks_agreed=_asks_agreed(turn, form, plain),
        of_case=turn.form is None and which.points_at_case(turn),
        overdue=not turn.heard.is_press and turn.company.sayings.overdue.search(plain) is not None,
        asks_reach=_says_by_clause(turn, turn.company.sayings.asks_reach.search),
        in_queue=turn.facts.get("queue") is not None,
        leaves_queue=_says_by_clause(turn, lambda plain: turn.company.queue.leaves(plain.lstrip(SELF))),
        has_told=bool(turn.before.told),
        writes_down=_says_by_clause(turn, turn.company.sayings.writes_down.search),
        owes_opinion=turn.facts.get("answered_ticket_number") is not None,
        owes_answer_to_offer=bool(turn.facts.get("offer")),
        gives_score=_gives_score(turn),
        asks_safe=_asks_safe(turn),
        all_clear=turn.noted("danger") and turn.company.safety.is_all_clear(plain) and not _is_of_another(plain),
        supposes=turn.company.sayings.supposes.search(plain) is not None,
        in_danger=bool((turn.before.registered or {}).get(safety.DANGER)),
        asks_record=turn.asks_record,
        wants_data=_wants_data(turn, plain),
        moves_date="moves_date" in turn.reading.shades,
        adds_words="adds_words" in turn.reading.shades,
        revises=puts_right(turn),
        strikes=_strikes(turn, form),
        rechooses=_rechooses(turn, plain),
        hurries=turn.company.sayings.hurries.search(plain) is not None,
        wants_call=_wants_call(turn),
        is_english=is_english(turn.heard.text) and not turn.noted("english"),
        claims_difference=not turn.heard.is_press and _claims_difference(turn, plain),
        drops="drops" in turn.reading.shades,
        picks=_picks(turn, plain),
        for_case=_is_for_case(turn),
        takes_offer=_takes_offer(turn),
        awaits_answer=bool(asked_in(turn, turn.heard.text)),
        is_number=plain.isdigit(),
        suits=turn.company.sayings.asks_if_suits.search(plain) is not None,
        dictates=turn.company.sayings.writes_outright.search(turn.heard.text) is not None,
        starts_with_yes=not turn.heard.is_press and turn.company.sayings.starts_with_yes.search(plain) is not None,
        wants_repair=_says_by_clause(turn, turn.company.sayings.wants_repair.search),
        is_short=len(plain) <= SHORT,
        is_time=form is not None and _asks_time(turn, form),
        tells_time=form is not None and _tells_time(turn),
        asks_surely=form is not None and _asks_surely(turn, fit),
        is_question=is_question(plain),
        wants_back=_wants_back(turn, plain),
        names_staff=turn.company.sayings.names_staff.search(plain) is not None,
        wants_praise=turn.company.sayings.wants_praise.search(plain) is not None,
        tells_undone=turn.company.sayings.undone.search(plain) is not None,
        dispraises=turn.company.sayings.dispraises.search(plain) is not None,
        finishes_first=_says_by_clause(turn, turn.company.sayings.finishes.search),
        takes_back=_says_by_clause(turn, turn.company.sayings.no_denial.search),
        not_registered=_says_by_clause(turn, turn.company.sayings.not_registered.search),
        calls_self=_says_by_clause(turn, turn.company.sayings.calls_self.search),
        tells_symptom=_tells_symptom(turn),
        asks_mending=turn.company.sayings.asks_mending.search(plain) is not None,
        names_order="order" in turn.heard.values or "names_order" in turn.reading.shades,
        calls_off="calls_off" in turn.reading.shades or _needs_no_call(turn),
        urges_order=_urges_order(turn),
        contests_cancel=orders.contests_cancel(turn),
        goes_off=not turn.heard.is_press and turn.company.form_words.goes_off.search(plain) is not None,
        asks_too_much="asks_too_much" in turn.reading.shades,
        asks_lookup="asks_lookup" in turn.reading.shades,
        wants_visit="wants_visit" in turn.reading.shades and not any(word in plain for word in CLERKS),
        nothing_more=turn.company.sayings.nothing_more.search(plain) is not None,
        submits=form is not None and steering.submits(form, turn.before.form or "", turn.heard),
        only_submits=not turn.heard.is_press and only_submits(turn.company, turn.heard.text),
        submits_early=_submits_early(turn),
        lets_stand=form is not None and steering.lets_stand(form, turn.before.form or "", turn.heard),
        leaves_out=form is not None and not turn.heard.is_press and bool(removals(form, turn.heard)),
        leaves_open=leaves_open(plain),
        points_back=turn.company.sayings.points_back.search(plain) is not None,
        added=_added(turn, plain),
        is_account=not turn.heard.is_press and _tells(turn) is not None,
        asks_first=_says_by_clause(turn, turn.company.sayings.asks_first.search),
        asks_beside=not turn.heard.is_press and _asks_beside(turn),
        not_helped=turn.company.care.is_unhelped(plain) and not turn.heard.is_press,
        tells_misdeed=not turn.heard.is_press and turn.company.misdeeds.tells(plain),
        broke_after_install=_broke_after_install(turn),
        asks_covered=warranty.asked(turn),
        asks_product=products.is_asked(turn),
        own_question=own.topic(turn),
        call_hours=_tells_call_hours(turn),
        contact_way=_contact_way(turn),
        needs_help=not (turn.noted("help") or turn.slot(CONTACT_WAY)) and turn.company.care.detect(plain) is not None,
    )


def puts_right(turn: Turn) -> bool:
    """Whether something of the form under way is put right, by the words that the reader found; not by who asks.

    An account that is dictated (「就写…」) is all that follows.
    """
    form = Form.of(turn, turn.form) if turn.form else None
    is_dictated = turn.company.sayings.writes_outright.search(turn.heard.text) is not None
    is_asked = "asks_lookup" in turn.reading.shades or turn.reading.says("status")
    if form is None or is_asked or is_dictated or _is_only_a_number(turn, form):
        return False
    return makes_sense(form, turn.before.form or "", turn.heard)


def _is_only_a_number(turn: Turn, form: Form) -> bool:
    """「20261120」 where a day is asked for is that day, 「12」 where a name is none: no end of an order's number."""
    is_end = len(turn.heard.plain) <= LONGEST_END and turn.before.form != CONFIRM
    return turn.heard.plain.isdigit() and (is_end or _fit_in_form(turn, form) is Fit.VALUE)


def _tells(turn: Turn) -> str | None:
    """What the message tells, for the matter under way: a call may be about a question."""
    return account(turn.heard, turn.company, turn.before.kind or Kind.COMPLAINT)


SELF = "我俺那就"


def _says_by_clause(turn: Turn, says: Callable[[str], object]) -> bool:
    """Whether one of the clauses says it; a press says nothing."""
    clauses = [] if turn.heard.is_press else pieces(turn.heard.text)
    return any(says(normalise(one)) for one in clauses)


def _sets_right(turn: Turn, form: Form | None) -> bool:
    """Whether a value of what was written down is told anew: 「是86号不是68号」, or the matter just registered is."""
    written = form or (registered.form_in(turn) if turn.before.topic == "ticket" else None)
    if written is None or turn.heard.is_press or _needs_no_call(turn):
        return False
    if contrasted(written, turn.heard).values or pointed(written, turn.heard):
        return True
    told = labelled(written, turn.heard).values
    if any(written.known.get(name) not in (None, value) for name, value in told.items()):
        return True
    if form:
        return False
    asks = turn.company.sayings.asks_change.search(turn.heard.plain) is not None
    is_changed = asks and bool(corrections(written, turn.heard, turn.reading.words))
    return is_changed or bool((TO_COME | {CONTACT_WAY}) & volunteered(written, turn.heard).keys())


def _submits_early(turn: Turn) -> bool:
    """「提交」 where a field is asked for that has no value."""
    asked = turn.before.form or ""
    return asked in turn.company.fields and not turn.heard.is_press and only_submits(turn.company, turn.heard.text)


def _gives_up(turn: Turn, form: Form) -> bool:
    """Whether a clause gives up what is being registered, or denies it by its name."""
    sayings, kind = turn.company.sayings, turn.company.kinds[form.kind]
    clauses = [] if turn.heard.is_press else [normalise(one) for one in pieces(turn.heard.text)]
    names = (kind.title, *kind.called)
    denied = [one for one in clauses if sayings.not_this.search(one) or (denies(one) and not is_question(one))]
    denied += [one for one in clauses if any(one.startswith(f"{what}{name}") for what in MOCKED for name in names)]
    is_named = any(name in one for one in denied for name in names)
    gives_up = any(sayings.gives_up.search(one) or sayings.not_registered.search(one) for one in clauses)
    is_taken_back = any(sayings.no_denial.search(one) or turn.company.form_words.submits.search(one) for one in clauses)
    return (is_named or gives_up) and not is_taken_back


MOCKED = ("什么", "啥", "咩")
"""「什么维修啊」: what a matter that nobody wants is named with."""
HURRY = "hurry"


def instead(turn: Turn, kind: str) -> str | None:
    """The act of what the words want in the place of this matter: a thing hurried, or another matter with it."""
    if turn.heard.is_press:
        return None
    if turn.company.sayings.hurries.search(normalise(affirmed(turn.heard.text))):
        return HURRY
    other = rechosen(turn.company, kind, turn.heard.text)
    return next((act for act, opened in MATTERS.items() if opened == other), None)


def _asks_agreed(turn: Turn, form: Form | None, plain: str) -> bool:
    """Whether it is asked when somebody comes or calls, as far as that was told: here, before, or in what waits."""
    if turn.heard.is_press or not any(_is_agreed(one) for one in _written_down(turn, form)):
        return False
    sayings = turn.company.sayings
    asks = sayings.asks_visit.search(plain) or sayings.asks_valid.search(plain)
    return asks is not None or (form is None and _speaks_of_due(turn, plain))


def _speaks_of_due(turn: Turn, plain: str) -> bool:
    """Whether our own hour is spoken of: 「12点02打来我接不了」."""
    due = (turn.before.registered or {}).get("due")
    if not due or turn.before.topic != "ticket":
        return False
    hour = datetime.fromisoformat(str(due)).astimezone(turn.company.profile.zone).hour
    return any(words in plain for words in (f"{hour}点", f"{hour}:", f"{hour}：", *(NOON if hour in LUNCH else ())))


LUNCH, NOON = (11, 12, 13), ("中午前", "中午之前", "十二点")
"""Hours that are called noon, and how an hour before it is."""


def _written_down(turn: Turn, form: Form | None) -> Iterator[Mapping[str, Any]]:
    """The values of the form under way, of what was registered last, and of what was set aside."""
    if form:
        yield form.known
        return
    yield (turn.before.registered or {}).get("fields") or {}
    yield from (one["slots"] for one in turn.before.suspended)


def _is_agreed(values: Mapping[str, Any]) -> bool:
    return any(known(values.get(name)) for name in AGREED)


def _wants_data(turn: Turn, plain: str) -> bool:
    """Whether something is wanted done with the customer's own data: by words, or as it was learnt."""
    if turn.heard.is_press or "ticket" in turn.heard.values:
        return False
    if _says_by_clause(turn, turn.company.sayings.goes_unchanged.search):
        return False  # 「账号留着，别动它」
    is_named = turn.company.sayings.data_wish(plain) is not None and not is_question(plain)
    is_other = turn.reading.says(*NO_DATA_WISH) or turn.company.sayings.hurries.search(plain) is not None
    return is_named or ("own_data" in turn.reading.shades and not is_other)


def _wants_call(turn: Turn) -> bool:
    """「请给我回个电话，想了解延保怎么买」: a call is wished for, with a number or in a clause that asks nothing."""
    wants = turn.company.sayings.wants_call
    if turn.heard.is_press or not wants.search(turn.heard.plain):
        return False
    if "phone" in turn.heard.values:
        return True
    clauses = [plain for one in pieces(turn.heard.text) if wants.search(plain := normalise(one))]
    is_open = turn.before.topic not in ("ticket", "order") and not turn.before.question.get("service")
    return is_open and len(clauses) == 1 and not (is_question(clauses[0]) or denies(clauses[0]))


NO_DATA_WISH = (
    *("complain", "person", "suggest", "praise", "callback", "repair", "exchange", "invoice", "install"),
    *("hurry", "status"),
)
"""Acts that are heard for what they are, whatever they sound like besides."""


def _urges_order(turn: Turn) -> bool:
    """「2026…赶紧发」: an order is named, and shall go faster; 「不用催」 asks for nothing of the kind."""
    clauses = [one for piece in pieces(turn.heard.text) if not denies(one := normalise(piece))]
    is_named = "order" in turn.heard.values and not turn.heard.is_press
    return is_named and any(turn.company.order_numbers.urges.search(one) for one in clauses)


def _needs_no_call(turn: Turn) -> bool:
    """「不用打给我了」 of the call that was just registered, and by no other way: it is not wanted any more."""
    is_call = (turn.before.registered or {}).get("kind") == Kind.CALLBACK and turn.before.topic == "ticket"
    if not is_call or turn.form or turn.heard.is_press or "order" in turn.heard.values:
        return False
    kind = turn.company.kinds[Kind.CALLBACK]
    is_named = any(word in turn.heard.plain for word in (kind.title, *kind.called))
    is_cancelled = is_named and turn.reading.wanted == "cancel_order"
    return is_cancelled or ways.read(hours.without(turn.company, turn.heard.text)) == ways.WRITTEN


def _strikes(turn: Turn, form: Form | None) -> bool:
    """Whether words are named that stand in what was written down, here or in the matter just registered."""
    written = form or (registered.form_in(turn) if turn.before.registered else None)
    return written is not None and struck(written, turn.heard) is not None


def _rechooses(turn: Turn, plain: str) -> bool:
    """Whether the matter just registered is given up, or was never settled, and another one wished in its place."""
    if turn.form or turn.heard.is_press or turn.before.topic != "ticket":
        return False
    kind = str((turn.before.registered or {}).get("kind") or "")
    if kind not in turn.company.kinds or rechosen(turn.company, kind, turn.heard.text) is None:
        return False
    gives_up = turn.reading.denies_matter(kind) or turn.company.sayings.rechooses.search(plain) is not None
    return gives_up and not (is_question(plain) and turn.reading.says("ask"))


def _claims_difference(turn: Turn, plain: str) -> bool:
    """Whether a difference in price is wanted, or told in figures; a question about the rule alone is none."""
    sayings, told = turn.company.sayings, prices.told(plain)
    was_offered = turn.pending.get("offers") == "price_protection"
    if "bought" in turn.reading.shades and told.keys() >= prices.ALL:
        return True  # 「买的时候399，昨晚一看变339了」
    if not (sayings.price_drop.search(plain) or (was_offered and told)):
        return False
    claims = turn.reading.says("compensate", "refund", "complain") or sayings.claims.search(plain) is not None
    is_told = bool(told) and not (is_question(plain) and told.keys() <= {prices.PAID})
    return is_told or (claims and not is_question(plain))


def _picks(turn: Turn, plain: str) -> str | None:
    """Which of the ways beside a person that stand open is named in words, where we asked for a person.

    A phone that is left after a question we could not answer is left to be called back at.
    """
    if turn.pending.get("kind") not in ASKS_WAY or turn.heard.is_press:
        return None
    if _says_by_clause(turn, PASSED_ON.fullmatch):
        return HANDED_OVER
    if _wants_other_way(turn):
        return None
    if turn.pending.get("told") and "phone" in turn.heard.values and not turn.reading.says("person", *MATTERS):
        return CALL
    way = str(turn.pending.get("way") or CALL)
    if _is_for_case(turn):
        return None
    return way if _says_by_clause(turn, lambda one: names_undenied(turn.company.sayings.picks[way], one)) else None


def _wants_other_way(turn: Turn) -> bool:
    """「不用回电，噪音多大」, 「给我登记投诉」: the call that was offered is not wanted, or something else is."""
    clauses = [normalise(one) for one in pieces(turn.heard.text)]
    is_declined = any(denies(one) and turn.company.sayings.picks[CALL].search(one) for one in clauses)
    names = [one.title for kind, one in turn.company.kinds.items() if kind not in CALLS]
    is_named = any(name in one and not denies(one) for one in clauses for name in names)
    return is_declined or is_named or (turn.reading.is_sure and turn.reading.wanted != "callback")


def _is_for_case(turn: Turn) -> bool:
    """「不转，记下来：坏了肉菜一百八」 of a registered matter: written down there, and nobody calls because of it."""
    plain, sayings = turn.heard.plain, turn.company.sayings
    is_offered = turn.pending.get("kind") in ASKS_WAY and str(turn.pending.get("way") or CALL) == CALL
    is_of_case = turn.before.topic == "ticket" and turn.before.registered is not None and not turn.heard.is_press
    names_call = CALLING in plain or sayings.wants_call.search(plain) is not None or "phone" in turn.heard.values
    return is_offered and is_of_case and not names_call and sayings.picks[CALL].search(plain) is not None


CALLS = frozenset({Kind.CALLBACK, Kind.OFFLINE_MESSAGE})
CALLING = "电"
"""In 回电, 来电, 打电话."""


ASKS_WAY = ("offer_human", "offer_callback")
"""Our questions that a call answers, too."""
PASSED_ON = re.compile(r"(?:那|就|行|好|你|快|请|帮我|给我|麻烦)*转(?:人工?|接|过去|一?下|吧|呗|啊|呀|嘛|了|转)*")
"""「转吧」: how the way to a person is called for short, where it was offered."""
HANDED_OVER = "request_human"
CLERKS = ("人工", "客服", "活人", "真人")
"""Who is in the chat, and comes to nobody's house."""
CALL = "request_callback"
"""The way that is always open beside a person."""


def _takes_offer(turn: Turn) -> bool:
    """Whether what an answer of ours offered is taken up: with the number it asked for, without one, or outright."""
    if turn.heard.is_press or turn.form:
        return False
    if turn.pending.get("otherwise") or turn.before.looked_for:
        return _has_it_registered(turn)
    if not turn.pending.get("offers"):
        return False
    if turn.pending["offers"] == Kind.CALLBACK:
        return "phone" in turn.heard.values or (turn.takes_offer and not turn.reading.says("deny", "refuse"))
    has_number = bool({"order", "phone"} & set(turn.heard.values)) and "ticket" not in turn.heard.values
    return has_number or turn.takes_offer or turn.reading.says("has_none", "unknown")


INSISTS = ("affirm", "correct", "dispute", *FEELINGS, "offtopic")
"""Acts of who was offered to have a number registered that was not found, and means that one all the same."""


def _has_it_registered(turn: Turn) -> bool:
    """After a number that was not found: it is right all the same, or let it be registered, in whatever clause.

    Right after the offer whatever is no question, no refusal and nothing else that is wanted comes to that.
    """
    sayings, clauses = turn.company.sayings, [normalise(one) for one in pieces(turn.heard.text)]
    said = str(turn.heard.values.get("order") or "")
    is_other = "ticket" in turn.heard.values or (said and said != turn.before.looked_for)
    if is_other or any(sayings.gives_up.search(one) for one in clauses) or turn.reading.says("stop", "bye"):
        return False
    told = [one for one in clauses if not is_question(one)]
    is_wished = bool(said) or "phone" in turn.heard.values or any(sayings.wants_record.search(one) for one in told)
    is_wished = is_wished or "takes_offer" in turn.reading.shades
    insists = turn.reading.says(*INSISTS) or turn.reading.is_silent
    is_answer = bool(turn.pending.get("otherwise")) and len(told) == len(clauses) and insists
    return is_wished or (is_answer and not turn.reading.says("person", "greet", "thank"))


def _tells_symptom(turn: Turn) -> bool:
    """「扫地机老是走一半就停」: of a product, and of nothing that a person or a parcel did."""
    if turn.heard.is_press or "product" not in turn.heard.values or account(turn.heard, turn.company) is None:
        return False
    categories = turn.company.complaints.find(turn.heard.plain)
    return not categories or categories[0] == "quality"


ANOTHER = ("另一", "另外", "别的那", "其他的", "旁边那")


def _is_of_another(plain: str) -> bool:
    """「另一个壶，没漏电的那个」: what is said of another thing takes nothing back."""
    return any(word in plain for word in ANOTHER)


def _tells_call_hours(turn: Turn) -> bool:
    """Whether the message tells when to call, of a form or of what was registered, and little else."""
    if turn.heard.is_press:
        return False
    form = Form.of(turn, turn.form) if turn.form else registered.form_in(turn)
    if form is None or not hours.told(form, turn.heard):
        return False
    return len(turn.heard.but(hours.places(form, turn.heard.text)).plain) <= SHORT


def _contact_way(turn: Turn) -> str | None:
    """How the customer wishes to be reached, where the message is about nothing else."""
    if (
        ways.LEARNT not in turn.heard.shades
        or turn.heard.is_press
        or _needs_no_call(turn)
        or set(turn.heard.values) - {"time", "quantity"}
        or turn.reading.wanted not in (None, "callback")
    ):
        return None
    clauses = hours.without(turn.company, turn.heard.text)
    way, before = ways.read(clauses), turn.slot(CONTACT_WAY)
    if turn.form and _tells_besides(turn, way, clauses):
        return None
    beside = sum(len(one) for one in clauses if not ways.is_about(one))
    is_usual = way == ways.CALL and before is None and not ways.spares_others(clauses)
    if way is None or is_usual or beside > SHORT:
        return None
    return ways.renewed(before, way)


def _tells_besides(turn: Turn, way: str | None, clauses: list[str]) -> bool:
    """Whether it is no mere way: a letter that is wished for, or how things are where whoever comes is to call."""
    to_worker = turn.company.sayings.to_worker
    is_of_visit = len(clauses) > 1 and any(to_worker.search(one) for one in clauses)
    return is_of_visit or (way == ways.POST and turn.before.form == "outcome")


def _broke_after_install(turn: Turn) -> bool:
    """「装了三天就漏水」: of a thing that was installed, and asks nothing about installing."""
    plain, company = turn.heard.plain, turn.company
    is_ours = not turn.heard.is_press and ("product" in turn.heard.values or turn.known("product"))
    is_named = company.sayings.trouble.search(plain) or company.safety.doubt(plain)
    is_fault = is_named is not None or "quality" in company.complaints.find(plain)
    return bool(is_ours and is_fault and company.sayings.installed.search(plain))


def _gives_score(turn: Turn) -> bool:
    """Whether a rating was asked for and the words hold one."""
    asked = turn.facts.get("rating_asked") or turn.pending.get("kind") == "rating"
    return bool(asked) and scores.read(turn.heard.plain) is not None


TELLS_NO_DANGER = frozenset({"address", "name", "phone"})
"""Kinds of field whose answer is no danger, whatever it sounds like: 「烤冷面摊子后头第二栋」."""


def _danger(turn: Turn, fit: Fit) -> str | None:
    """A danger that was not attended to yet: by the company's words, or read between them."""
    field = turn.company.fields.get(turn.before.form or "")
    is_value = fit is Fit.VALUE and field is not None and field.kind in TELLS_NO_DANGER
    if turn.heard.is_press or (is_value and safety.is_guess(turn)):
        return None
    if turn.noted("danger") and (turn.asks_record or turn.company.safety.is_all_clear(turn.heard.plain)):
        return None  # 「第一个触电那个登记念一下」 tells of none
    found = safety.danger_in(turn)
    is_guess = safety.is_guess(turn) and turn.noted("danger")
    wishes = turn.reading.wanted is not None or turn.reading.says("person", "status", "hurry", "stop")
    is_told_on = (turn.form is not None or wishes or _asks_safe(turn)) and turn.noted(f"danger:{found}")
    return None if is_guess or is_told_on or _is_reason(turn, found) else found


def _is_reason(turn: Turn, found: str | None) -> bool:
    """「师傅明天别来，老人住院了」: an illness is why another day is wished, unless an injury was surely heard."""
    acts, named = turn.reading.acts, turn.company.safety.dangers.get(str(found))
    is_sure = max(acts.get("injury", 0.0), acts.get("danger", 0.0)) >= bounds.DANGER
    return "moves_date" in turn.reading.shades and named is not None and named.is_injury and not is_sure


def _asks_safe(turn: Turn) -> bool:
    """Whether it is asked if something may be used that something is wrong with, or is left of a danger told before."""
    safety, plain = turn.company.safety, turn.heard.plain
    if turn.heard.is_press:
        return False
    is_left = turn.noted("danger") and usable.denies_danger(turn) and safety.words.leaves(plain)
    return is_left or usable.asks_use(turn)


def _red_line(turn: Turn) -> str | None:
    sign = None if turn.heard.is_press else turn.company.red_lines.detect(turn.heard.plain)
    return sign if sign and not turn.noted(f"{bottom_line.REASON}:{sign}") else None


def _fit_in_form(turn: Turn, form: Form) -> Fit:
    asked = turn.before.form or ""
    if asked not in turn.company.fields or is_picture_beside(form, turn.heard, asked):
        return Fit.NONE
    answer = parse(form.asked(asked), turn.heard)
    is_told = (asked == OUTCOME and wished(turn.heard) != "") or (
        asked == EVIDENCE and tells_of_evidence(turn.company, turn.heard.text)
    )
    if not turn.heard.is_press and (named_by_words(form, turn.heard, asked) or is_told):
        return Fit.VALUE
    if isinstance(answer, Given):
        if state_of(answer.value) is not None and not turn.heard.is_press:
            return Fit.CANNOT_TELL
        kind = turn.company.fields[asked].kind
        is_open = kind in OPEN_KINDS and not turn.heard.is_press and (kind != "evidence" or answer.raw)
        is_value = form.spec(asked).takes_anything and bool(turn.heard.values)
        is_words = (answer.raw or is_open) and not picture.is_sent(turn.heard.plain) and not is_value
        return Fit.WORDS if is_words else Fit.VALUE
    return Fit.WRONG if answer else Fit.NONE


DIGITS = ("ticket_digits", "order_digits")
"""The end of a phone is asked for, which proves whose a thing is."""
FOUND_BY_CONTACT = ("ticket_number", "order_number")
"""Numbers that the phone they stand under serves for."""


def _fit_of_question(turn: Turn) -> Fit:
    """Outside a form: whether the message brings the value our question was about."""
    wanted = VALUES.get(str(turn.pending.get("kind") or ""))
    if wanted is None:
        return Fit.NONE
    if wanted in ("description", "staff_name"):
        return Fit.VALUE if turn.heard.text else Fit.NONE
    values = turn.heard.values
    if turn.pending.get("kind") in DIGITS and whose.last_four(turn):
        return Fit.VALUE
    if turn.pending.get("kind") in FOUND_BY_CONTACT and _is_contact(turn) and not turn.reading.is_sure:
        return Fit.VALUE
    if turn.pending.get("purpose") == "hurry" and "phone" in turn.heard.values:
        return Fit.VALUE
    return Fit.VALUE if values.get(wanted) or ("ticket" in values) else Fit.NONE


def _is_contact(turn: Turn) -> bool:
    """Instead of a number: the phone it was registered under, and then the surname."""
    return "phone" in turn.heard.values or bool(turn.pending.get("phone") and whose.surname_said(turn))


def _brings(turn: Turn, form: Form) -> frozenset[str]:
    if turn.heard.is_press:
        return frozenset()
    asked = turn.before.form or ""
    if is_picture_beside(form, turn.heard, asked):
        return frozenset({"evidence"})
    return frozenset(volunteered(form, turn.heard, asked))


def _changes(turn: Turn, form: Form, fit: Fit) -> bool:
    """「等等说错了，坏的是热水器」 at another question."""
    if turn.heard.is_press:
        return False
    if turn.before.form == CONFIRM and turn.heard.plain in (form.spec(name).title for name in form.values()):
        return True  # the title of its own button, typed
    at_confirm = turn.before.form == CONFIRM and len(pieces(turn.heard.text)) > 1
    sounds_so = at_confirm or (turn.reading.intent == "correct_info" and turn.reading.sure >= bounds.HARMLESS)
    return sounds_so and fit is not Fit.VALUE and bool(corrections(form, turn.heard, turn.reading.words))


ASKING = frozenset({"ask_faq", "product_advice", "check_order"})


def _wants_back(turn: Turn, plain: str) -> bool:
    """「刚才撤的那个还是要继续办」, 「恢复吧」."""
    sayings = turn.company.sayings
    return sayings.restores.search(plain) is not None or ("撤" in plain and sayings.goes_on.search(plain) is not None)


def _added(turn: Turn, plain: str) -> str | None:
    """The act of a further matter: by the reading, else by the sentence alone, which knows more matters."""
    if not turn.company.sayings.adds.search(plain):
        return None
    said = ACT_OF_INTENT.get(turn.reading.intent)
    is_sure = turn.reading.sure >= bounds.SURE_OF_QUESTION and said in MATTERS
    act = turn.reading.wanted if turn.reading.is_sure else said if is_sure else None
    return act if act and MATTERS[act] != turn.before.kind else None


def _asks_surely(turn: Turn, fit: Fit) -> bool:
    """The classifier, which has read more sentences, is sure of a question where the reader heard an answer."""
    reading = turn.reading
    is_asked = is_question(turn.heard.plain) or fit is Fit.NONE
    return reading.intent in ASKING and reading.sure >= bounds.SURE_OF_QUESTION and is_asked


def _asks_beside(turn: Turn) -> bool:
    """One clause of several asks: 「订单号2026…，运费谁出」."""
    parts = pieces(turn.heard.text)
    return len(parts) > 1 and any(map(turn.company.sayings.asks, map(normalise, parts)))


def _tells_time(turn: Turn) -> bool:
    """One clause is a time and nothing else, or asks whether one suits: 「明天上午来行不行」."""
    said, suits = clauses_of(turn.heard.text), turn.company.sayings.asks_if_suits
    is_wish = "time" in turn.heard.values and any(suits.search(normalise(one)) for one in said)
    return not turn.heard.is_press and (is_wish or any(times.is_bare(one, turn.now) for one in said))


def _asks_time(turn: Turn, form: Form) -> bool:
    asked = turn.before.form or ""
    return asked in turn.company.fields and form.spec(asked).kind in TIMES
