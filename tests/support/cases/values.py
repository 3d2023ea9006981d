"""What a made-up customer has at hand: numbers of their own, dates, and a plain answer to every question."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from helpdesk.testing import now

ZONE = ZoneInfo("Asia/Shanghai")
PLACE = re.compile(r"\{(phone2?|p:sp|p:yao|number|(?:date|lw):\d+)\}")
SPOKEN = dict(zip("0123456789", "零幺二三四五六七八九", strict=True))
TENS = ("", "十", "二十", "三十")
UNITS = ("", *"一二三四五六七八九")
YES = "是的，麻烦了"

PLAIN: Mapping[str, str] = {
    "address": "宁波市海曙区望湖街12号3幢402室",
    "amount": "120元",
    "price_paid": "1299元",
    "price_seen": "1199元",
    "price_gap": "100元",
    "seen_where": "你们网店的商品页",
    "buyer": "刘女士",
    "callback_time": "明天下午三点",
    "call_hours": "下午四点以后打",
    "category": "产品质量",
    "change_kind": "修改送货时间",
    "channel": "400热线",
    "charge_item": "上门费",
    "charged_by": "安装师傅",
    "contact_way": "发短信",
    "contact_who": "联系我本人",
    "credit_code": "91310000MA1FL5E91X",
    "danger": "已停用，没有危险",
    "data_action": "查询",
    "data_kind": "电话和地址",
    "delivery_kind": "破损",
    "description": "用着用着就停了，按开关也没有反应",
    "email": "zhao.min@example.com",
    "evidence": "没有",
    "injured": "没有",
    "invoice_kind": "个人",
    "invoice_problem": "抬头开错了",
    "invoice_title": "赵敏",
    "name": "赵敏",
    "new_value": "改到后天下午送",
    "noticed": "接到陌生人电话，知道我买了什么",
    "occurred": "昨天",
    "on_behalf_of": "给我妈妈登记",
    "order": "2026110812345",
    "outcome": "希望换一台新的",
    "phone": "{phone}",
    "post_address": "宁波市海曙区望湖街12号3幢402室",
    "product": "双门冰箱",
    "promised": "买冰箱送炒锅",
    "promised_date": "上周五",
    "promised_where": "商品页",
    "receipt": "找不到",
    "refusal": "说拆封了不能退",
    "repairs": "没修过",
    "reply_here": "可以",
    "return_state": "已申请",
    "second_contact": "没有",
    "serial": "没有",
    "service_kind": "没修好",
    "staff_name": "不知道",
    "ticket": "找不到",
    "visit_date": "昨天",
    "visit_time": "后天上午",
    "waybill": "找不到",
    "waybill_back": "没有",
    "wechat": "zhaomin_1990",
}
"""A valid answer to each field that may be asked, for whoever has nothing particular to say there."""


class Drawn:
    """The placeholders of one conversation: its numbers are drawn once, dates count from now."""

    def __init__(self, chance: random.Random | None = None) -> None:
        draw = chance or random.Random()
        self.phone, self.phone2 = _mobile(draw, "138"), _mobile(draw, "186")
        self.number = ""
        """The last ticket's number, once there is one."""

    def fill(self, text: str) -> str:
        """`text` with every placeholder replaced."""
        return PLACE.sub(lambda found: self._value(found.group(1)), text)

    def _value(self, name: str) -> str:
        kind, _, days = name.partition(":")
        if kind == "date":
            return day_pattern(today() + timedelta(days=int(days)))
        if kind == "lw":
            return day_pattern(_last_week(int(days)))
        if kind == "p":
            return self._written(days)
        return {"phone": self.phone, "phone2": self.phone2}.get(name) or self.number or "还没有登记号"

    def _written(self, how: str) -> str:
        if how == "sp":
            return f"{self.phone[:3]} {self.phone[3:7]} {self.phone[7:]}"
        return "".join(SPOKEN[digit] for digit in self.phone)


def _mobile(draw: random.Random, prefix: str) -> str:
    return prefix + "".join(draw.choices("0123456789", k=8))


def today() -> date:
    """The day it is in Beijing for the services under test."""
    return now().astimezone(ZONE).date()


def _last_week(weekday: int) -> date:
    """Monday is 1."""
    monday = today() - timedelta(days=today().isoweekday() - 1)
    return monday + timedelta(days=weekday - 1 - 7)


def day_pattern(day: date) -> str:
    """A regular expression for a day as it is usually written: 2026-11-27, 11月27日, 11/27, 27号, 十一月二十七."""
    month, number = f"0?{day.month}", f"0?{day.day}"
    spoken = f"(?<!十){_spoken(day.month)}月{_spoken(day.day)}(?![一二三四五六七八九十])"
    return rf"(?:(?<!\d){month}[-/.月]{number}(?!\d)|(?<![\d月]){number}[日号]|{spoken})"


def _spoken(number: int) -> str:
    tens, unit = divmod(number, 10)
    return TENS[tens] + UNITS[unit]
