"""Places and addresses: 北京市朝阳区建国路88号, 幸福小区3栋2单元501, 上海浦东.

Words that jieba lists as place names, and runs of text that end in an address word
(路, 小区, 号楼 ...). An address is one value: neighbouring places are joined.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from zhtext.values.dictionary import PLACE, tag
from zhtext.values.found import HAN, Value

_NUMBER = r"(?:[a-z甲乙丙丁]?\d{1,5}[a-z]?|[一二三四五六七八九十]{1,4}|[a-z甲乙丙丁东西南北])"
_ENDING = r"(?:省|自治区|市|自治州|区|县|镇|乡|村|街道|(?:大道|路|大街)(?:[一二三四五六七八九十东西南北中]{1,2}段)?|街|巷|胡同|小区|花园|家园|公寓|大厦|广场|新村|工业园|科技园|园区|大学|学校|医院|(?:城|苑|园|都|府|庭|湾|郡|轩|阁|里|中心)(?=[a-z]?区?\s?[a-z]?\d{1,4}(?:[号栋幢座-]|期)|[a-z][座栋]))"
_AREA = rf"[{HAN}]{{2,8}}?{_ENDING}(?:[{HAN}]{{1,8}}?{_ENDING}){{0,5}}"
_DASHED = r"(?<=[号院栋幢座楼段区苑园庭城府湾村寓厦场弄])\s?[a-z]?\d{1,4}(?:[-－]\d{1,4}){1,3}(?:室|号|户)?"
"""8号2-301, 幸福小区20-1-1502."""
_ROOM = r"(?:\d{3,4}|[一二三四五六七八九零〇]{3,4})(?!\d)"
_DOOR = rf"(?:{_DASHED}|[a-z]区\s?|{_NUMBER}门(?=\s?{_ROOM})|{_NUMBER}\s?(?:号院|号楼|号之[一二三四五六七八九十\d]{{1,2}}|号|弄|栋|幢|座|单元|楼|层|室|户|期|房(?![间子租东价产本管屋]))\s?|(?<=[栋幢座楼元层号门])\s?{_ROOM}(?:室|房(?![间子租东价产本管屋]))?)"
_GATE = rf"(?:[东西南北前后侧正大]{{1,2}}门(?:进去|进来|进门|旁边?|对面|左[手边]{{0,2}}|右[手边]{{0,2}}|里面?|口)*)(?={_DOOR})"
"""A gate on the way to the door: 88号东门进去3栋."""
_ADDRESS = re.compile(rf"{_AREA}{_DOOR}*(?:{_GATE}{_DOOR}+)?|{_DOOR}{{2,}}(?:\d{{3,4}})?")
# An address begins behind the last of these: 「昨天在中山路」, 「我家住幸福小区」.
_LEAD = re.compile(
    r"我|你|们|咱|他|她|家住|家在|住在|住|就在|在|是|的|到|送|寄|发|改|成(?!都)|换|为|(?<!进)去|收货|地址|把|帮|请|从|给|了|那个|这个|那|这|附近|哪|某某|多"
)
# A city that jieba's dictionary lists as a person.
_MISSING = frozenset({"石家庄"})
_NOT_PLACES = frozenset(
    "上门 午安 一条街 一带 中国 大陆 国内 国外 全国 当地 外地 本地 线路 电路 网络 超市 道路 马路 半路 思路 内地 三包 海尔 小米 中心 华为 天猫 京东 淘宝 苏宁 国美 长虹 康佳 美国 日本 韩国 中华".split()
)
SIGN = re.compile(r"省|市|区|县|镇|乡|村|路|街|道|巷|弄|号|栋|幢|楼|单元|室|小区|花园|大厦|公寓|新村|家园")
"""What an address, however short, has somewhere in it."""
_STREET = re.compile(r"路|街|道|巷|胡同|小区|花园|家园|公寓|大厦|广场|新村|村|弄|园|苑|城|都|府|号院")
_DOOR_BEHIND = re.compile(
    rf"(?:\d+|[一二三四五六七八九十百零〇]{{1,5}})\s?(?:号|弄|栋|幢|座|单元|楼|层|室|户)|[栋幢座楼元层号]\s?\d{{3,4}}|{_DASHED}"
)
_QUESTION = re.compile(r"[吗呢吧啊么怎谁几不没要想买装修]|什么|可以|能不能")
_ORGANISATION = re.compile(
    rf"(?:是|叫|抬头|写|开|给|我们?)?:?(?P<name>[{HAN}()（）]{{2,28}}(?:公司|集团|合作社|事务所|工作室|研究院|研究所|委员会|管理处|办事处|居委会|村委会|管委会|协会|学会|商会|基金会|出版社|设计院|经营部|商行|酒店|银行|幼儿园|小学|中学|学校|大学|医院|厂|中心|便利店|超市|商店|药房|诊所|饭店|餐厅|餐馆|门市部|工厂))"
)
_BEFORE_ORGANISATION = re.compile(
    r"^(?:原来|原先|现在|个人|要|想|改成|改为|换成|换为|开成|改|成(?![都安武功])|应该|公司的?|企业的?|单位的?|抬头|发票|名称|就|是|叫|写|开|给|我们?|的|:)+"
)
_LEADS_TO_ORGANISATION = re.compile(r"^.*(?:改成|改为|换成|换为|开成|写成)")
_NOT_OF_ORGANISATIONS = frozenset("说要想的我你您他她把给这那哪个家什么某")
SHORTEST_ORGANISATION = 4
_WIRES = re.compile(r"(?:线路|电路|网路|思路|套路)$")
_NOT_ENDINGS = re.compile(
    r"(?:超市|地区|社区|小区|片区|夜市|城市|门市|校区|半路|走路|马路|道路|一路|上市|市区|街道|大街|学校|医院|大学)$"
)


def find(text: str, tokens: Sequence[tuple[str, int]]) -> Iterator[Value]:
    """Places of the folded text; tokens are (word, start) of the same text."""
    spans = [*_addresses(text), *_place_words(tokens)]
    for start, end in _joined(sorted(spans)):
        yield Value("place", text[start:end].strip(), start, end)


def is_full(place: str) -> bool:
    """Whether somebody could be sent there: a street or an estate, and a door."""
    return bool(_STREET.search(place)) and bool(_DOOR_BEHIND.search(place))


def read(text: str) -> str | None:
    """The full address in a folded text: its words, other values taken out; None when there is none."""
    places = ((match.start(), match.end()) for match in _ADDRESS.finditer(text))
    found = [text[start:end].strip() for start, end in _joined(sorted(_cut(text, places)))]
    return max((one for one in found if is_full(one)), key=len, default=None)


def full_addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where the folded text names a door that somebody could be sent to."""
    for start, end in _joined(sorted(_addresses(text))):
        if is_full(text[start:end]):
            yield start, end


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    yield from _cut(text, ((match.start(), match.end()) for match in _ADDRESS.finditer(text)))


def _cut(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans without the words before the address."""
    for begin, end in spans:
        leads = [lead.end() for lead in _LEAD.finditer(text[begin:end])]
        start = begin + (leads[-1] if leads else 0)
        found = text[start:end].rstrip()
        if len(found) >= 3 and not _vague(found):
            yield start, start + len(found)


def _vague(found: str) -> bool:
    """小区 or 半路 alone, and sentences that only end like an address."""
    ending = _NOT_ENDINGS.search(found)
    alone = bool(ending and ending.start() == 0)
    return alone or bool(_WIRES.search(found)) or bool(_QUESTION.search(found))


def _place_words(tokens: Sequence[tuple[str, int]]) -> Iterator[tuple[int, int]]:
    for word, start in tokens:
        if (tag(word) == PLACE or word in _MISSING) and word not in _NOT_PLACES:
            yield start, start + len(word)


def _joined(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Neighbouring or overlapping spans as one."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    yield from merged


def organisation_in(text: str) -> str | None:
    """The full name of a company, a school, an office in a normalised text, as it stands on an invoice."""
    said = (_LEADS_TO_ORGANISATION.sub("", match["name"]) for match in _ORGANISATION.finditer(text))
    found = [_BEFORE_ORGANISATION.sub("", name) for name in said]
    return next((name for name in found if _is_organisation(name)), None)


def _is_organisation(name: str) -> bool:
    """「单位说要开公司」 only speaks of one."""
    return len(name) >= SHORTEST_ORGANISATION and _NOT_OF_ORGANISATIONS.isdisjoint(name)
