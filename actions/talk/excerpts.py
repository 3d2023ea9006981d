"""What an article says of one thing: the sentences of its answer that share words with a question, and no others do."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from helpdesk.knowledge import Article
from zhtext import normalise
from zhtext.little import LITTLE_WORDS

ENDS = "。；"
_normalised = lru_cache(maxsize=1024)(normalise)


def about(article: Article, plain: str) -> str | None:
    """The sentence that a (normalised) question is about; None where none is more about it than the others."""
    sentences = _sentences(article.answer)
    asked = _pairs(plain) - _pairs(_normalised(article.question))
    shared = [len(_alone_in(sentences, at) & asked) for at in range(len(sentences))]
    most = max(shared, default=0)
    return sentences[shared.index(most)] if most else None


def may_answer(article: Article, plain: str) -> bool:
    """Whether a (normalised) question names only what the article and its wordings do: 「退到哪里」, no 「双十二」."""
    known = (_pairs(_normalised(one)) for one in (article.question, article.answer, *article.wordings))
    return not _pairs(plain).difference(*known)


def brief(article: Article, plain: str) -> str:
    """For one of several questions the sentence it is about; all of the answer where that is not to be told."""
    return about(article, plain) or article.answer


def _sentences(answer: str) -> list[str]:
    for end in ENDS:
        answer = answer.replace(end, f"{end}\n")
    return [f"{one.strip().rstrip(ENDS)}。" for one in answer.split("\n") if one.strip()]


def _alone_in(sentences: Sequence[str], at: int) -> set[str]:
    """The pairs of signs that stand in this sentence and in no other."""
    others = (_pairs(_normalised(one)) for index, one in enumerate(sentences) if index != at)
    return _pairs(_normalised(sentences[at])).difference(*others)


def _pairs(plain: str) -> set[str]:
    return {
        plain[at : at + 2]
        for at in range(len(plain) - 1)
        if plain[at : at + 2].isalnum() and not LITTLE_WORDS & set(plain[at : at + 2])
    }
