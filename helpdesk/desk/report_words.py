"""What staff read of each measure: its title and how it is counted. The page and the spreadsheet say the same."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk.model.blueprint import Place
from helpdesk.model.report import By, Measure

WORDS: Mapping[Measure, tuple[str, str]] = {
    Measure.CONTACTS: (
        "咨询",
        "当天开始的会话里，客户说过话或点过按钮的；只打开聊天窗的不算。",
    ),
    Measure.BOT_ALONE: ("机器人独立完成", "咨询里没有转过人工、也没有同事接手过的比例。"),
    Measure.HANDED_OVER: ("转人工", "咨询里要过人工或由同事接手过的比例；与「机器人独立完成」相加是 100%。"),
    Measure.FIRST_CONTACT: (
        "一次解决",
        "咨询里没有留下待办工单、客户此后 7 天内也没有再来的比例。未满 7 天的日子还会变。表扬和建议不算待办。",
    ),
    Measure.REPEATED: ("7 天内再来", "咨询里同一位客户之前 7 天内已经来过的比例，不分渠道。"),
    Measure.TO_PERSON: ("接通人工", "从客户要人工到有同事接起。算在要人工的那一天；同事主动接起的不算。"),
    Measure.TO_FIRST_WORD: ("首次应答", "从客户要人工到同事说第一句话。"),
    Measure.GIVEN_UP: ("等待中放弃", "要人工的客户里，没等到同事接起就离开或会话结束的比例；还在等的不算。"),
    Measure.REGISTERED: ("登记工单", "当天登记的客户工单，不含内部工单。"),
    Measure.TO_FIRST_CALL: ("首次联系", "从登记到首次联系客户。算在联系的那一天。"),
    Measure.TO_RESULT: ("出结果", "从登记到第一次答复处理结果，按自然时间。算在答复的那一天。"),
    Measure.IN_TIME: (
        "按期出结果",
        "第一次答复里，不晚于答复期限的比例。期限按法定工作日或自然日计算，改过期的按新期限。",
    ),
    Measure.CLOSED: ("办结", "当天办结、终结或撤回的工单。后来恢复的仍算那天办结过一次。"),
    Measure.ROUNDS: ("办理轮次", "当天办结的工单办了几轮，一次就满意是 1 轮。"),
    Measure.REOPENED: ("重新办理", "当天重新核查或恢复办理的工单次数，算在重新开始的那一天。"),
    Measure.PROMISES_KEPT: ("承诺兑现", "当天了结的承诺里兑现的比例，到期未做算没有兑现；还没到期的不算。"),
    Measure.SATISFIED: ("满意率", "会话评分里 4 分和 5 分的比例，算在评分的那一天。"),
    Measure.SCORE: ("会话评分", "会话评分的平均，1 到 5 分。"),
    Measure.SETTLED_BY_BOT: ("机器人办完", "没有要人工、没有登记工单的咨询；时间从第一句话到最后一句话。"),
    Measure.ASKED_FOR_PERSON: ("要人工", "从第一句话到要人工，或同事接手。"),
    Measure.LEFT_WAITING: ("没等到就离开", "从要人工到离开。"),
    Measure.SERVED: ("人工办完", "从接起到结束会话或交还机器人。"),
    Measure.HANDED_ON: ("转给别人", "从接起到转接，或因断线回到排队。"),
    Measure.LEFT_MATTER: ("登记工单", "从第一句话到登记。"),
    Measure.ACCEPTED: ("接受结果", "从答复到客户满意。"),
    Measure.NOT_ACCEPTED: ("重新核查", "从答复到重新核查。"),
    Measure.CONCLUDED: ("终结", "从答复到终结。"),
    Measure.WITHDRAWN: ("撤回", "从登记（答复过的从答复）到撤回。"),
    Measure.RESULT_SCORE: ("结果评分", "客户对工单处理结果评分的平均，1 到 5 分。"),
}
"""Measure -> title, how it is counted."""

BY: Mapping[By, str] = {
    By.DAY: "日期",
    By.STAFF: "人员",
    By.DEPARTMENT: "部门",
    By.CHANNEL: "渠道",
    By.CATEGORY: "类别",
}
NONE: Mapping[By, str] = {
    By.STAFF: "没有同事参与",
    By.DEPARTMENT: "没有部门",
    By.CHANNEL: "没有渠道",
    By.CATEGORY: "没有分类",
}
"""What stands for an empty key."""
CHANNELS: Mapping[str, str] = {
    "web": "网页",
    "wechat": "微信",
    "rest": "接口",
    "phone": "来电",
    "counter": "来访",
    "letter": "来信",
    "email": "邮件",
    "chat": "对话",
}

PLACES: Mapping[Place, str] = {
    Place.BOT: "机器人",
    Place.SETTLED: "机器人办完",
    Place.WAITING: "等人工",
    Place.GONE: "离开",
    Place.PERSON: "人工",
    Place.SERVED: "人工办完",
    Place.HANDED_ON: "转给别人",
    Place.MATTER: "工单",
    Place.RESULT: "已有结果",
    Place.ACCEPTED: "接受结果",
    Place.AGAIN: "重新核查",
    Place.CONCLUDED: "终结",
    Place.WITHDRAWN: "撤回",
}
