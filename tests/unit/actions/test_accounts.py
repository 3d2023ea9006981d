"""Which clauses of a message are the account of a matter, and which are only said to whom one writes to."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from actions.clauses import MOST, pieces
from actions.forms.accounts import account, content, dictated, in_queue, opening, to_add, together
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


@pytest.mark.parametrize("unit", ["0.", "明天后天", "昨天", "不要，", "我要投诉。", "1月1日", "？", "a b "])
def test_no_text_takes_long_to_tell_apart(unit: str) -> None:
    """A message of two thousand characters kept everybody else from being answered for seconds."""
    said = heard((unit * 2000)[:2000])
    began = time.process_time()
    account(said, COMPANY)
    assert time.process_time() - began < 0.15


def test_what_follows_sixty_clauses_is_one() -> None:
    text = "，".join(f"第{n}件" for n in range(500)) + "，完"
    assert len(pieces(text)) == MOST
    assert pieces(text)[-1].endswith("完")
    assert "".join(pieces(text)[: MOST - 1]) == "".join(f"第{n}件" for n in range(MOST - 1))


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
    told = ["我上周买的扫地机还没到", "我上周买的扫地机还没到，急用", ""]
    assert together(told, COMPANY, "callback") == "我上周买的扫地机还没到，急用"


@pytest.mark.parametrize(
    "said,told",
    [
        ("哎呀你答的啥呀，热水袋一充就鼓", "热水袋一充就鼓"),
        ("我说我家冰箱门关不上要报修 你听得懂不", "我家冰箱门关不上"),
        ("行吧行吧给我登记报修，面包机搅拌桨掉了", "面包机搅拌桨掉了"),
        ("上门时间：明天下午，水龙头接口渗水", "水龙头接口渗水"),
        ("昨天下午 正煮着饭 啪一声就黑屏了", "昨天下午，正煮着饭，啪一声就黑屏了"),
        ("烟机不吸烟 前天开始的 我下午两点以后在家", "烟机不吸烟，前天开始的"),
        ("俺那个风扇摇头咔咔响咋整", "俺那个风扇摇头咔咔响"),
        ("师傅说你自己看着办，就走了", "师傅说你自己看着办，就走了"),
        ("情况说明：抽屉滑轨断了一边", "抽屉滑轨断了一边"),
        ("我没说不登记啊 我就问问钱 门封条裂了一道口子", "门封条裂了一道口子"),
        ("登记那里乱写的，我不是讲过了嘛，灯罩碎了两片", "灯罩碎了两片"),
        ("物业说不用管了，结果越漏越大", "物业说不用管了，结果越漏越大"),
    ],
)
def test_what_is_said_of_the_talk_or_the_form_is_no_account(said: str, told: str) -> None:
    assert account(heard(said), COMPANY) == told


@pytest.mark.parametrize(
    "said", ["咪讲咗咯", "我不是刚说了吗", "订单去掉", "他自己弄吧", "这个不用管了", "要报修", "再念一遍"]
)
def test_what_only_speaks_to_us_tells_nothing(said: str) -> None:
    assert account(heard(said), COMPANY) is None


def test_while_a_person_is_waited_for_nothing_of_the_wait_is_told() -> None:
    assert in_queue(heard("还没人来，他还把门框撞掉一块漆"), COMPANY) == "他还把门框撞掉一块漆"
    assert in_queue(heard("怎么还没人接 等了半天了"), COMPANY) is None
    assert account(heard("约好今天上门装，还没人来"), COMPANY) == "约好今天上门装，还没人来"


def test_an_account_that_is_dictated_stands_as_it_is_without_questions() -> None:
    said = "滤网堵了，不敢再开，要换货。寄不寄回去你还没说呢"
    assert dictated(said, COMPANY) == "滤网堵了，不敢再开，要换货"


def test_a_matter_is_opened_with_few_words_that_tell() -> None:
    assert opening(heard("登记维修，榨汁机异响"), COMPANY, "repair") == "榨汁机异响"
    assert opening(heard("给我报修"), COMPANY, "repair") == ""


def test_what_was_told_before_is_not_told_again_in_other_words_around_it() -> None:
    assert together(["空气炸锅的盖子合不拢", "盖子合不拢，用了三次"], COMPANY) == "空气炸锅的盖子合不拢；用了三次"


def read_so(text: str, **chances: float) -> Heard:
    """A message whose clauses the reader has read."""
    return Heard(text, "inform", 0.9, telling=chances)


def test_what_the_reader_learnt_decides_which_clauses_tell_of_the_matter() -> None:
    said = read_so("排骨都炖糊了，这话我讲第二遍，盖子弹开过", 排骨都炖糊了=0.9, 这话我讲第二遍=0.1, 盖子弹开过=0.8)
    assert account(said, COMPANY) == "排骨都炖糊了，盖子弹开过"


def test_what_a_call_is_about_may_be_a_question_that_the_reader_left_out() -> None:
    said = read_so("烤架能单独买吗", 烤架能单独买吗=0.1)
    assert content(said, COMPANY, "callback") == "烤架能单独买吗"
    assert account(said, COMPANY) is None


def test_a_visiting_time_is_no_account_however_it_was_read() -> None:
    said = read_so("屏幕一直在闪烁，明天下午三点", 屏幕一直在闪烁=0.9, 明天下午三点=0.9)
    assert account(said, COMPANY) == "屏幕一直在闪烁"


def test_what_is_to_be_added_leaves_out_what_is_surely_said_to_us() -> None:
    said = read_so("写岔了那句不要咯，再加一句 门把手也松了", 写岔了那句不要咯=0.05, 门把手也松了=0.2)
    assert to_add(said, COMPANY) == "门把手也松了"
