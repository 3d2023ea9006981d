"""What a customer tells of a matter: the clauses that are its account, without those that are only said to us.

「在吗？」, 「你帮我催一下」, 「我姓袁，电话186…」, 「收钱吗？」 and 「我不是刚说了吗」 are no account: they greet, they
ask us to do something, they fill other fields, they wait for an answer of ours, or they speak of the talk itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache

from actions.clauses import spans
from actions.decide.registering import ANY_WORDS
from actions.forms.form import Form
from actions.forms.said import address_in
from actions.heard import Heard
from helpdesk.company import Company
from helpdesk.model.field import known
from helpdesk.model.ticket import Kind
from zhtext import fold, normalise, normalise_clauses
from zhtext.little import naming
from zhtext.questions import is_question
from zhtext.values import codes, times, ways, wishes

SUBSTANCE, SUBSTANCE_OF_TROUBLE = 6, 3
"""Characters that must be left of a message, values and set phrases taken out, to count as an account; fewer when
they name a trouble."""
LEAST = 2
"""Characters that a clause must hold beside values and set phrases to be kept; one where it holds nothing else."""
TELLS = 0.25
"""From which chance on a clause belongs into the account: a line too much is struck out, a fact lost is told twice."""
NAMES_TROUBLE, ASKS = 0.1, 0.6
"""The same of a clause that names a trouble (「态度差」), and of one that asks."""
SURELY_SAID = 0.1
"""Below this chance a clause is only said to us even where something is to be written down: 「那句删了呗」."""
VALUES = ("name", "phone", "order", "email", "wechat", "ticket", "company_credit_code", "second_contact")
BETWEEN = "；"
COMMA = "，"
MARKS = " ,，。;；、\n"
ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)
"""Whether words are a time does not depend on the day."""
LONGEST_TIME = 80
"""Characters of a clause that may be a time and nothing else."""
KEPT = 256
"""Last clauses of which it is remembered whether they are a time."""
Span = tuple[int, int]


def account(heard: Heard, company: Company, kind: str = Kind.COMPLAINT) -> str | None:
    """What a message tells of what happened, when it is an account and not only 「我要投诉」."""
    told = _told(heard, company, kind)
    rest = normalise_clauses(told)
    for entity in VALUES[:-1]:
        words = heard.words_for(entity)
        rest = rest.replace(words.lower(), "") if words else rest
    rest = codes.without_numbers(wishes.without_wishes(rest))
    rest = company.sayings.set_phrases.sub("", rest)
    enough = SUBSTANCE_OF_TROUBLE if company.sayings.trouble.search(rest) else SUBSTANCE
    return told if told and len(rest) >= enough else None


def opening(heard: Heard, company: Company, kind: str) -> str:
    """What the message that opens a matter tells, be it few words: 「榨汁机异响，登记维修」; empty for nothing."""
    told = account(heard, company, kind) or ""
    few = "" if kind == Kind.COMPLAINT else _told(heard, company, kind)
    rest = company.sayings.set_phrases.sub("", wishes.without_wishes(normalise_clauses(few)))
    return told or (few if len(rest) >= SUBSTANCE_OF_TROUBLE else "")


def content(heard: Heard, company: Company, kind: str = Kind.COMPLAINT) -> str:
    """The clauses of a message that belong into the account of a matter; all of it where none does.

    Questions to us belong into one only where a call is about them.
    """
    return _told(heard, company, kind) or heard.text.strip()


def for_call(heard: Heard, company: Company) -> str:
    """What somebody who calls back is to know: the clauses that tell, and the questions to us; empty where none is."""
    return _told(heard, company, Kind.CALLBACK)


def dictated(text: str, company: Company, kind: str = Kind.COMPLAINT) -> str:
    """An account that is given word for word, as it is to stand: only what is asked or said of the talk is left out."""
    every = list(spans(text))
    kept = [span for span in every if not _is_left_out(text[slice(*span)], company, kind)]
    return text.strip(MARKS) if kept == every else _joined(text, kept)


def _is_left_out(clause: str, company: Company, kind: str) -> bool:
    """Whether a clause is no part of what was dictated: 「其余无误」; a wish is one."""
    plain = normalise(clause)
    is_to_clerk = not company.accounts.to_clerk.sub("", plain).strip(PARTICLES) and not wishes.wish_in(plain)
    return is_to_clerk or _is_said_of_talk(clause, company, kind)


def tells_something(heard: Heard, company: Company, kind: str = Kind.COMPLAINT) -> bool:
    """Whether any clause belongs into an account."""
    return bool(_told(heard, company, kind))


def is_of_told(form: Form, heard: Heard) -> bool:
    """Whether words name a thing that stands in what was written down in the customer's words: 坑, 扇, 钱."""
    written = (known(form.known.get(name)) for name in IN_OWN_WORDS)
    return bool(naming(heard.plain) & naming(normalise("".join(one for one in written if isinstance(one, str)))))


IN_OWN_WORDS = ("description", "outcome", "product")


def tells_on(heard: Heard, company: Company) -> bool:
    """Whether a clause says that the trouble goes on, and nothing is asked: 「垫了 还是跑」."""
    return not heard.is_press and any(_persists(heard.text[slice(*span)], company) for span in spans(heard.text))


def _persists(clause: str, company: Company) -> bool:
    return company.accounts.persists.search(normalise(clause)) is not None


def in_queue(heard: Heard, company: Company) -> str | None:
    """What is told while a person is waited for, without what is said of the wait."""
    kept = [span for span in spans(heard.text) if not company.accounts.of_queue.search(_plain(heard.text, span))]
    told = _joined(heard.text, kept)
    return account(Heard(told, heard.intent), company) if told else None


def to_add(heard: Heard, company: Company) -> str:
    """What is to be written down beside the rest, without the words that ask for it; empty when there is nothing."""
    more = company.sayings.adds_words.sub("", heard.text).strip(" ,，。;；:：")
    said = more if len(more) >= SUBSTANCE_OF_TROUBLE else heard.text.strip()
    kept = [span for span in spans(said) if (heard.tells(said[slice(*span)]) or 1.0) >= SURELY_SAID]
    return _told(Heard(text=_joined(said, kept) if kept else said, intent=""), company, Kind.COMPLAINT)


def together(parts: Iterable[str], company: Company, kind: str = Kind.COMPLAINT) -> str:
    """Several accounts as one, each thing once."""
    told: list[str] = []
    for part in (one for text in parts for one in text.split(BETWEEN) if one.strip()):
        new = part.strip()
        told = [one for one in told if one not in new]
        told += [kept] if (kept := _but_told(new, told)) else []
    return BETWEEN.join(told)


def _but_told(text: str, told: list[str]) -> str:
    """The text without the clauses that stand in what was told before."""
    before = [normalise(one) for one in told]
    kept = [one for one in spans(text) if not any(_plain(text, one).strip(PARTICLES) in other for other in before)]
    return _joined(text, kept)


def _told(heard: Heard, company: Company, kind: str) -> str:
    """Made once of the same words: five of those who decide about a message ask for it."""
    key = ("told", kind in ANY_WORDS, id(company))
    if key not in heard.made:
        heard.made[key] = _joined(heard.text, _telling(heard, company, kind))
    return str(heard.made[key])


def _joined(text: str, kept: list[Span]) -> str:
    """The clauses that are kept, with the customer's own signs between those that stand side by side."""
    every = list(spans(text))
    after = [*(begin for begin, _ in every[1:]), len(text)]
    marks = {begin: text[end:next_] for (begin, end), next_ in zip(every, after, strict=False)}
    behind = (next(mark for begin, mark in reversed(marks.items()) if begin <= start) for start, _ in kept)
    out = "".join(_marked(text[start:end], mark.strip()) for (start, end), mark in zip(kept, behind, strict=True))
    return out.strip(MARKS)


def _marked(clause: str, mark: str) -> str:
    """A clause and the sign behind it; a blank between clauses is a comma to who reads it later."""
    return clause + (mark or COMMA if clause[-1:].isalnum() else mark)


def _telling(heard: Heard, company: Company, kind: str) -> list[Span]:
    """The clauses that tell of the matter, without the words that lead to it; a time stands with what it was."""
    places = _values(heard)
    every = [_bare(heard.text, span, company) for span in spans(heard.text)]
    tells = [_tells(heard, span, company, kind, places) for span in every]
    if kind in ANY_WORDS and not any(tells):  # 「想打听以旧换新」: a call may be about anything
        tells = [_tells(replace(heard, telling={}), span, company, kind, places) for span in every]
    is_time = [_is_bare_time(fold(heard.text[slice(*span)])) for span in every]
    with_time = [one or (is_time[at] and any(tells[at + 1 : at + 2])) for at, one in enumerate(tells)]
    return [span for span, is_kept in zip(every, with_time, strict=True) if is_kept]


def _tells(heard: Heard, span: Span, company: Company, kind: str, places: list[Span]) -> bool:
    """By what the reader learnt; by lists where nobody read the message."""
    clause = heard.text[slice(*span)]
    chance = heard.tells(clause)
    if kind in ANY_WORDS and _is_reason(clause, company):
        return False
    if _persists(clause, company):
        return True
    if _is_appointment(clause, company) or _is_beside(heard.text, company, span, places):
        return False
    if chance is None or (kind in ANY_WORDS and is_question(normalise(clause))):
        return not _is_said_of_talk(clause, company, kind)
    return chance >= _bound(clause, company)


def _is_reason(clause: str, company: Company) -> bool:
    """「上班的嘛」 of when to call: no matter to be called about."""
    plain = normalise(clause)
    return len(plain) <= LONGEST_REASON and company.form_words.call_reasons.search(plain) is not None


LONGEST_REASON = 8
"""Characters of a reason why not to call at other hours."""


def _bound(clause: str, company: Company) -> float:
    """Who names a trouble tells of it in the fewest words; who asks waits for an answer."""
    plain = normalise(clause)
    if company.complaints.find(plain) or company.sayings.trouble.search(plain):
        return NAMES_TROUBLE
    return ASKS if _is_for_us(clause, company) else TELLS


def _is_appointment(clause: str, company: Company) -> bool:
    """A time and nothing else, or when somebody is at home: its own field."""
    said = fold(clause)
    is_free = company.accounts.is_free.search(normalise(clause)) is not None
    if company.accounts.happened.search(said):
        return False  # 「前天开始的」, 「昨天收的」
    return _is_bare_time(said) or (is_free and times.names_time(said))


@lru_cache(maxsize=KEPT)
def _is_bare_time(said: str) -> bool:
    """Whether a folded clause holds a time and nothing else; nobody needs hundreds of words for one."""
    return len(said) <= LONGEST_TIME and times.is_bare(said, ANY_DAY)


def _bare(text: str, span: Span, company: Company) -> Span:
    """The clause without interjections, 「我说」 or its own title before it, and 「咋整」 behind it."""
    start, end = span
    while (lead := company.accounts.leads.match(fold(text[start:end]))) and lead.end():
        start += lead.end()
    name, behind = _label(text[start:end], company)
    start += behind if name == ITSELF and behind < end - start else 0
    tail = company.accounts.tails.search(fold(text[start:end]))
    return (start, start + tail.start()) if tail and tail.start() else (start, end)


ITSELF = "description"


def _label(clause: str, company: Company) -> tuple[str, int]:
    """The field that a clause tells by its name (「上门时间：明天」, 「称呼改罗女士」), and where its value begins."""
    said = fold(clause)
    named = [
        (len(word), name) for name, spec in company.fields.items() for word in spec.spoken if said.startswith(word)
    ]
    size, name = max(named, default=(0, ""))
    found = company.accounts.of_value.match(said[size:]) if size else None
    return (name, size + found.end()) if found else ("", 0)


def _is_said_of_talk(clause: str, company: Company, kind: str) -> bool:
    """A question that waits for an answer of ours, or a word about the talk, the form or the one who writes here."""
    if kind in ANY_WORDS and is_question(normalise(clause)):
        return False
    plain = normalise(clause)
    words = company.accounts
    is_talk = words.of_talk.search(plain) is not None or words.told_already.search(plain) is not None
    return is_talk or bool(_label(clause, company)[0]) or _is_for_us(clause, company)


def _is_beside(text: str, company: Company, span: Span, places: list[Span]) -> bool:
    """Whether nothing is left of a clause but values of other fields and what is said to whom one writes to."""
    rest = "".join(text[at] for at in range(*span) if not any(begin <= at < end for begin, end in places))
    rest = said = codes.without_numbers(normalise_clauses(rest))
    for phrases in (company.accounts.to_clerk, company.sayings.set_phrases):
        rest = phrases.sub("", rest)
    if company.sayings.trouble.search(rest):
        return False
    if rest != _plain(text, span) and _names_field(rest.strip(PARTICLES), company):
        return True  # 「税号91510100MA62X8JT7K」
    least = 1 if rest == said == _plain(text, span) else LEAST
    return len(rest.strip(PARTICLES)) < least


def _names_field(words: str, company: Company) -> bool:
    return any(words in spec.spoken for spec in company.fields.values())


PARTICLES = " 的了啊呀嘛呢吧哦噢哈呗喔囉啦咯哟哎嗯呃那就也还跟和"


def _plain(text: str, span: Span) -> str:
    return normalise(text[slice(*span)])


def _values(heard: Heard) -> list[Span]:
    """Where the values of other fields lie."""
    places = [
        (int(one.get("start") or 0), int(one["end"]))
        for one in heard.entities
        if one["entity"] in (*VALUES, "product") and isinstance(one.get("end"), int)
    ]
    address = address_in(heard)
    if address and (at := heard.text.find(address)) >= 0:
        places.append((at, at + len(address)))
    places += [span for span in spans(heard.text) if ways.is_about(normalise(heard.text[slice(*span)]))]
    return places


def _is_for_us(clause: str, company: Company) -> bool:
    """A question that waits for an answer of ours: 「师傅来了收钱吗？」; 「怎么还没到？」 is none."""
    plain = normalise(clause)
    return is_question(plain) and not company.sayings.asks_why.search(plain)
