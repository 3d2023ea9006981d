"""How customers say their names: 我叫李明, 免贵姓王, 王女士, 立早章, 阿依古丽·买买提, or just 李明.

`find` believes what is introduced, said with a title, or a surname with a given name that is no word. Where the
question asks for a name, `read` also takes one without a surname that we know: 扎西卓玛.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from zhtext.values.dictionary import PLACE, is_everyday, tag
from zhtext.values.found import DOT, HAN, Value, visible
from zhtext.values.surnames import ANY_COMPOUND, ANY_SURNAME, BELIEVED, COMPOUND, SPELLED, SURNAMES, begins_with_surname
from zhtext.values.unsaid import ANONYMOUS, means_unknown, means_withheld

TITLES = ("女士", "先生", "小姐", "太太", "阿姨", "大爷", "大妈", "叔叔", "大哥", "大姐")
"""What one calls a customer by."""
POSTS = (
    "主任", "经理", "老师", "老板", "医生", "大夫", "护士", "律师", "教授", "博士", "校长", "院长", "店长", "厂长", "部长", "处长", "科长", "局长",
    "所长", "会计", "主管", "总监", "师傅", "警官", "同学", "大婶", "大娘", "奶奶", "爷爷", "伯伯", "婶婶", "姐姐", "哥哥", "女生", "同志", "师父",
    "嬢嬢", "孃孃", "总", "工", "导", "董", "太", "生", "姐", "哥", "叔", "姨", "伯", "婶", "嫂", "爷",
)  # fmt: skip
"""What else one may be called by, where the question is how."""

_SURNAME = f"(?:{ANY_COMPOUND}|[{BELIEVED}])"
_TITLE = "|".join(TITLES)
# What follows a name when the customer goes on without a mark.
_NEXT = "电话|手机|号码|联系|微信|邮箱|订单|单号|地址|住|我|你|是|的|在|想|要|买|投诉|昨|今|前天|上周|上个|去年|想要|女|男|先生|女士|这|那|现在|家|来|有|给|帮|麻烦|谢谢|就|保修|写|吧|哈|咯|负责"
_END = rf"(?=$|[^{HAN}]|{_NEXT})"
_INTRODUCES = "我的?名字(?:是|叫)?|全名(?:是|叫)?|我(?:妈|爸|爱人|老公|老婆|媳妇|儿子|女儿|家人)妈?爸?(?:是|叫)|收件人(?:是|叫|:)?|名字(?:是|叫|改成|改为|写成|:)|姓名(?:是|改成|改为|叫|:|\\s)|我(?:是)?叫做?|本人(?:叫|是|:)?|叫我|称呼我为?|我是|(?:^|[,，。\\s])叫|收货人(?:是|叫|改成|:)|联系人(?:是|:)?|抬头写"
_INTRODUCED = re.compile(rf"(?:{_INTRODUCES})\s*(?P<name>{ANY_SURNAME}[{HAN}]{{1,2}}?){_END}")
_INTRODUCED_WHOLE = re.compile(
    rf"(?:我的?名字(?:是|叫)?|名字(?:是|叫|:)|姓名(?:是|叫|:|\s)|[我俺]叫做?|本人叫|[我俺]是|联系人(?:是|:)?)\s*(?P<name>[{HAN}]{{2,}}(?:{DOT}[{HAN}]+)+|[{HAN}]{{2,8}}?(?:{_TITLE})|[{HAN}]{{3,6}})(?=$|[^{HAN}])"
)
_SURNAME_ONLY = re.compile(
    rf"(?:免贵|我|俺|咱|偶|本人|敝|鄙人|我(?:爱人|老公|老婆|媳妇|妈|爸)|^|[,，。\s])姓\s*(?P<name>{ANY_SURNAME})(?!的)(?:名(?P<given>[{HAN}]{{1,2}}){_END})?"
)
_TITLED = re.compile(rf"(?<!那个)(?<!这个)(?<!你们)(?P<name>{_SURNAME}(?:[{HAN}]{{1,2}})?(?:{_TITLE}))")
_LITTLE = re.compile(rf"(?:叫我|喊我|称呼我|讲咗?叫)\s*(?P<name>[小老阿](?:{_SURNAME}|[a-zA-Z]{{2,12}}))")
_OF_RELATIVE = re.compile(
    rf"(?:找|联系|打给?|收件人)我?(?:的|家)?(?:老婆|老公|爱人|媳妇|妈妈?|爸爸?|儿子|女儿|闺女|婆婆|公公|哥哥?|姐姐?|弟弟?|妹妹?|同事|室友)\s*(?P<name>{ANY_SURNAME}[{HAN}]{{1,2}})(?=$|[^{HAN}])"
)
_COMPOUND = re.compile(
    rf"复姓(?P<surname>{ANY_COMPOUND})[,，\s]*(?:单名|名)?(?:一个)?(?P<given>[{HAN}]{{1,2}}?)字?{_END}"
)
_SAID_TWICE = re.compile(rf"姓(?P<surname>{ANY_SURNAME})(?P<name>(?P=surname)[{HAN}]{{1,2}}?){_END}")
"""「我姓李李强电话…」, dictated in one breath."""
_BEFORE_SPELLED = re.compile(rf"(?P<name>{_SURNAME}[{HAN}]{{1,2}}?)(?={'|'.join(SPELLED)})")
"""「李强木子李坚强的强」."""
_SPELLED = re.compile(f"(?P<name>{'|'.join(SPELLED)})")
_BARE = re.compile(rf"\s*(?P<name>{_SURNAME}[{HAN}]{{1,2}})\s*[。.!~]?\s*")
_BARE_WITH_REST = re.compile(rf"(?P<name>{_SURNAME}[{HAN}]{{1,2}})(?:[\s,，、:]*(?=\x00)|[\s,，、:]+(?=[\d+(]))")
# Among other values: 「红丰路55号，沈砚秋，139…」.
_AMONG_VALUES = re.compile(rf"(?<=[\s,，、;；\x00])(?P<name>{_SURNAME}[{HAN}]{{1,2}})(?=$|[\s,，、;；。\x00])")
_DOTTED = re.compile(rf"(?P<name>[{HAN}]{{2,8}}(?:{DOT}[{HAN}]{{1,8}})+)")

_WHOLE = re.compile(r"(?:全名|大名|本名|全称)(?:叫|是|为)?([\u4e00-\u9fff·]{2,4})")

# Listed as names in jieba's dictionary, and yet a make, a town or a word.
_NO_NAMES = frozenset("华为 白痴 包邮 康佳 方太 石家庄 顺丰 申通 安卓 金立 海信 万和 万家乐 高德 成功 明白".split())
# Rare as surnames, common as verbs: 查进度 and 查单 are no names unless introduced as such.
_VERBS = frozenset("查付退修")
# Characters of no given name: particles, verbs and the like.
_NEVER = frozenset(
    "的了吗呢啊吧么不没我你他她它这那哪是都要就也还很太去来到买卖退换修装查给跟把被和或个件台次元块天号点分秒错对坏好谢怎什几多少"
)
# Even in a name that is introduced: 我叫钱多多 is one, 我叫了师傅 is not.
_PARTICLES = frozenset("的了吗呢啊吧么不没我你他她它这那哪是都要就给跟把被")


def find(text: str) -> Iterator[Value]:
    """Names of the folded text, the surest first."""
    for pattern in (_SAID_TWICE, _BEFORE_SPELLED):
        for match in pattern.finditer(text):
            if _PARTICLES.isdisjoint(match.group("name")):
                yield _value(match)
    explained = _explained(text)
    yield from explained or _spelled(text)
    for match in _COMPOUND.finditer(text):
        yield Value("name", match.group("surname") + match.group("given"), match.start("surname"), match.end())
    for pattern in (_INTRODUCED, _LITTLE, _OF_RELATIVE):
        for match in pattern.finditer(text):
            if _PARTICLES.isdisjoint(match.group("name")):
                yield _value(match)
    if (so := _CALL_ME_SO.search(text)) and so["name"] and (called := called_so(text)) and called.sure:
        yield Value("name", called.name, so.start("name"), so.start("name") + len(called.name))
    yield from _whole(text)
    yield from _titled(text)
    yield from _surnames(text)
    yield from _bare(text)


def whole_in(text: str) -> str | None:
    """The full name, where it is called so: 「全名叫王小芳」."""
    found = _WHOLE.search(text)
    return found.group(1) if found else None


def _value(match: re.Match[str]) -> Value:
    return Value("name", match.group("name"), match.start("name"), match.end("name"))


def _spelled(text: str) -> Iterator[Value]:
    for match in _SPELLED.finditer(text):
        yield Value("name", SPELLED[match.group("name")], match.start(), match.end())


def _whole(text: str) -> Iterator[Value]:
    """Names of other peoples and countries, introduced or written with their dot."""
    for match in _DOTTED.finditer(text):
        if _PARTICLES.isdisjoint(match.group("name")):
            yield _value(match)
    for match in _INTRODUCED_WHOLE.finditer(text):
        if _is_foreign(_without_title(match.group("name"))):
            yield _value(match)


def _titled(text: str) -> Iterator[Value]:
    for match in _TITLED.finditer(text):
        given = re.sub(rf"^{_SURNAME}|(?:{_TITLE})$", "", match.group("name"))
        if not _NEVER.intersection(given):
            yield _value(match)


def _surnames(text: str) -> Iterator[Value]:
    for match in _SURNAME_ONLY.finditer(text):
        given = match.group("given") or ""
        end = match.end("given") if given else match.end("name")
        yield Value("name", match.group("name") + given, match.start("name"), end)


def _bare(text: str) -> Iterator[Value]:
    """A message that is only a name, or a name beside a number or another value."""
    match = _BARE.fullmatch(text) or _BARE_WITH_REST.match(text)
    if (match is None or not _is_believed(match.group("name"))) and "\x00" in text:
        match = next((one for one in _AMONG_VALUES.finditer(text) if _is_believed(one.group("name"))), None)
    if match and _is_believed(match.group("name")):
        yield _value(match)


def _is_believed(name: str) -> bool:
    return _plausible(name) and _is_no_word(name)


def _plausible(name: str) -> bool:
    given = re.sub(f"^{_SURNAME}", "", name, count=1)
    return bool(given) and not _NEVER.intersection(given)


def _is_no_word(name: str) -> bool:
    """方便 and 高兴 begin like names; a dictionary word not listed as a person's name is none."""
    if name in _NO_NAMES or name[0] in _VERBS:
        return False
    if tag(name) is not None:
        return not is_everyday(name)
    first = tag(name[:2])
    return len(name) == 2 or first is None or not is_everyday(name[:2]) or not is_everyday(name[1:])


def _is_foreign(name: str) -> bool:
    """No word of ours is in it: 扎西卓玛, 阿依古丽. A part may also be a place (扎西)."""
    bare = name.replace(DOT, "")
    pieces = [bare[begin : begin + size] for size in (2, 3, 4) for begin in range(len(bare) - size + 1)]
    places = [piece for piece in pieces if tag(piece) == PLACE]
    left = len(bare) - sum(map(len, places))
    words = any(is_everyday(piece) for piece in pieces if piece not in places)
    return left > 1 and len(bare) > NICKNAME and not _NEVER.intersection(bare) and not words


# ---------------------------------------------------------------- spelled out

_PIECES = re.compile(r"[^,，、。;；\s]+")
_EXPLAINS = re.compile(rf"[{HAN}]{{1,4}}的(?:那个)?(?P<sign>[{HAN}])(?:字)?")


def _explained(text: str) -> list[Value]:
    """「弓长张，张弛，松弛的弛」: the name that the other pieces spell out."""
    pieces = list(_PIECES.finditer(text))
    spelled = [SPELLED[word] for piece in pieces if (word := piece.group(0)) in SPELLED]
    signs = [found.group("sign") for piece in pieces if (found := _EXPLAINS.fullmatch(piece.group(0)))]
    if not spelled and not signs:
        return []
    for piece in pieces:
        name = AFFIXES.sub("", piece.group(0))
        if 2 <= len(name) <= LONGEST_USUAL and (name[0] in spelled or set(signs) & set(name)) and name not in SPELLED:
            start = piece.start() + piece.group(0).index(name)
            return [Value("name", name, start, start + len(name))] if not _EXPLAINS.fullmatch(name) else []
    return []


# ---------------------------------------------------------------- asked for

LONGEST_USUAL = 4
NICKNAME = 2
AFFIXES = re.compile(
    r"^(?:你好|您好|好的)?(?:(?:都|刚|刚才|已经)?(?:说|讲)(?:过)?了?)?(?:敝姓|我的名字(?:是|叫)|[我俺]叫|[我俺]姓|[我俺]是|(?:您|你|大家|俺|就|可以|直接|都|管|那|那么)*(?:[叫喊][我俺]?|称呼[我俺]?|管[我俺]叫|写(?:上|成)?)|免贵姓|免贵|本人|姓名|名字(?:是|叫)?|称呼我?|(?:他|她|我?(?:妈妈?|爸爸?|老婆|老公|爱人|婆婆|公公|奶奶|爷爷|朋友|同事))(?:的?名字)?(?:叫|姓|是)|您?可以叫我|就叫我?|叫|姓|是)"
    r"|(?:(?:就|得|便)(?:行|可以|好|成|是)(?:了|啦|咯)?(?:谢谢(?:您|你)?)?|好了|即可|得啦|得了|吧|啊|呀|哈|啦|喔|哦|嘛|呗|撒|噻|咯|嘅)$"
)
"""What people say around their name when they are asked for it."""
_CALL_ME_SO = re.compile(
    rf"(?:[叫喊][我俺]?|称呼[我俺])\s*(?P<name>[{HAN}]{{2,4}}?)(?:(?:就|得|便)(?:可以|行|好|成)|好了|即可|得了)"
    rf"|(?:[叫喊]我|称呼我)\s*(?P<titled>[小老阿大][{HAN}]|{_SURNAME}[{HAN}]{{0,2}}(?:{_TITLE}|{'|'.join(POSTS)}))(?:吧|呗|啦|喔|哦|嘛|撒|噻|哈|咯|得了|$)"
)
"""「我姓周，您叫我周老师就行」: how somebody is to be called, wherever it stands."""
_ASKED_FOR = re.compile(
    rf"(?:找|联系)(?P<name>{ANY_SURNAME}(?P<given>[{HAN}]{{0,2}}?)(?:{_TITLE}|{'|'.join(POSTS)}))(?=$|[^{HAN}])"
)
_LATIN = re.compile(r"[A-Za-z][A-Za-z .'\-]{1,38}")
_HAN_NAME = re.compile(rf"[{HAN}]{{1,6}}|[{HAN}]{{2,8}}(?:{DOT}[{HAN}]{{1,8}})+")
_CALLED = re.compile(rf"(?P<name>[{HAN}{DOT}]{{1,12}}?)(?:{_TITLE}|{'|'.join(POSTS)})")
_ANYBODY = re.compile(r"(?:那|这|某|一|哪|各)?(?:个|位)|请问|转|找|叫|要|人工|客服|投诉")
_NO_NAME = re.compile(
    r"不知道|没有|随便|你猜|不告诉|不想说|好的?|可以|谢谢|[你您]好|不用|等等|等一?[下哈]?|等会儿?|稍等|慢着|是的?|对的?|嗯|什么|为什么|匿名|保密|不(?:方)?便.{0,4}|算了|不|没|快点|不要|不对|"
    r"(?:转|找|叫)?(?:人工|真人|活人).{0,2}|投诉|确认|提交|继续|取消|客服|查.{1,4}|退.{0,3}|换.{0,3}"
)
_MARKS = re.compile(r"[,，。.!！~、:：;；]|(?<![A-Za-z])\s|\s(?![A-Za-z])")


@dataclass(frozen=True)
class Called:
    """How somebody is to be called; `sure` when the words can hardly be anything else."""

    name: str
    sure: bool


def read(said: str) -> Called | None:
    """The name that answers "how may I call you", other values already taken out of it; None for no name."""
    text = re.sub(r"[・•‧]", DOT, visible(said)).strip()
    if ANONYMOUS.search(text):
        return None
    if explained := _explained(text):
        return Called(explained[0].value, sure=True)
    if called := called_so(text):
        return called
    whole = _read_piece(_MARKS.sub("", text))
    pieces = [found for piece in _PIECES.findall(text) if (found := _read_piece(piece)) and found.sure]
    apart = [piece for piece in _PIECES.findall(text) if len(piece) > 1 and not piece.isascii()]
    if whole is None or not whole.sure or (len(apart) > 1 and pieces):
        return _fullest(pieces) if pieces else whole
    said_twice = len(pieces) > 1 and any(pieces[0].name in piece.name for piece in pieces[1:])
    return max(pieces, key=lambda piece: len(piece.name)) if said_twice else whole


def called_so(text: str) -> Called | None:
    """How somebody says to be called, wherever it stands in the message."""
    so = _CALL_ME_SO.search(text)
    called = _read_piece(f"叫我{so['name'] or so['titled']}") if so else None
    return replace(called, sure=called.sure or _may_be_nickname(called.name)) if called else None


def _may_be_nickname(name: str) -> bool:
    """「团子」, 「七七」: what somebody says to be called by is their name, unless it is done (起来) or no name at all."""
    word, is_doubled = tag(name), len(name) == NICKNAME and name[0] == name[1]
    is_noun = is_doubled or (word.startswith("n") if word else len(name) == NICKNAME or name[-1] in _RELATED)
    return is_noun and not (_ANYBODY.search(name) or _NEVER.intersection(name))


_RELATED = frozenset("妈爸哥姐叔姨爷奶")
"""How the name of a child's parent ends: 果果妈."""


def asked_for(text: str) -> str:
    """Whom somebody who is called back is to be asked for: 「打过来找鲁工」; empty where nobody is named so."""
    found = _ASKED_FOR.search(visible(text))
    return found["name"] if found and not _NEVER.intersection(found["given"]) else ""


def _fullest(pieces: list[Called]) -> Called:
    """The first name, or the fuller one of the same person: 「欧阳，欧阳晓晨」, 「姓邓 邓素芬」."""
    surname = surname_alone(pieces[0].name)
    same = [one for one in pieces if surname and one.name.startswith(surname)]
    return max(same, key=lambda one: (not surname_alone(one.name), len(one.name)), default=pieces[0])


def _read_piece(said: str) -> Called | None:
    bare = AFFIXES.sub("", said)
    if _LATIN.fullmatch(bare):
        return Called(bare.strip(), sure=True)
    if not _HAN_NAME.fullmatch(bare) or _NO_NAME.fullmatch(bare):
        return None
    if means_unknown(bare) or means_withheld(bare):
        return None
    if len(bare) == 1:
        return Called(bare, sure=True) if bare in SURNAMES else None
    return Called(bare, sure=_is_surely_one(bare, introduced=bare != said))


def _is_surely_one(name: str, *, introduced: bool) -> bool:
    if DOT in name or (len(name) == NICKNAME and name[0] in "老小阿大" and (introduced or name[1] in SURNAMES)):
        return True
    called = _CALLED.fullmatch(name)
    if called and not _ANYBODY.search(name):
        return begins_with_surname(called.group("name")) or _is_foreign(called.group("name"))
    usual = begins_with_surname(name) and len(name) <= LONGEST_USUAL
    if usual and (introduced or (name[:2] in COMPOUND and len(name) > len("欧阳"))):
        return True
    return _is_believed(name) if usual and name[0] in BELIEVED and len(name) < LONGEST_USUAL else _is_foreign(name)


def _without_title(name: str) -> str:
    return re.sub(rf"(?:{_TITLE})$", "", name)


_ADDRESSED = (("女士", re.compile(r"女士|小姐|女的|女性|太太")), ("先生", re.compile(r"先生|男的|男性")))


def title_in(text: str) -> str | None:
    """How somebody wants to be addressed: 先生 or 女士; None where neither, or both, are said."""
    said = [title for title, words in _ADDRESSED if words.search(visible(text))]
    return said[0] if len(said) == 1 else None


def surname_alone(name: str) -> str:
    """The surname of somebody of whom nothing more is known (邓先生/女士); empty of a fuller name."""
    bare = re.sub(r"(?:先生/女士|先生|女士|小姐)$", "", name)
    return bare if bare in SURNAMES else ""


def full(name: str) -> str:
    """A surname alone is made something one can be called by."""
    return f"{name}先生/女士" if len(name) == 1 else name
