"""What follows an answer and belongs to it: the same asked of another thing, or how it is with one's own."""

from __future__ import annotations

from actions.heard import Heard
from helpdesk.company import Company
from zhtext import normalise
from zhtext.leaning import same_of, tells_how
from zhtext.questions import is_question


def asks_of_another(heard: Heard) -> bool:
    """「洗碗机也一样吗」: a product is named, and nothing said of it but that it may be the same."""
    named = normalise(heard.words_for("product"))
    return bool(named) and named in same_of(normalise(heard.text))


def tells_of_own(heard: Heard, company: Company) -> bool:
    """「用的微信付的」: how it was done, and nothing asked or wrong."""
    plain = normalise(heard.text)
    wrong = company.sayings.trouble.search(plain) or company.complaints.find(plain)
    return tells_how(plain) and not is_question(plain) and not wrong
