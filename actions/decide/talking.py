"""Rows for whatever else is said."""

from __future__ import annotations

from actions.decide import bounds
from actions.decide.acts import Rows
from actions.decide.reading import MATTERS
from actions.decide.seen import Seen
from actions.decide.signs import asks_of_refund, gives_anew, goes_on, is_on_case, tells_fault, wants_somebody, wishes


def _wants_withdrawn(seen: Seen) -> bool:
    """「又坏了，那个单子还是捡起来吧」 after a matter was withdrawn."""
    return goes_on(seen) and bool((seen.frame.registered or {}).get("withdrawn"))


def _about_own_case(seen: Seen) -> bool:
    own, rule = (seen.reading.acts.get(act, 0.0) for act in ("ask_own", "ask"))
    is_own = own > 0 and not (own < rule and own < bounds.MATTER)
    asks = is_own or (seen.reading.says("status") and seen.reading.intent != "check_ticket")
    return seen.frame.topic == "ticket" and asks


def _adds_more(seen: Seen) -> bool:
    """「补充一条：压缩机嗡嗡响」; another matter, or the same of another thing, wished or taken back is none."""
    kind, wanted = (seen.frame.registered or {}).get("kind"), MATTERS.get(str(seen.reading.wanted))
    is_same = wanted == kind and "product" not in seen.reading.values
    wants = (seen.reading.is_sure and not is_same) or seen.reading.says("withdraw")
    return is_on_case(seen) and seen.tells_more and seen.is_account and not wants


def _tells_above_all(seen: Seen) -> bool:
    """An account; 「他们道过歉了，那单不用追了」 tells why a matter is taken back."""
    return seen.reading.first(("story", "withdraw")) == "story"


def _is_no_addition(seen: Seen) -> bool:
    """A question, a value that is put right, or a praise by both readings: 「小周人很好，表扬她」."""
    praises = seen.reading.intent == "praise" and seen.reading.acts.get("praise", 0.0) >= bounds.OPEN
    return seen.is_question or gives_anew(seen) or praises


def _is_of_what_goes(seen: Seen) -> bool:
    """「报修撤掉吧」: the matter that is heard is the registered one, and is taken back."""
    wanted, kind = str(seen.reading.wanted), (seen.frame.registered or {}).get("kind")
    is_same = MATTERS.get(wanted) == kind and seen.frame.topic == "ticket"
    return is_same and seen.reading.acts["withdraw"] >= seen.reading.acts[wanted]


def _withdraws(seen: Seen) -> bool:
    """Something is taken back; where nothing is known to be registered, not in words that are foreign by themselves."""
    is_known = seen.frame.registered is not None or bool(seen.frame.suspended) or "ticket" in seen.reading.values
    return seen.reading.says("withdraw") and (is_known or seen.reading.intent != "out_of_scope")


def _about_case(seen: Seen) -> bool:
    return seen.frame.topic == "ticket" and seen.frame.registered is not None


def _is_faint(seen: Seen, act: str) -> bool:
    """Whether an act was only guessed: no matter is withdrawn on that in a question."""
    return 0 < seen.reading.acts.get(act, 0.0) < bounds.MATTER


def _goes_on_with_case(seen: Seen) -> bool:
    """It is begun at once by its name, a complaint or what else is wanted, or belongs to the complaint spoken of."""
    is_named = seen.reading.is_sure and seen.reading.wanted not in (None, "install", "repair")
    return is_named or (is_on_case(seen) and (seen.frame.registered or {}).get("kind") == "complaint")


def _is_no_other_wish(seen: Seen) -> bool:
    """Of a fault: what was heard besides comes of the installing, or of telling it."""
    is_named = seen.reading.wanted == "complain" and seen.reading.is_sure
    return seen.reading.wanted in (None, "install", "complain") and not is_named and not is_on_case(seen)


def _adds_to_praise(seen: Seen) -> bool:
    """「工号好像是D308」 right after a praise was recorded."""
    kind = (seen.frame.registered or {}).get("kind")
    tells = (seen.names_staff or seen.reading.says("ask_own")) and not seen.asks_record
    return seen.frame.topic == "ticket" and kind in ("praise", "suggestion") and tells and not seen.is_question


def _changes_case(seen: Seen) -> bool:
    complains = seen.reading.wanted == "complain" and seen.reading.is_sure
    says_so = seen.reading.says("correct", "change_order") and not seen.moves_date
    is_change = says_so and not seen.is_question and not complains
    return seen.frame.topic == "ticket" and is_change and "order" not in seen.reading.values


def _tells_of_order(seen: Seen) -> bool:
    """「写着签收了，货影子都没有」 beside an order's number: what went wrong with it, besides its state."""
    tells = seen.reading.wanted == "complain" and seen.reading.says("story") and not seen.is_question
    return tells and "order" in seen.reading.values


def _is_angry(seen: Seen) -> bool:
    reading = seen.reading
    is_furious = reading.says("grumble") and reading.intent == "express_anger" and reading.sure >= bounds.OUTRIGHT
    return is_furious or reading.says("anger") or reading.acts.get("sarcasm", 0.0) > reading.acts.get("praise", 0.0)


def _is_louder_than_asked(seen: Seen) -> bool:
    """「什么垃圾售后，坏了半个月没人管」: cross above all, and only sounds asked."""
    acts = seen.reading.acts
    asked = max(acts.get("ask", 0.0), acts.get("ask_own", 0.0))
    return _is_angry(seen) and asked < min(bounds.INTENT, acts.get("grumble", 0.0))


def _hears_repair_only(seen: Seen) -> bool:
    """A fault is told, and nothing says that it shall be mended: an exchange or a refund may be what is wanted."""
    asks = seen.asks_mending or seen.wants_visit or seen.reading.acts.get("repair", 0.0) >= bounds.OUTRIGHT
    is_refused = seen.not_registered or seen.reading.denies("repair")
    return seen.reading.wanted == "repair" and not asks and not is_refused


def _asks_of_fault(seen: Seen) -> bool:
    """「烤箱门关不上咋整」, 「转盘不转了还能修吗」: no article mends it, somebody who comes does."""
    asks = seen.reading.says("ask", "ask_own", "advice")
    return tells_fault(seen) and asks and seen.frame.topic != "ticket" and not seen.reading.says("status")


def _makes_no_sense(seen: Seen) -> bool:
    """A yes, a no or a praise that nothing was asked for, in words that belong to no matter of ours."""
    if seen.tells_more and seen.is_account:
        return False
    is_guess = seen.reading.intent == "out_of_scope" and seen.reading.says("affirm", "deny", "choose", "praise")
    return is_guess and seen.question in ("", "open") and not seen.reading.values


def _wants_outright(seen: Seen) -> bool:
    """A matter that is surely wanted, and heard hardly less plainly than a wish that is called by its name."""
    wanted = seen.reading.wanted
    return seen.reading.is_sure and wanted is not None and seen.reading.acts[wanted] >= bounds.SURE_SENTENCE


def _is_of_no_matter(seen: Seen) -> bool:
    """「厦门地铁末班车几点」: a place or a time in a question about something else is none of ours."""
    is_other = seen.reading.says("offtopic") and seen.reading.intent == "out_of_scope"
    return is_other and bool(seen.reading.values) and set(seen.reading.values) <= {"place", "time", "quantity"}


def _is_faintly_foreign(seen: Seen) -> bool:
    """「啊吧啊吧」: neither reading is sure that it is of another world, and it is of none that we know."""
    is_sure = seen.reading.intent == "out_of_scope" and seen.reading.sure >= bounds.OPEN
    is_faint = seen.reading.acts.get("offtopic", 0.0) < bounds.OPEN and not is_sure
    return seen.reading.says("offtopic") and is_faint and not seen.is_question and not seen.reading.values


def _only_denies(seen: Seen) -> bool:
    """「如果明天发货我就不取消」: the day in it tells nothing by itself."""
    return seen.reading.denies(*MATTERS) and set(seen.reading.values) <= {"time", "product"} and not wishes(seen)


TALK: Rows = (
    ("not_understood", _makes_no_sense),
    ("stop", lambda s: s.not_registered and not (s.names_order or s.asks_beside or s.reading.denies("withdraw"))),
    ("out_of_scope", _is_of_no_matter),
    ("status", lambda s: s.contests_cancel and s.reading.wanted != "complain"),
    ("status", lambda s: s.reading.denies("cancel_order", "change_order") and s.awaits_answer),
    ("take_back", lambda s: s.wants_back or _wants_withdrawn(s)),
    ("call_back", lambda s: s.asks_call and s.reading.says("person")),
    ("call_back", lambda s: s.wants_call and not s.reading.denies("callback") and not _wants_outright(s)),
    ("price_protection", lambda s: s.claims_difference),
    ("check_complaint", lambda s: s.tells_misdeed and not _goes_on_with_case(s)),
    ("check_repair", lambda s: s.broke_after_install and _is_no_other_wish(s)),
    ("covered", lambda s: s.asks_covered and (not s.reading.is_sure or s.reading.wanted == "repair")),
    ("dispute", lambda s: s.reading.says("dispute")),
    ("hurry", lambda s: s.urges_order and not s.reading.is_sure),
    ("withdraw", lambda s: s.calls_off and is_on_case(s) and not s.is_question),
    ("own_case", lambda s: s.asks_record and not s.reading.says("hurry") and not s.reading.is_sure),
    ("add_to_case", lambda s: s.frame.topic == "ticket" and s.adds_words and not _is_no_addition(s)),
    ("add_to_case", _adds_more),
    ("change_case", _changes_case),
    ("add_to_case", _adds_to_praise),
    ("add_to_case", lambda s: s.of_case and is_on_case(s) and not (s.is_question or wishes(s))),
    ("add_to_case", lambda s: is_on_case(s) and _tells_above_all(s) and not s.reading.is_sure),
    ("own_case", lambda s: _about_case(s) and s.is_question and _is_faint(s, "withdraw")),
    ("withdraw", lambda s: _withdraws(s) and (not s.reading.is_sure or _is_of_what_goes(s))),
    ("take_back", lambda s: s.reading.denies("withdraw") and not wishes(s)),
    ("status", lambda s: asks_of_refund(s) and not (s.reading.is_sure or s.reading.says("anger"))),
    ("complain", lambda s: s.reading.wanted == "complain" and s.reading.is_sure),
    ("compensate", lambda s: s.reading.says("compensate") and not s.reading.is_sure),
    ("hurry", lambda s: s.reading.says("hurry") and not s.reading.is_sure),
    ("praise", lambda s: s.wants_praise and not s.dispraises),
    ("check_repair", lambda s: s.tells_symptom and not s.dispraises and _hears_repair_only(s)),
    ("check_repair", lambda s: wants_somebody(s) and s.frame.topic == "none" and not wishes(s)),
    ("matter", lambda s: s.reading.is_sure),
    ("own_case", _about_own_case),
    ("resume", lambda s: s.reading.says("resume")),
    ("check_matter", _tells_of_order),
    ("check_repair", _asks_of_fault),
    ("question", lambda s: s.reading.asks_surely and not s.reading.values),
    ("status", lambda s: s.reading.says("status")),
    ("question", lambda s: s.reading.says("ask", "ask_own") and not _is_louder_than_asked(s)),
    ("advice", lambda s: s.reading.says("advice")),
    ("check_matter", lambda s: s.reading.wanted is not None),
    ("later", lambda s: s.reading.says("later", "wait")),
    ("leave", lambda s: s.reading.says("bye")),
    (
        "check_repair",
        lambda s: (
            s.tells_symptom and not s.dispraises and s.reading.says("grumble", "story") and not s.reading.says("anger")
        ),
    ),
    ("anger", _is_angry),
    ("suggest", lambda s: s.reading.says("suggest")),
    ("check_repair", lambda s: s.reading.says("praise") and s.tells_undone and s.tells_symptom),
    ("grumble", lambda s: s.reading.says("praise") and (s.dispraises or s.tells_undone)),
    ("praise", lambda s: s.reading.says("praise")),
    ("grumble", lambda s: s.reading.says("grumble", "story")),
    ("stop", lambda s: s.reading.says("stop", "back", "submit")),
    ("correct", lambda s: s.reading.says("correct")),
    ("denied", _only_denies),
    ("values", lambda s: bool(s.reading.values)),
    ("rate", lambda s: s.reading.says("choose") and s.reading.intent == "rate_service"),
    ("capabilities", lambda s: s.reading.says("capabilities")),
    ("challenge", lambda s: s.reading.says("challenge")),
    ("thank", lambda s: s.reading.says("thank")),
    ("greet", lambda s: s.reading.says("greet")),
    ("yes", lambda s: s.reading.says("affirm", "choose") and not s.is_number),
    ("no", lambda s: s.reading.says("deny", "refuse", "has_none", "unknown")),
    ("denied", lambda s: s.reading.denies(*MATTERS, "person", "hurry", "withdraw", "danger")),
    ("not_understood", _is_faintly_foreign),
    ("out_of_scope", lambda s: s.reading.says("offtopic")),
    ("not_understood", lambda s: True),
)
