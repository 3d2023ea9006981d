"""Names in a message: the field, which of its stretches is meant, and what is kept of it on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.reader import names, spans
from bot.nlu.reader.turns import Context, read_made

NAME = Context("field:name", "complaint", "请问怎么称呼您？")
OPEN = Context("open", "none", "您好")


@pytest.fixture(scope="module")
def tagger() -> spans.SpanTagger:
    return names.fit(read_made())


def test_a_name_is_found_where_one_is_asked_for(tagger: spans.SpanTagger) -> None:
    assert names.said_name("我叫陶景行", NAME, tagger) == "陶景行"
    assert names.said_name("洗衣机不转了", OPEN, tagger) is None


def test_the_stored_field_reads_as_before(tagger: spans.SpanTagger, tmp_path: Path) -> None:
    spans.save(tagger, tmp_path)
    assert {path.suffix for path in tmp_path.iterdir()} == {".crf", ".json"}
    assert spans.load(tmp_path)("我叫陶景行", NAME) == tagger("我叫陶景行", NAME)


@pytest.mark.parametrize(
    "text, found, name",
    [
        ("不是张，是章鱼的章", ["张", "章"], "章"),
        ("称呼写成王女士 我是谯女士", ["王女士", "谯女士"], "谯女士"),
        ("我姓佘，佘小满", ["佘", "佘小满"], "佘小满"),
        ("佘 佘小满", ["佘 佘小满"], "佘小满"),
        ("婆婆 施阿好", ["婆婆 施阿好"], "施阿好"),
        ("方便啊 符海燕", ["方便", "符海燕"], "符海燕"),
        ("找门卫老钟就行", ["门卫老钟就行"], "老钟"),
        ("喊我兰姐嘛", ["兰姐嘛"], "兰姐"),
        ("没有", [], None),
    ],
)
def test_the_name_that_is_meant_is_chosen(text: str, found: list[str], name: str | None) -> None:
    assert names.chosen(text, found) == name


@pytest.mark.parametrize(
    "text, name",
    [
        ("他姓田", "田"),
        ("收件人换成我姐 才让卓玛", "才让卓玛"),
        ("让上次那个逄经理联系我", "逄经理"),
        ("收货人和电话都改", None),
        ("我只要安装", None),
        ("谢谢师傅", None),
    ],
)
def test_a_name_is_read_from_what_stands_around_it(text: str, name: str | None) -> None:
    assert names.introduced(text) == name


def test_a_word_begins_and_ends_where_its_tags_do() -> None:
    tagged = spans.tags("我叫李明", {"name": "李明"}, frozenset({"name"}))
    assert tagged == ["O", "O", "B-name", "I-name"]
    assert list(spans.spans(tagged)) == [("name", 2, 4)]


def test_the_field_sees_two_characters_on_either_side_and_no_further_than_the_text() -> None:
    first, last = spans.features("姓李", Context("field:name"), {"李": 7})
    assert first[:9] == ["-2:_", "-1:_", "0:姓", "1:李", "2:_", "-10:_姓", "01:姓李", "-2-1:__", "12:李_"]
    assert {"like:1:7", "surname:1:usual", "surname:-1:none", "lead:", "asked:field:name:long:2:0"} <= set(first)
    assert {"-1:姓", "1:_", "like:0:7", "likes:7__", "lead:姓", "asked:field:name:lead:姓"} <= set(last)
    assert spans.features("", Context(), {}) == []


@pytest.mark.parametrize(
    "text, name",
    [
        ("韦 韦小宝那个韦 韦天良", "韦天良"),
        ("口天吴 吴用", "吴用"),
        ("18600112233 褚岩", "褚岩"),
        ("小名豆豆，全名窦逗", "窦逗"),
        ("汪洋汪洋汪洋", "汪洋"),
        ("我叫阿依古丽·买买提明", "阿依古丽·买买提明"),
    ],
)
def test_a_name_is_told_from_how_it_is_explained(tagger: spans.SpanTagger, text: str, name: str) -> None:
    assert names.said_name(text, NAME, tagger) == name


@pytest.mark.parametrize(
    "text, plain",
    [
        ("姓甄，甄嬛传的甄", "姓甄，甄"),
        ("木易杨", "杨"),
        ("姓查，念zhā", "姓查，"),
        ("我妈的名字，秋菊", "我妈的名字，秋菊"),
    ],
)
def test_what_explains_a_character_is_no_name(text: str, plain: str) -> None:
    assert names.without_explanations(text) == plain
