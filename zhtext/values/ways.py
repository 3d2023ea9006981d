"""How somebody wants to be reached: by a short message, on WeChat, in writing at all, or by a call after all.

What only tells of a message (「短信说签收了」, 「微信付不了款」) wishes for none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

LEARNT = "reach_me"
"""The shade of a message that tells how to be reached, and without which a way is only named."""
SMS, WECHAT, POST, WRITTEN, CALL = "sms", "wechat", "post", "written", "phone"
WAYS = {
    SMS: r"短信|短讯|简讯|短消息|发(?:个|条|一下)?(?:信息|消息|文字)",
    WECHAT: r"微信|line",
    POST: r"邮寄|寄信|书面(?:答复|回复|信|寄)|书面",
}
"""Way -> what it is called; on LINE nobody of ours is, WeChat is nearest."""
_SENDS = r"(?:[发传用走回改换来给要]|改用|最好|只|就|还是|以后|一律|都|请|麻烦|可以|能不能|通过|尽量|在|上)"
_TO_ME = r"(?:个|条|一下|下|一条|成|为|到|用|发|走|我|俺|咱|我的|俺的)*"
_IS_USED = r"(?:上|里)?(?:给我|跟我|和我)?(?:联系|联络|通知|告诉|告知|回复|回我|答复|沟通|说|讲|聊|留言|发我|发给我|就行|就好|就可以|就成|即可|也行|也可|可以|行不|行吗|好吗|好伐|中不|成不|吧$|哈$|哦$|$)"
_NOT_WAYS = re.compile(
    r"line\s*pay|(?:钱|款|退|付|到账|原路|汇|扣)[^,，发用通联]{0,6}微信(?!.{0,3}(?:告诉|通知|联系|说|发|回))|(?:短信|微信|信息)(?:验证|链接|提醒说|通知(?:说|里|上)|里|没|说(?:已|我|您|你|签|发|是)|支付|付|转账|付款|群|号|扫|钱包|红包)|没(?:有)?(?:收到|接到).{0,6}(?:短信|微信)|(?:收到|接到|看了|来了).{0,6}(?:短信|微信)|收不到.{0,4}(?:短信|微信)|个人信息|(?:客服|师傅|快递|小哥|卖家|同事|人家|你们|他们?|她)[^,，]{0,6}?(?:不(?![要用必])|没)[^,，]*(?:电话|短信|微信)|(?:物流|订单|信息)(?:信息|不|错|有)|(?:短信|微信).{0,3}(?:收不到|没收到|付不)"
)
_NO = r"(?:别|不要|不用|不必|莫|勿|甭|莫要|无须|用不着|免了|拒绝|不想|不愿|不喜欢|不爱|不方便|不能|没法|没办法|不便|接不|接唔|听不|怕)"
_NO_CALL = re.compile(
    rf"{_NO}(?!.{{0,4}}(?:不打|挂))(?!.{{0,4}}(?:营销|推销|骚扰|广告)).{{0,6}}(?:电话|手机(?!号)|来电|打(?:给|过来|扰我)|call)|(?:电话|手机)(?:里|上)?.{{0,4}}(?:听不(?:清|见|到|明白)|不方便|接不(?:了|到|着|起)|不要打|别打|不用打|莫打|勿打|就算了|免了)|^(?:我|俺|咱|的)*(?:电话|手机)(?:我|俺|咱|一般|平时|基本|从来|都|也|就)+不(?:怎么|大|太)?接|^(?:我|俺|咱)?(?:也|就|都|平时|上班)*不(?:打|接|听)电话$|别打(?!开|折|票|包|断|印)"
)
_HARD_OF_HEARING = re.compile(
    r"耳朵.{0,4}(?:不好|背|聋|不灵|不行|听不)|耳背|耳聋|听力.{0,4}(?:障|不好|差|弱|有问题|下降|损)|(?:我|俺|咱|是|人|老人|有点|天生)聋(?!.{0,2}学校)|聋(?:了|子|人|哑)|助听器|(?:我|俺|咱|本人)(?:这边)?(?:实在|真的|也|就)?听不(?:清|见|到)"
)
_BY_POST = re.compile(
    r"写(?:一?封)?信(?:给我|给俺|寄|告诉|通知|回复|就[行好]|也行|吧|哈|嘛|$)|寄(?:一?封)?(?:回)?信|(?:回信|信件?|书面|纸质)[^票,，]{0,4}(?:邮?寄)|"
    r"寄[^票,，]{0,6}(?:书面|答复|回复|结果|信件?$)|(?:结果|答复|回复|回音)[^票,，]{0,6}(?:邮寄|寄给|寄到|寄来|写信)"
)
"""An answer on paper, by what is done with it: 「结果写信寄给我」."""
_OF_OTHERS = re.compile(
    rf"{_NO}(?:再)?打(?:给|到)?(?:她|他|我(?:娘|妈|爸|爹|老婆|老公|媳妇|儿子|女儿|屋|家)|老人|家里|座机|那个)[^,，]*"
)
"""「打我电话，莫打她的」: whom not to call, and no way that is not wanted."""
_CALL_ME = re.compile(
    r"(?<![别莫甭勿不])(?<!不要)(?<!不用)(?:打|拨)(?:给)?(?:我|俺|咱|额)(?:的|嘅|本人|自己|这个)*(?:电话|手机|号码?)?(?:就[行好成]|$|吧|哈|嘛)"
)
"""The customer's own telephone, whatever else is said of calls."""
_CALL_AFTER_ALL = re.compile(
    r"(?:还是|可以|能|改成|改为|改|就)(?:给我|跟我)?(?:打|用|走)(?:我)?(?:个)?电话(?:吧|也行|也可以|好了|联系|就行)?$|电话(?:联系)?(?:也行|也可以|就行|吧)$"
)


def read(clauses: Sequence[str]) -> str | None:
    """The way that normalised clauses wish for, or that no call is; None where they wish for nothing of the kind.

    A way named beside what is not wanted comes first: 「别打电话，发短信」.
    """
    told = [_OF_OTHERS.sub("", clause) for clause in clauses if not _NOT_WAYS.search(clause)]
    for way, called in WAYS.items():
        if any(_is_wished(clause, called) for clause in told):
            return way
    if any(_BY_POST.search(clause) and not re.search(rf"{_NO}[^,，]{{0,3}}(?:写信|寄)", clause) for clause in told):
        return POST
    if any(_CALL_ME.search(clause) for clause in told):
        return CALL
    if any(_rejects_calls(clause) for clause in told):
        return WRITTEN
    return CALL if any(_CALL_AFTER_ALL.search(clause) for clause in told) else None


def spares_others(clauses: Sequence[str]) -> bool:
    """Whether somebody else is not to be called: 「莫打我娘的」."""
    return any(_OF_OTHERS.search(clause) for clause in clauses)


def renewed(before: object, way: str) -> str:
    """What holds of two wishes: that no call is wanted takes back none of the ways to write."""
    return str(before) if way == WRITTEN and before in WAYS else way


def is_about(clause: str) -> bool:
    """Whether a normalised clause tells how to be reached, or why not by a call, and nothing else."""
    return read([clause]) is not None


def _rejects_calls(clause: str) -> bool:
    return bool(_NO_CALL.search(clause) or _HARD_OF_HEARING.search(clause))


def _is_wished(clause: str, called: str) -> bool:
    named = re.search(called, clause)
    if named is None or re.search(rf"(?:{_NO}|不是)[^,，]{{0,3}}(?:{called})", clause):
        return False
    return bool(re.search(rf"{_SENDS}{_TO_ME}(?:{called})|(?:{called}){_IS_USED}", clause))
