"""The name in a message: a field over characters finds what looks like one, and here is chosen which is meant.

The field (spans.py) learns from the turns and from the same turns with other names, so that no list of surnames
decides. Where it finds nothing a name is read from what stands around it, and last by the rules of zhtext.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from bot.nlu.reader import spans
from bot.nlu.reader.people import exchanged, read_people
from bot.nlu.reader.turns import Context, Turn
from zhtext import fold
from zhtext.values import names as rules
from zhtext.values.dictionary import is_everyday
from zhtext.values.found import DOT, HAN
from zhtext.values.surnames import ANY_COMPOUND, ANY_SURNAME, COMPOUND, SPELLED, begins_with_surname

_KIN = (
    "(?:我|俺|我们|我家)?(?:妈妈?|爸爸?|老婆|老公|老伴儿?|媳妇|爱人|闺女|女儿|儿子|女婿|姐|哥|弟|妹|婆婆|公公|"
    "同事|出纳|会计|室友|先生)?"
)
_INTRODUCED = (
    re.compile(
        rf"(?<!贵)姓(?P<name>{ANY_COMPOUND}|(?![名氏什啥么不也改错都])[{HAN}])(?=$|[^{HAN}]|的|不|那|师傅|您|吧|啊)"
    ),
    re.compile(
        rf"(?:[收取]货人|收件人?|联系人|称呼|名[字儿])(?:那儿|那里|那个|也|给|再)*(?:改|换|写|是|叫)?(?:成|为|给|做|作)?[:：\s]*{_KIN}\s*"
        rf"(?P<name>[{HAN}]{{2,4}}(?:{DOT}[{HAN}]{{1,6}})*)(?=$|[^{HAN}]|收|接|电话|代)"
    ),
    re.compile(rf"(?<!谢)(?P<name>{ANY_SURNAME}(?:师傅|经理|主任|科长|店长|老师|女士|先生|小姐|太太|阿姨))"),
    re.compile(rf"(?:找|打给|让|叫|要){_KIN}(?P<name>{ANY_SURNAME}[{HAN}]{{1,2}})(?=$|[^{HAN}]|接|听|跟|给|来|登)"),
)
"""Where the field finds nothing: names that stand where only a name can."""
_CLINGS = re.compile(
    r"^(?:也?是|就?叫|姓|写|找|寻|他|她|我|额|俺|你|仓库|同事|联系人|[收付取]款人|[收取]货人|收件人|房东|门卫|物业|保[姆安]|对门|隔壁|邻居|"
    r"[男女]朋友|爱人|婆婆|公公|叫我一声|喊一声|就写个?|登记|麻烦|方便|名字|..部(?=[小老]))+(?=.)|"
    r"(?<=.)(?:的?(?:吧|啊|嘛|啦|呀|哈哈?|收|接|听|登|修完还|妹妹|客服|就[得成中好行]了?|代收|字)|的(?:师傅|客服|那个)?|[^\w·]+)$"
)
_EXPLAINED = re.compile(
    rf"(?:(?<=^)|(?<=[\s,，。;；]))[^\s,，。;；]{{1,8}}?(?:的那?个?|那个)(?P<sign>[{HAN}])(?=$|[\s,，。;；])"
)
"""「韦小宝那个韦」, 「甄嬛传的甄」: a character told by a word that has it, which is nobody's name."""
_READ_ALOUD = re.compile(rf"[{HAN}]?[念读][{HAN}]{{0,2}}[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]+")
_SPELLED = re.compile("|".join(SPELLED))
_REPEATED = re.compile(rf"(?P<name>[{HAN}]{{2,4}})(?P=name)+")
_IN_FULL = re.compile(rf"(?:大名|全名|本名|真名|学名)(?:就?是|叫)?(?P<name>[{HAN}]{{2,4}})(?=$|[^{HAN}])")
_WITH_DOTS = re.compile(rf"[{HAN}]+(?:{DOT}[{HAN}]+)+")
_PIECES = re.compile(r"[\s,，。.;；!！?？:：\d（(]+")
_LONGEST_ALONE = 3
_TITLES = frozenset(["师傅", "经理", "主任", "科长", "店长", "老师", "女士", "先生", "小姐", "太太", "阿姨"])
# What stands before a name that is not meant: 不是张, 写成王女士, 不姓候.
_NOT_MEANT = re.compile(r"(?:不是|不姓|不叫|唔系|唔係|并非|[写打弄错搞记改]成(?:了|姓)?|别叫|唔好打|八成)[姓叫「“\"]?$")
_NOT_AFTER = re.compile(r"^[」”\"]?(?:没错|写错|不对|字写错)")


_SLOTS = frozenset({"name"})
_EXCHANGES = 5
# Turns without a name teach the field what is none; a third of them is enough.
_NAMELESS = 0.3
_SEED = 20261129


def fit(turns: Sequence[Turn]) -> spans.SpanTagger:
    """The field, from turns with their names and with others."""
    likeness = read_people().likeness
    rows = list(_rows(turns))
    features = [spans.features(turn.said, turn.context, likeness) for turn in rows]
    return spans.SpanTagger.fit(features, [spans.tags(turn.said, turn.values, _SLOTS) for turn in rows], likeness)


def _rows(turns: Sequence[Turn]) -> Iterator[Turn]:
    chance, people = random.Random(_SEED), read_people()
    for turn in turns:
        if "name" not in turn.values:
            if chance.random() < _NAMELESS:
                yield turn
            continue
        yield turn
        yield from filter(None, (exchanged(turn, people, chance) for _ in range(_EXCHANGES)))


def said_name(text: str, context: Context, tagger: spans.SpanTagger) -> str | None:
    """The customer's words for a name, or None."""
    plain = without_explanations(text)
    name = (
        _called_so(plain)
        or _in_full(plain)
        or chosen(plain, tagger(plain, context).get("name", ()))
        or _asked_for(text, context)
        or introduced(plain)
        or (_alone(plain) if context.asked == "field:name" else None)
        or _ruled(text)
    )
    return name and _whole(text, name)


def without_explanations(text: str) -> str:
    """「木易杨，杨柳的杨，念yáng」 is 「杨，杨，」: how a character is written or read tells no name."""
    text = _EXPLAINED.sub(lambda found: found["sign"], _SPELLED.sub(lambda found: SPELLED[found.group()], text))
    return _REPEATED.sub(lambda found: found["name"], _READ_ALOUD.sub("", text))


def _called_so(text: str) -> str | None:
    """「我姓周，叫我周老师就行」 is 周老师."""
    called = rules.called_so(text)
    return called.name if called and called.sure and called.name in text else None


def _in_full(text: str) -> str | None:
    """「小名豆豆，全名窦逗」."""
    found = _IN_FULL.search(text)
    return found["name"] if found and not _is_wordy(found["name"]) else None


def _alone(text: str) -> str | None:
    """Where a name is asked for: the last piece that is built like one, 「18600112233 褚岩」."""
    names = [name for piece in _PIECES.split(text) if (name := _CLINGS.sub("", piece)) and _is_built_like_one(name)]
    return next((name for name in reversed(names) if _is_meant(text, name)), None)


def _is_built_like_one(name: str) -> bool:
    longest = _LONGEST_ALONE + (name[:2] in COMPOUND)
    return 2 <= len(name) <= longest and begins_with_surname(name) and not is_everyday(name) and not _is_wordy(name)


def _whole(text: str, name: str) -> str:
    """With what was left off before or behind it: the parts between dots, the other half of a surname of two."""
    for found in _WITH_DOTS.finditer(text):
        if name in found.group():
            return _CLINGS.sub("", found.group())
    before = next((surname for surname in COMPOUND if text.partition(name)[0].endswith(surname)), "")
    return before + name


def _asked_for(text: str, context: Context) -> str | None:
    called = rules.read(text) if context.asked == "field:name" else None
    return called.name if called and called.sure and called.name in text else None


def _ruled(text: str) -> str | None:
    found = next(rules.find(fold(text)), None)
    return text[found.start : found.end] if found else None


def chosen(text: str, found: Sequence[str]) -> str | None:
    """The name among what was tagged, in the order of the text: the first that is meant, said in full."""
    names = [name for piece in found for part in _parts(piece) if (name := _bare(part))]
    names = [name for name in names if not is_everyday(name)] or names
    meant = [name for name in names if _is_meant(text, name)] or names
    if not meant:
        return None
    first = meant[0]
    fuller = [name for name in meant if len(name) > len(first) and name.startswith(first)]
    return fuller[0] if fuller else first


def _parts(piece: str) -> list[str]:
    """「婆婆 施阿好」 are two, 「Tom Lee」 is one."""
    return [piece] if piece.isascii() else piece.split()


def introduced(text: str) -> str | None:
    """A name by what stands around it, where none was tagged."""
    matches = (pattern.search(text) for pattern in _INTRODUCED)
    names = (match.group("name") for match in matches if match)
    return next((name for name in names if _is_meant(text, name) and not _is_wordy(name)), None)


def _is_wordy(name: str) -> bool:
    """Whether an everyday word that is no title stands in it: 安装, 收货人和电话."""
    pairs = (name[at : at + 2] for at in range(len(name) - 1))
    return any(is_everyday(pair) for pair in pairs if pair not in _TITLES) or name[-1] in "吗不了的"


def _bare(piece: str) -> str:
    """「佟佟雷」 after 姓佟 is 佟雷."""
    if len(piece) > 2 and piece[0] == piece[1] and piece[0] >= "一":
        piece = piece[1:]
    return _CLINGS.sub("", piece).strip()


def _is_meant(text: str, name: str) -> bool:
    at = text.find(name)
    return not _NOT_MEANT.search(text[:at]) and not _NOT_AFTER.search(text[at + len(name) :])
