"""Several things in one message, to be done one after the other: 「取消排队，时间改明天上午，提交吧」.

A model weighs a message as a whole, and the loudest clause drowns the others. A clause that by itself is a wording of
company/lexicon/steps.yml (a yes, a no, out of the queue, submit, a person, good-bye) is taken off the message; it and
the rest are understood each on its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, FrozenSet, List, Mapping, Text, Tuple

import yaml

from bot.nlu.lexicon import key

Clauses = List[Tuple[int, int, Text]]
"""Start, end and bare words of each clause."""
SEVERAL = 2
MOST_FIRST = 2
SHORTEST_REST = 2
GIVES_UP = "算"
"""算了 without its particle."""
_CLAUSE = re.compile(r"[^,，。.!！?？;；~～…、\s]+")
_MARKS = ",，。.!！~～…、 "
_PARTICLES = "吧嘛了哈啊咯噻撒哦啦呗呀哟哒滴罢喔嗷"


@dataclass(frozen=True)
class StepWords:
    """The clauses that do one thing by themselves, by what they do."""

    first: Mapping[Text, int] = field(default_factory=dict)
    """Clause -> the group of clauses that come to the same."""
    submit: FrozenSet[Text] = frozenset()
    bye: FrozenSet[Text] = frozenset()
    person: FrozenSet[Text] = frozenset()
    thanks: FrozenSet[Text] = frozenset()
    closing: FrozenSet[Text] = frozenset()
    sighs: FrozenSet[Text] = frozenset()

    @property
    def leave(self) -> FrozenSet[Text]:
        return self.bye | self.thanks | self.closing


def read_steps(folder: Path) -> StepWords:
    """From `steps.yml` of the company's lexicon; none when there is no such file."""
    path = folder / "steps.yml"
    content: Dict[Text, List] = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    groups, sighs = content.pop("first", []), frozenset(map(str, content.pop("sighs", [])))
    first = {_bare(str(word)): at for at, group in enumerate(groups) for word in group}
    others = {role: frozenset(_bare(str(w)) for w in ws) for role, ws in content.items()}
    return StepWords(first=first, sighs=sighs, **others)


def _bare(clause: Text) -> Text:
    """As the lexicon compares it, without particles at the end; one character keeps what it is."""
    whole = key(clause)
    return whole.rstrip(_PARTICLES) or whole


def apart(text: Text, words: StepWords) -> List[Text]:
    """The parts of a message in the order they are to be done; empty when it is one thing."""
    clauses = [(match.start(), match.end(), _bare(match.group())) for match in _CLAUSE.finditer(text)]
    if len(clauses) < SEVERAL:
        return []
    if all(bare in words.leave or bare in words.first for _, _, bare in clauses):
        return _good_bye(text, clauses, words)
    begin, first, last = _taken_off_the_start(text, clauses, words)
    end, behind = _taken_off_the_end(text, clauses, begin, words)
    rest = text[clauses[begin][0] : _end(text, clauses, end)].strip() if begin < end else ""
    parts = [*first[:MOST_FIRST], *([rest] if len(rest) >= SHORTEST_REST else []), *last, *behind]
    return parts if len(parts) > 1 or (parts and rest != text.strip()) else []


def behind_sigh(text: Text, words: StepWords) -> Text:
    """What stands behind 「算了算了」, with or without a mark between; empty where nothing does."""
    rest, last = text.strip(), ""
    while rest != last:
        last = rest
        rest = rest.removeprefix(next((sigh for sigh in words.sighs if rest.startswith(sigh)), "")).lstrip(_MARKS)
    return rest if len(rest) >= SHORTEST_REST and rest != text.strip() else ""


def _good_bye(text: Text, clauses: Clauses, words: StepWords) -> List[Text]:
    """「没事了，再见」, 「算了 没了 谢谢」: nothing but the end of a talk."""
    said = [(text[start:end], bare) for start, end, bare in clauses]
    byes = [clause for clause, bare in said if bare in words.bye or bare == GIVES_UP]
    return byes[-1:]


def _taken_off_the_start(text: Text, clauses: Clauses, words: StepWords) -> Tuple[int, List[Text], List[Text]]:
    """How many clauses are steps, what of them is done first, and what last all the same."""
    first, last, at = [], [], 0
    groups = set()
    while at < len(clauses) and (clauses[at][2] in words.first or clauses[at][2] in words.submit):
        start, end, bare = clauses[at]
        group = words.first.get(bare)
        if bare in words.submit or group not in groups:
            (last if bare in words.submit else first).append(text[start:end])
        groups.add(group)
        at += 1
    return at, first, last


def _taken_off_the_end(text: Text, clauses: Clauses, begin: int, words: StepWords) -> Tuple[int, List[Text]]:
    """Behind which clause the rest ends, and what is done behind it."""
    behind: List[Text] = []
    at = len(clauses)
    while at > begin and clauses[at - 1][2] in words.submit | words.bye | words.person | words.thanks:
        start, end, bare = clauses[at - 1]
        if bare not in words.thanks:
            behind.insert(0, text[start:end])
        at -= 1
    return at, behind


def _end(text: Text, clauses: Clauses, at: int) -> int:
    """Where the rest ends, its marks with it."""
    return clauses[at][0] if at < len(clauses) else len(text)
