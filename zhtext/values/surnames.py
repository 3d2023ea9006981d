"""The surnames we know: the one list for every place that asks whether something is a name."""

from __future__ import annotations

BELIEVED = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯"
    "龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉"
    "骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄"
    "丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹阎茹习宦容裘酆傅萧湛狄贝茅危昝贲洪诸"
    "钮嵇荀於芮羿汲邴糜隗宓郗钭戎韶蓟宿邰鄂赖莘逄郦雍璩濮扈郏浦慕戈庾暨衡禄阙殳蔚夔厍晁訾乜蒯竺逯桓仉缑亢琴晋汝佴墨谯笪辜揭郄邸旷亓肇"
)
"""Believed of a name that stands alone in a message: 刘洋."""
ALSO_WORDS = (
    "水云昌凤元平计伏支经干宣杭滑羊家松井富乌巴弓牧山蓬仰秋暴祖束幸薄印怀从索咸籍阴能苍双贡扶堵宰却寿通别充鱼慎终居步都弘国广东沃利越隆勾融那空毋养须丰巢相后红益公督"
    "况郈有归法钦伯赏哈年爱言福代尉揣鹿矫萨折逢撖禚昃"
)
"""Also everyday words (有, 那, 从): believed only of a name that is asked for, introduced or said with a title."""
COMPOUND = tuple(
    "欧阳 上官 司马 诸葛 东方 皇甫 尉迟 公孙 慕容 长孙 宇文 司徒 夏侯 令狐 端木 南宫 独孤 百里 东郭 轩辕 钟离 闻人 申屠 太史 澹台 公冶 宗政 濮阳 淳于 单于 "
    "呼延 公羊 赫连 拓跋 万俟 司空 司寇 仲孙 鲜于 闾丘 亓官 巫马 公西 漆雕 乐正 壤驷 公良 夹谷 宰父 谷梁 段干 百里 东门 南门 西门 第五 完颜 纳兰 爱新觉罗 叶赫那拉".split()
)
SURNAMES = frozenset(BELIEVED + ALSO_WORDS) | frozenset(COMPOUND)
# Described by their parts, as on the telephone.
SPELLED = {
    "立早章": "章", "弓长张": "张", "木子李": "李", "耳东陈": "陈", "双口吕": "吕", "口口吕": "吕", "古月胡": "胡", "言午许": "许",
    "口天吴": "吴", "草头黄": "黄", "大肚黄": "黄", "双木林": "林", "美女姜": "姜", "三横王": "王", "三划王": "王", "干勾于": "于",
    "人则余": "余", "走肖赵": "赵", "文刀刘": "刘", "卯金刀刘": "刘", "奚谢": "谢", "走之底的连": "连", "四维罗": "罗", "言射谢": "谢",
    "禾呈程": "程", "日月明": "明", "十八子李": "李", "木易杨": "杨", "耳关郑": "郑", "关耳郑": "郑", "双人徐": "徐", "余字徐": "徐",
}  # fmt: skip


ANY_COMPOUND = "|".join(COMPOUND)
ANY_SURNAME = f"(?:{ANY_COMPOUND}|[{BELIEVED}{ALSO_WORDS}])"
"""As parts of patterns: a surname of two characters, and any surname, everyday words among them."""


def begins_with_surname(name: str) -> bool:
    """Whether the first one or two characters are a surname."""
    return name[:1] in SURNAMES or name[:2] in SURNAMES


def surname_of(name: str) -> str:
    """The surname a name begins with, 老 and 小 before it left out: 欧阳 of 欧阳修, 王 of 老王; empty when there is none."""
    bare = name[1:] if name[:1] in ("老", "小") and len(name) > 1 else name
    return next((start for start in (bare[:2], bare[:1]) if start in SURNAMES), "")
