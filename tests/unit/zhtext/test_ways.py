"""How somebody wants to be reached, whoever else is spoken of."""

from __future__ import annotations

import pytest

from zhtext import normalise
from zhtext.values import names, ways


@pytest.mark.parametrize(
    "clauses,way",
    [
        (["你们打我电话莫打她的"], ways.CALL),
        (["不是发文字", "打我手机", "别打我妈的"], ways.CALL),
        (["别打老人座机", "打我电话就行"], ways.CALL),
        (["联系别发短信", "我要书面寄到家里"], ways.POST),
        (["改成邮寄书面答复"], ways.POST),
        (["结果写信寄给我"], ways.POST),
        (["有答复寄到我单位", "别打电话"], ways.POST),
        (["换的那台寄给我"], None),
        (["写信说你们骗人"], None),
        (["别寄信"], None),
        (["别给我打电话"], ways.WRITTEN),
        (["发短信中不中"], ways.SMS),
        (["用LINE Pay付的"], None),
        (["钱原路退回微信的对吧"], None),
        (["付给他个人微信"], None),
        (["退款进度发微信告诉我"], "wechat"),
        (["你们打我电话打不通"], None),
        (["有事发文字", "电话我一般不接的"], ways.SMS),
        (["手机平时都不接"], ways.WRITTEN),
        (["你们客服电话一般不接"], None),
    ],
)
def test_the_way_that_is_wished_for_is_the_customers_own(clauses: list[str], way: str | None) -> None:
    assert ways.read([normalise(one) for one in clauses]) == way


@pytest.mark.parametrize(
    "said,name",
    [
        ("我姓周退休教师您叫我周老师就行", "周老师"),
        ("叫我阿敏啦", "阿敏"),
        ("叫小周就可以了谢谢", "小周"),
    ],
)
def test_how_somebody_is_to_be_called_is_read_without_what_is_said_round_it(said: str, name: str) -> None:
    found = names.read(said)
    assert found is not None
    assert (found.name, found.sure) == (name, True)


def test_somebody_else_by_their_surname_is_not_the_customer() -> None:
    assert [one.value for one in names.find("店里那个导购，姓孙的一个女的")] == []
