"""What customers do in a form beside answering: ask for a moment, put it off, go back, go on, switch."""

from __future__ import annotations

import re

from actions.forms.lexicon import CORRECTION

_LOOK = r"(?:找|查|翻|看|问|拿|拍|想|确认|核对|量|数)"
HOLD = re.compile(
    rf"^(?:好的?|嗯|哦|那|您|你|请|麻烦)?,?(?:先|再)?(?:稍等|等等|等一等|等一?下|等一?会儿?|等我|且慢|慢着|别急)[^?？]{{0,14}}$|"
    rf"(?:我|让我|容我|我先|等我)(?:去|先|得|再|现在)?{_LOOK}(?:一?下|一?{_LOOK}|一会|看看)[^?？]{{0,10}}$|我去{_LOOK}[^?？]{{0,10}}$|"
    r"再等(?:我)?(?:一?下|一?会儿?|等)|(?:接|打)个电话$|马上(?:回来|就来)|(?:还|正)在找"
)
LATER = re.compile(
    r"^(?:(?:那|好的?|嗯|行|算了|不好意思|抱歉|对不起|哦|哎),?)?我?(?:现在|今天|这会儿?|手头)?,?(?:先|还)?"
    r"(?:(?:有(?:点|点儿|些)?事|在?忙|没空|没时间|要出门|(?:要|在)开会|(?:要|在)上班|开车)(?:呢|了|着)?(?:,.{0,12})?|"
    r"(?:晚点|晚些(?:时候)?|晚上|等会儿?|等下|待会儿?|一会儿?|过会儿?|过(?:一)?阵子?|回头|下次|改天|明天|以后|有空|有时间|忙完)(?:我)?再"
    r"(?:来)?(?:跟您?你?)?(?:说|填|弄|办|登记|聊|讲|提交|处理|继续|回复?您?你?|告诉您?你?|发给?您?你?)|"
    r"(?:先)?(?:这样|放一?放|放着|搁着|不填|不弄|去忙|忙))(?:吧|了|着|哈|啊|呢)*[。.!！]*$"
)
LEAVE = re.compile(r"(?:拜拜|再见|回见|我?先走了|我?下线了)[。.!！~了啊吧]*$")
GO_BACK = re.compile(
    r"(?:回到?|返回|退回|倒回|退到)?(?:到)?上(?:一)?(?:步|项|题|个问题)|^(?:返回|后退|退回去|倒回去)$|"
    r"(?:刚才|刚刚|前面|上面)(?:那|的|我)?(?:个|项|条|一个)?(?:我)?(?:填|写|说|发|打|输|选|报|搞|弄)?错|刚才(?:那个)?(?:不对|有误)|"
    r"(?:上|前)(?:面)?(?:那)?(?:一)?个(?:我)?(?:填|写|说|发|打|输|选)错"
)
_SET_ASIDE = r"刚才|之前|上次|上回|那天|昨天|前天"
_UNDONE = r"没(?:填|登记|弄|办|说|写)完|未完成|填(?:了|到)?一半|(?:登记|弄|办|写)(?:了|到)?一半"
GOES_ON = re.compile(
    rf"(?:^|[,，。\s了])(?:那|好的?|我想|我要|帮我|请|咱们?|我)?,?(?:继续|接着)(?:我|把|咱们)?(?:登记|填|办|投诉|{_SET_ASIDE}|没|未|来|弄|写|吧|$)|"
    rf"(?:{_SET_ASIDE}|{_UNDONE})的?.{{0,10}}(?:填完|办完|弄完|登记完|继续|接着)|(?:继续|接着|找回|恢复).{{0,8}}(?:{_UNDONE})|"
    r"先(?:把)?(?:这个|这件|这份|投诉|登记)(?:的?事)?(?:先)?(?:弄|办|填|登记|处理|搞|说)(?:完|好|清楚)"
)
SPEAKS_OF_A_DRAFT = re.compile(rf"{_SET_ASIDE}|{_UNDONE}|(?:继续|接着)(?:登记|填|办|弄)")
FIRST = re.compile(
    r"先(?:帮我|给我|替我|办|处理|弄|去|把|给)|不投诉了|投诉.{0,4}(?:先放|放一放|先停|等会|等等|晚点|以后)"
)
INSTEAD = re.compile(r"不是(?:退|换|修)|不(?:退|换|修|要|改|开|约|办)(?:货|款|票)?了|算了|改成|改为|还是|先")
ANOTHER = re.compile(
    r"(?:我|我们)?还(?:想|要|得)(?:把|再|开|办|申请|退|换|修)|另外|顺便|对了.{0,4}(?:帮我|给我|我要)|再(?:帮|给)我|还有(?:一?(?:件|个)|我要|我想)"
)
_TARGETS: dict[str, re.Pattern[str]] = {
    "request_refund": re.compile(r"退货|退款|退钱|退掉|帮我退|给我退|退了吧|把.{1,12}退了"),
    "request_exchange": re.compile(r"换货|换一?[台个]|换新|帮我换"),
    "request_repair": re.compile(r"报修|维修|修一下|派人修|预约安装|帮我修"),
    "request_invoice": re.compile(r"开发票|开票|开(?:一)?张发票"),
    "cancel_order": re.compile(r"取消订单|取消(?:这|那)个单"),
    "change_order": re.compile(r"改(?:一下)?(?:收货)?(?:地址|电话)|改送货"),
}
_OF_KIND = {
    "refund": "request_refund",
    "exchange": "request_exchange",
    "repair": "request_repair",
    "installation": "request_repair",
    "invoice": "request_invoice",
    "order_change": "cancel_order",
}
MOMENT, LONGEST_SWITCH = 20, 40


def asks_a_moment(plain: str) -> bool:
    """「等一下，我去找下订单号」: the form waits, and is not pressed."""
    return len(plain) <= MOMENT and bool(HOLD.search(plain)) and not CORRECTION.search(plain)


def puts_off(plain: str) -> bool:
    """「我晚点再说」."""
    return len(plain) <= MOMENT and bool(LATER.search(plain))


def takes_leave(plain: str) -> bool:
    """「先这样，拜拜」."""
    return len(plain) <= MOMENT and bool(LEAVE.search(plain))


def goes_back(plain: str) -> bool:
    """「上一步」, 「刚才那个填错了」."""
    return len(plain) <= MOMENT and bool(GO_BACK.search(plain))


def goes_on(plain: str) -> bool:
    """「接着刚才的投诉」."""
    return len(plain) <= LONGEST_SWITCH and bool(GOES_ON.search(plain))


def switch(plain: str, kind: str) -> str | None:
    """The intent of the matter that is to be done first, or instead: 「先不投诉了，先帮我办退货」."""
    sign = FIRST if kind == "complaint" else INSTEAD
    if len(plain) > LONGEST_SWITCH or not sign.search(plain):
        return None
    named = [(found.start(), intent) for intent, words in _TARGETS.items() for found in words.finditer(plain)]
    others = [place for place in named if place[1] != _OF_KIND.get(kind)]
    return max(others)[1] if others else None


def another(plain: str, kind: str) -> str | None:
    """The intent of one more matter, for later: 「我还想把那个电饭煲退了」."""
    if len(plain) > LONGEST_SWITCH or not ANOTHER.search(plain):
        return None
    named = [(found.start(), intent) for intent, words in _TARGETS.items() for found in words.finditer(plain)]
    others = [place for place in named if place[1] != _OF_KIND.get(kind)]
    return min(others)[1] if others else None


def gives_up(plain: str) -> bool:
    """Whether the matter under way is dropped for the other one, not put aside."""
    return bool(re.search(r"不是(?:退|换|修)|不(?:退|换|修|要|改|开|约|办)(?:货|款|票)?了|算了|改成|改为|还是", plain))
