"""What names look like: how much each character is one of names, and names made up to learn from.

Both come from the persons in jieba's dictionary. They are hints, not a gate: a name nobody listed is found by what
stands around it, because the field (bot/nlu/reader/spans.py) learns from sentences whose names were exchanged.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Iterator, Mapping

import jieba

from bot.nlu.reader.turns import Turn
from zhtext import fold

_PERSON, _FOREIGN = "nr", "nrt"
_TITLES = "先生|女士|小姐|太太|阿姨|师傅|老师|经理|主任|总|姐|哥|叔|伯|嫂|师|太|工"
_PARTS = re.compile(rf"(?P<lead>[老小阿大]?)(?P<name>.+?)(?P<title>{_TITLES})?")
_HAN = re.compile(r"[一-鿿]+")
_LONGEST_HAN, _HOW_LIKELY = 4, 5


@dataclass(frozen=True)
class People:
    """First characters, given names and longer foreign names to make names of; `likeness` character -> 0..9."""

    firsts: tuple[str, ...]
    given: tuple[str, ...]
    foreign: tuple[str, ...]
    likeness: Mapping[str, int]

    def name(self, chance: random.Random) -> str:
        """A made-up name: one in eight of parts with a dot between, as minorities and foreigners write theirs."""
        if chance.random() < 0.12:
            return "·".join(chance.sample(self.foreign, 2))
        given = chance.choice(self.given)
        return chance.choice(self.firsts) + (chance.choice("阿小") + given[:1] if chance.random() < 0.1 else given)


@lru_cache(maxsize=1)
def read_people() -> People:
    """From jieba's dictionary (two to three characters are a Chinese name)."""
    persons, foreign = [], []
    inside: Counter[str] = Counter()
    everywhere: Counter[str] = Counter()
    for word, count, tag in _entries():
        everywhere.update(dict.fromkeys(word, math.log(1 + count)))
        if tag == _PERSON and 2 <= len(word) <= 3:
            persons.append(word)
            inside.update(word)
        elif tag == _FOREIGN and 2 <= len(word) <= _LONGEST_HAN:
            foreign.append(word)
    firsts = tuple(sorted({word[0] for word in persons}))
    return People(firsts, tuple(word[1:] for word in persons), tuple(foreign), _likeness(inside, everywhere))


def _entries() -> Iterator[tuple[str, int, str]]:
    path = Path(jieba.__file__).with_name("dict.txt")
    for line in path.read_text(encoding="utf-8").splitlines():
        word, count, tag = line.split(" ")
        if _HAN.fullmatch(word):
            yield word, int(count), tag


def _likeness(inside: Counter[str], everywhere: Counter[str]) -> dict[str, int]:
    """By the share of a character's words that are names, in steps of the logarithm."""
    return {
        sign: max(0, min(9, _HOW_LIKELY + round(math.log((inside[sign] + 0.5) / (count + 5)) + 2)))
        for sign, count in everywhere.items()
    }


def exchanged(turn: Turn, people: People, chance: random.Random) -> Turn | None:
    """The turn with another name of the same build; None where it has none that can be exchanged."""
    name = fold(turn.values.get("name", ""))
    parts = _PARTS.fullmatch(name)
    if not parts or not _HAN.fullmatch(name.replace("·", "")):
        return None
    new = people.name(chance)
    if parts["title"] or parts["lead"]:
        new = parts["lead"] + (new[0] if len(parts["name"]) == 1 else new) + (parts["title"] or "")
    said = fold(turn.said).replace(name, new)
    return Turn(turn.context, said, turn.acts, {**turn.values, "name": new}, turn.writer)
