"""What is wrong with a value of a setting, in words for whoever edits it at the desk."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk.company import CompanyFileError

BY_KIND: Mapping[str, str] = {
    "bool_parsing": "要填 true 或 false",
    "bool_type": "要填 true 或 false",
    "date_from_datetime_parsing": "要填日期，例如 2026-12-01",
    "date_parsing": "要填日期，例如 2026-12-01",
    "decimal_parsing": "要填数字",
    "dict_type": "要分项填写，一行一项",
    "enum": "只能是 {expected} 之一",
    "extra_forbidden": "没有这一项，请检查名称",
    "float_parsing": "要填数字",
    "greater_than": "要大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "int_from_float": "要填整数",
    "int_parsing": "要填整数",
    "int_type": "要填整数",
    "less_than": "要小于 {lt}",
    "less_than_equal": "不能大于 {le}",
    "list_type": "要填几个，例如 [一, 二]",
    "literal_error": "只能是 {expected} 之一",
    "mapping_type": "要分项填写，一行一项",
    "missing": "不能没有这一项",
    "model_type": "要分项填写，一行一项",
    "string_type": "要填文字",
    "time_parsing": "要填时间，例如 21:00",
    "tuple_type": "要填几个，例如 [一, 二]",
}
"""Kind of problem, as pydantic names it -> what to say; bounds are filled in."""
BY_REPORT: Mapping[str, str] = {
    "a period must end after it begins": "结束要晚于开始，过了零点的分成两天写",
    "above ordinary_max_calendar_days": "一般投诉的答复期限不能超过最晚答复期限",
    "already in another file": "这个名字在另一份文件里已经有了",
    "braces are not balanced": "花括号要成对，里面只能是已有的字段",
    "cannot be read": "有读不懂的数字、日期或缩进",
    "deeper than": "层次太多",
    "has a part that is never sent": "地址里有不会发送的部分，请去掉 # 和它后面的内容",
    "must be a wording": "要填一句话，或者每行一句，前面加“- ”",
    "must be https://": "要填 https:// 开头的完整地址，不能带用户名和密码",
    "needs entries with title and text": "每一条都要有 title 和 text",
    "no entry for": "每周七天都要写，mon 到 sun",
    "no event fits": "没有这样的事件",
    "not a period like": "时段要写成 9:00-21:00 这样",
    "variants do not use the same fields": "几种说法要用同样的字段",
}
"""Part of what the file's reader reports -> what to say."""
OTHERWISE = "写法不对，请对照原来的内容检查标点、缩进和引号"


def in_words(problem: CompanyFileError) -> str:
    """The problem as it is said at its key; one without words of its own is one of YAML's."""
    if words := BY_KIND.get(problem.kind):
        return words.format(**{name: _listed(bound) for name, bound in problem.bounds.items()})
    report = str(problem).split(": ", 2)[-1]
    return next((words for part, words in BY_REPORT.items() if part in report), f"{OTHERWISE}（{report}）")


def _listed(bound: object) -> str:
    """A bound, or what may be chosen, without pydantic's quotes and English."""
    return str(bound).replace("'", "").replace(" or ", "、").replace(", ", "、")
