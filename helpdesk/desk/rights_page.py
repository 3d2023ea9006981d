"""docs/rights.md: the table of rights as people read it, made from the table (`python -m helpdesk rights`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from helpdesk.model.rights import TABLE, Deed, Part, may

PARTS: Mapping[Part, str] = {
    Part.ACCUSED: "被投诉人",
    Part.OUTSIDER: "其他部门",
    Part.AUTHOR: "提出人",
    Part.MEMBER: "核查组",
    Part.COLLEAGUE: "本部门同事",
    Part.OWNER: "负责人",
    Part.HEAD: "部门主管",
    Part.SUPERVISOR: "主管",
    Part.ADMIN: "管理员",
}
DEEDS: Mapping[Deed, str] = {
    Deed.READ: "see it, personal values masked",
    Deed.NOTE: "write a note (备注)",
    Deed.SEE_CONTACT: "see personal values unmasked",
    Deed.REVEAL: "look behind the mask with a reason (查看完整信息), logged and limited",
    Deed.ACCEPT: "受理",
    Deed.INVESTIGATE: "开始核查",
    Deed.ANSWER: "答复客户",
    Deed.CORRECT: "更正结果",
    Deed.REINVESTIGATE: "重新核查; naming who goes on with it is 更换负责人",
    Deed.RESUME: "恢复办理",
    Deed.SATISFY: "客户满意，办结: with the customer's own words",
    Deed.WITHDRAW: "客户撤回: with the customer's own words",
    Deed.END_WITHOUT_WORD: "either of these without them, with a reason",
    Deed.CONCLUDE: "终结",
    Deed.CONTACT: "记录联系",
    Deed.ASK: "请客户补充（暂停计时）",
    Deed.UNPAUSE: "恢复计时",
    Deed.ALTERNATIVE: "记录替代方案",
    Deed.ESCALATE: "上报一级",
    Deed.HAND_ON: "更换负责人",
    Deed.TRANSFER: "转交部门",
    Deed.CHANGE_GROUP: "change the investigation group (核查组)",
    Deed.PROPOSE: "提出补偿",
    Deed.APPROVE: "批准补偿, within the limits of company/limits.yml",
    Deed.REJECT: "不批准补偿",
    Deed.NOTE_ANSWER: "write down what the customer said to an offer",
    Deed.POSTPONE: "postpone a promise (承诺改期)",
    Deed.POSTPONE_PAST_LIMIT: "beyond the longest time allowed",
    Deed.SETTLE: "say that a promise is kept (兑现)",
    Deed.PUT_RIGHT: "confirm or dismiss a promise that was read in a reply",
    Deed.TAKE: "接入 a customer",
    Deed.REPLY: "reply to a customer",
    Deed.HOLD: "挂起",
    Deed.REGISTER: "登记投诉 for a customer",
    Deed.PASS_CUSTOMER: "转接, 恢复服务",
    Deed.RELEASE: "交还机器人",
    Deed.CLOSE: "结束会话",
    Deed.CLOSE_UNSERVED: "结束会话 of a customer whom the bot serves",
    Deed.OPEN_INTERNAL: "open an internal ticket (内部意见)",
    Deed.EDIT_KNOWLEDGE: "edit the knowledge base",
    Deed.HEAR_ALL_WARNINGS: "be warned of everybody's overdue tickets",
    Deed.READ_AUDIT: "read the audit (审计)",
    Deed.EDIT_SETTINGS: "edit opening hours, holidays, limits, ready replies, messages and letters (设置)",
    Deed.IMPORT_CUSTOMERS: "import customers and their tiers from a spreadsheet",
    Deed.SET_TIER: "mark a customer as a key customer, or no longer, with a reason (客户等级)",
    Deed.EDIT_CUSTOMER: "change a customer's file (客户档案), say that it is right; 负责人 is who keeps it",
    Deed.FOLLOW_UP: "report, move or give up asking a customer afterwards (回访); 负责人 is who keeps the file",
    Deed.GIVE_CUSTOMER: "say which colleague keeps a customer's file",
    Deed.MERGE_CUSTOMERS: "make two customers' files one, and take them apart again",
    Deed.SUPERVISE: "see the team's work as it stands (现场), reports, scorecards; coach, whisper, give customers away",
    Deed.EXPORT_PERSON: "see and export all that is held of the customer of a data request (导出个人信息)",
    Deed.ERASE_PERSON: "delete the customer of a data request (删除个人信息), or call it off",
}
HEAD = """# Who may do what

Made from `helpdesk/model/rights.py` by `python -m helpdesk rights`; tests hold it true and try misdeeds by the API.

To a **ticket** somebody is 被投诉人 (the customer named them: this outweighs all else), 负责人 (its owner), 核查组
(in its investigation group), 本部门同事 (of the ticket's department or its owner's), 部门主管 (`head` in
company/departments.yml), or 其他部门. 提出人 is who proposed a compensation or made a promise. To a **conversation**
负责人 is who serves it. 主管 and 管理员 are roles. One that has a ✓ is enough. The API tells every page what its
reader may do (`may`), so that the desk offers nothing else.
"""


def page() -> str:
    """The whole page, in Markdown."""
    return "\n".join([HEAD, *_lines(), ""])


def _lines() -> Iterator[str]:
    yield f"| deed | | {' | '.join(PARTS.values())} |"
    yield "|---|---|" + ":-:|" * len(PARTS)
    for deed in TABLE:
        marks = " | ".join("✓" if may(deed, {part}) else "" for part in PARTS)
        yield f"| `{deed}` | {DEEDS[deed]} | {marks} |"
