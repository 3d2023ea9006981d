"""Questions without a subject: 「那运费呢」「要多久」 are about the topic before them.

Two ways to the answer. Where company/follow_up.yml says that a word leads from one topic to another, that is it.
Else the question is asked again with the topic's subject before it (退货 + 要多久), or stays with the topic.
"""

from __future__ import annotations

import re

from helpdesk.company import FollowUpWords
from helpdesk.knowledge.articles import bare

__all__ = ["FollowUps"]


class FollowUps:
    """Recognises such questions by the words of company/follow_up.yml."""

    def __init__(self, words: FollowUpWords) -> None:
        self._words = words
        self._opener = re.compile(f"^({_any(words.openers)})+")
        self._ending = re.compile(f"({_any(words.endings)})$")
        self._open = re.compile(f"^({_any((*words.open_questions, *words.fillers))})+$")
        self._asks = re.compile(_any(words.open_questions))

    def is_one(self, question: str) -> bool:
        """Whether the question is short and names no subject of its own."""
        text = bare(question)
        if not 0 < len(text) <= self._words.longest:
            return False
        return bool(self._opener.search(text) or self._ending.search(text)) or self._is_open(text)

    def is_bare(self, question: str) -> bool:
        """Whether nothing but an open question is left without opener and ending: it stays with its topic."""
        return self._is_open(self.core(question))

    def core(self, question: str) -> str:
        """The question without opener and ending: 「那运费呢」 -> 「运费」."""
        return self._ending.sub("", self._opener.sub("", bare(question)))

    def led_to(self, topic: str, question: str) -> str | None:
        """The article that a word of the question leads to from `topic`."""
        text = self.core(question)
        leads = self._words.leads.get(topic, {})
        return next((faq_id for faq_id, words in leads.items() if any(word in text for word in words)), None)

    def _is_open(self, text: str) -> bool:
        return bool(self._open.match(text) and self._asks.search(text))


def _any(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
