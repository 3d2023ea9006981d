"""How customers say their names: 我叫李明, 免贵姓王, 王女士, 立早章, or just 李明."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Iterator

import jieba

from bot.nlu.values.base import HAN, Value

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
    "石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章"
    "鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟"
    "艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛"
    "仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹"
)
COMPOUND_SURNAMES = (
    "欧阳 上官 司马 诸葛 东方 皇甫 尉迟 公孙 慕容 长孙 宇文 司徒 夏侯 令狐 端木 南宫 独孤 百里 东郭 轩辕 钟离 闻人 申屠 太史 澹台 公冶 宗政 濮阳 淳于 单于"
).split()
# Surnames described by their parts, as on the telephone.
SPELLED = {
    "立早章": "章", "弓长张": "张", "木子李": "李", "耳东陈": "陈", "双口吕": "吕", "口口吕": "吕", "古月胡": "胡", "言午许": "许",
    "口天吴": "吴", "草头黄": "黄", "大肚黄": "黄", "双木林": "林", "美女姜": "姜", "三横王": "王", "三划王": "王", "干勾于": "于",
    "人则余": "余", "走肖赵": "赵", "文刀刘": "刘", "卯金刀刘": "刘", "奚谢": "谢", "走之底的连": "连", "四维罗": "罗",
}  # fmt: skip

_SURNAME = f"(?:{'|'.join(COMPOUND_SURNAMES)}|[{SURNAMES}])"
_TITLE = "女士|先生|小姐|太太|阿姨|大爷|大妈|叔叔|大哥|大姐"
# What follows a name when the customer goes on without a mark.
_NEXT = "电话|手机|号码|联系|微信|邮箱|订单|单号|地址|住|我|你|是|的|在|想|要|买|投诉|昨|今|前天|上周|上个|去年|想要|女|男|先生|女士|这|那|现在|家|来|有|给|帮|麻烦|谢谢"
_END = rf"(?=$|[^{HAN}]|{_NEXT})"
_INTRODUCED = re.compile(
    r"(?:我的?名字(?:是|叫)?|全名(?:是|叫)?|我(?:妈|爸|爱人|老公|老婆|媳妇|儿子|女儿|家人)妈?爸?(?:是|叫)|收件人(?:是|叫|:)?|名字(?:是|叫|改成|改为|写成|:)|姓名(?:是|改成|改为|叫|:|\s)|我(?:是)?叫做?|本人(?:叫|是|:)?|叫我|称呼我为?|我是|(?:^|[,，。\s])叫|收货人(?:是|叫|改成|:)|联系人(?:是|:)?|抬头写)"
    rf"\s*(?P<name>{_SURNAME}[{HAN}]{{1,2}}?){_END}"
)
_SURNAME_ONLY = re.compile(
    rf"(?:免贵|我|本人|敝|鄙人|我(?:爱人|老公|老婆|媳妇|妈|爸)|^|[,，。\s])姓\s*(?P<name>{_SURNAME})(?:名(?P<given>[{HAN}]{{1,2}}){_END})?"
)
_TITLED = re.compile(rf"(?<!那个)(?<!这个)(?<!你们)(?P<name>{_SURNAME}(?:[{HAN}]{{1,2}})?(?:{_TITLE}))")
_LITTLE = re.compile(rf"(?:叫我|喊我|称呼我)\s*(?P<name>[小老阿]{_SURNAME})")
_COMPOUND = re.compile(
    rf"复姓(?P<surname>{'|'.join(COMPOUND_SURNAMES)})[,，\s]*(?:单名|名)?(?:一个)?(?P<given>[{HAN}]{{1,2}}?)字?{_END}"
)
_SPELLED = re.compile(f"(?P<name>{'|'.join(SPELLED)})")
_BARE = re.compile(rf"\s*(?P<name>{_SURNAME}[{HAN}]{{1,2}})\s*[。.!~]?\s*")
_BARE_WITH_REST = re.compile(rf"(?P<name>{_SURNAME}[{HAN}]{{1,2}})[\s,，、:]+(?=[\x00\d+(])")

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
    yield from _spelled(text)
    for match in _COMPOUND.finditer(text):
        yield Value("name", match.group("surname") + match.group("given"), match.start("surname"), match.end())
    for pattern in (_INTRODUCED, _LITTLE):
        for match in pattern.finditer(text):
            if _PARTICLES.isdisjoint(match.group("name")):
                yield _value(match)
    yield from _titled(text)
    yield from _surnames(text)
    yield from _bare(text)


def _value(match: re.Match[str]) -> Value:
    return Value("name", match.group("name"), match.start("name"), match.end("name"))


def _spelled(text: str) -> Iterator[Value]:
    for match in _SPELLED.finditer(text):
        yield Value("name", SPELLED[match.group("name")], match.start(), match.end())


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
    """A message that is only a name, or a name with a number behind it."""
    match = _BARE.fullmatch(text) or _BARE_WITH_REST.match(text)
    if match and _plausible(match.group("name")) and _is_no_word(match.group("name")):
        yield _value(match)


def _plausible(name: str) -> bool:
    given = re.sub(f"^{_SURNAME}", "", name, count=1)
    return bool(given) and not _NEVER.intersection(given)


def _is_no_word(name: str) -> bool:
    """方便 and 高兴 begin like names; a dictionary word not listed as a person's name is none."""
    words = _dictionary()
    if name in _NO_NAMES or name[0] in _VERBS:
        return False
    if name in words:
        return words[name]
    first_two = name[:2]
    return len(name) == 2 or first_two not in words or words[first_two] or words.get(name[1:]) is not False


@lru_cache(maxsize=1)
def _dictionary() -> dict[str, bool]:
    """Words of two to four characters that begin with a surname -> whether they are names (jieba's tag nr)."""
    words: dict[str, bool] = {}
    path = Path(jieba.__file__).with_name("dict.txt")
    for line in path.read_text(encoding="utf-8").splitlines():
        word, _, tag = line.split(" ")
        if 2 <= len(word) <= 4:
            words[word] = tag.startswith("nr")
    return words
