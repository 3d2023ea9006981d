"""Which clauses of a message are the account of a matter, and which are only said to whom one writes to."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.forms.accounts import account, content, to_add, together
from actions.heard import Heard
from helpdesk.company import load_company
from zhtext import fold
from zhtext.values import phones

COMPANY = load_company(Path(__file__).resolve().parents[3] / "company")


def heard(text: str, **entities: str) -> Heard:
    found = [
        {"entity": "phone", "value": one.value, "start": one.start, "end": one.end} for one in phones.find(fold(text))
    ]
    named = [
        {"entity": e, "value": v, "start": text.find(v), "end": text.find(v) + len(v)} for e, v in entities.items()
    ]
    return Heard(text, "inform", 0.9, (*found, *named))


@pytest.mark.parametrize(
    "said,told",
    [
        ("在吗？上周装的空调，昨晚一直滴水", "上周装的空调，昨晚一直滴水"),
        ("你帮我催一下，热水器说好周一到的，我姓莫，电话13911112222", "热水器说好周一到的"),
        ("我要投诉，你们卖假货", "你们卖假货"),
        ("烤箱门关不严。师傅上门收钱吗？", "烤箱门关不严"),
        ("洗碗机怎么还没送来？家里等着用", "洗碗机怎么还没送来？家里等着用"),
        ("老板在不 油烟机噪音大得很 快点给我处理", "油烟机噪音大得很"),
        ("不是说了登记吗，热水器漏电的事", "热水器漏电的事"),
    ],
)
def test_an_account_holds_what_is_told_of_the_matter(said: str, told: str) -> None:
    assert account(heard(said, **({"name": "莫"} if "莫" in said else {})), COMPANY) == told


def test_what_a_call_is_about_may_be_a_question() -> None:
    said = "想问烤箱能不能放进六十厘米的柜子，我的电话13911112222"
    assert content(heard(said), COMPANY, "callback") == "想问烤箱能不能放进六十厘米的柜子"


@pytest.mark.parametrize(
    "said,more",
    [
        ("你把门把手松了、灯不亮，这两条也写上", "门把手松了、灯不亮"),
        ("说明里加一句 水管也裂了", "水管也裂了"),
        ("门铃坏了，别按门铃，给我加上", "门铃坏了，别按门铃"),
    ],
)
def test_what_is_added_comes_without_the_words_that_ask_for_it(said: str, more: str) -> None:
    assert to_add(heard(said), COMPANY) == more


def test_each_thing_is_told_once() -> None:
    told = ["我上周买的扫地机还没到", "你帮我催一下；我上周买的扫地机还没到，急用", ""]
    assert together(told, COMPANY, "callback") == "我上周买的扫地机还没到，急用"
