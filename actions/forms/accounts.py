"""What a customer tells of a matter: the clauses that are its account, without those that are only said to us.

「在吗？」, 「你帮我催一下」, 「我姓袁，电话186…」 and 「收钱吗？」 are no account: they greet, they ask us to do
something, they fill other fields, or they wait for an answer of ours.
"""

from __future__ import annotations

from collections.abc import Iterable

from actions.clauses import spans
from actions.decide.table import ANY_WORDS
from actions.forms.said import address_in
from actions.heard import Heard
from helpdesk.company import Company
from helpdesk.model.ticket import Kind
from zhtext import normalise, normalise_clauses
from zhtext.questions import is_question
from zhtext.values import codes, ways, wishes

SUBSTANCE, SUBSTANCE_OF_TROUBLE = 6, 3
"""Characters that must be left of a message, values and set phrases taken out, to count as an account; fewer when
they name a trouble."""
LEAST = 2
"""Characters that a clause must hold beside values and set phrases, to be kept in an account."""
VALUES = ("name", "phone", "order", "email", "wechat", "ticket", "second_contact")
BETWEEN = "；"
Span = tuple[int, int]


def account(heard: Heard, company: Company, kind: str = Kind.COMPLAINT) -> str | None:
    """What a message tells of what happened, when it is an account and not only 「我要投诉」."""
    rest = heard.plain
    for entity in VALUES[:-1]:
        words = heard.words_for(entity)
        rest = rest.replace(words.lower(), "") if words else rest
    rest = codes.without_numbers(wishes.without_wishes(rest))
    rest = company.sayings.set_phrases.sub("", rest)
    enough = SUBSTANCE_OF_TROUBLE if company.sayings.trouble.search(rest) else SUBSTANCE
    return content(heard, company, kind) if len(rest) >= enough else None


def content(heard: Heard, company: Company, kind: str = Kind.COMPLAINT) -> str:
    """The clauses of a message that belong into the account of a matter; all of it where none does.

    Questions to us belong into one only where a call is about them.
    """
    told = _telling(heard, company)
    if kind not in ANY_WORDS:
        told = [span for span in told if not _is_for_us(heard.text[slice(*span)], company)] or told
    return _joined(heard.text, told) or heard.text.strip()


def tells_something(heard: Heard, company: Company) -> bool:
    """Whether any clause belongs into an account."""
    return bool(_telling(heard, company))


def to_add(heard: Heard, company: Company) -> str:
    """What is to be written down beside the rest, without the words that ask for it; empty when there is nothing."""
    more = company.sayings.adds_words.sub("", heard.text).strip(" ,，。;；:：")
    rest = Heard(text=more if len(more) >= SUBSTANCE_OF_TROUBLE else heard.text.strip(), intent="")
    return content(rest, company) if tells_something(rest, company) else ""


def together(parts: Iterable[str], company: Company, kind: str = Kind.COMPLAINT) -> str:
    """Several accounts as one, each thing once."""
    told: list[str] = []
    for part in (one for text in parts for one in text.split(BETWEEN) if one.strip()):
        heard = Heard(text=part.strip(), intent="")
        kept = content(heard, company, kind)
        is_told = any(kept in one for one in told) or not tells_something(heard, company)
        told = told if is_told else [*(one for one in told if one not in kept), kept]
    return BETWEEN.join(told)


def _joined(text: str, kept: list[Span]) -> str:
    """The clauses that are kept, with the customer's own signs between those that stand side by side."""
    every = list(spans(text))
    out = ""
    for at, (start, end) in enumerate(every):
        if (start, end) in kept:
            behind = every[at + 1][0] if at + 1 < len(every) else len(text)
            out += text[start:behind]
    return out.strip(" ,，。;；、\n")


def _telling(heard: Heard, company: Company) -> list[Span]:
    """The clauses that hold more than values of other fields and what is said to whom one writes to."""
    places = _values(heard)
    return [span for span in spans(heard.text) if not _is_beside(heard.text, company, span, places)]


def _is_beside(text: str, company: Company, span: Span, places: list[Span]) -> bool:
    rest = "".join(text[at] for at in range(*span) if not any(begin <= at < end for begin, end in places))
    rest = normalise_clauses(rest)
    for phrases in (company.sayings.to_clerk, company.sayings.set_phrases):
        rest = phrases.sub("", rest)
    return len(codes.without_numbers(rest).strip(PARTICLES)) < LEAST


PARTICLES = " 的了啊呀嘛呢吧哦噢哈呗喔囉啦咯哟哎嗯呃那就也还跟和"


def _values(heard: Heard) -> list[Span]:
    """Where the values of other fields lie."""
    places = [
        (int(one.get("start") or 0), int(one["end"]))
        for one in heard.entities
        if one["entity"] in (*VALUES, "time") and isinstance(one.get("end"), int)
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
