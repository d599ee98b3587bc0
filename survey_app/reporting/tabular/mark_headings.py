"""What the columns of a year's tables are called for people, where that is not what other tables mean by the name."""

from collections.abc import Mapping

from survey_app.definition.messages import Message, message

_SHARED: dict[str, Message] = {
    "total": message("总分"),
    "deduction": message("扣分"),
    "tipping_odds": message("多大的选择性会推翻（倍）"),
}
MARK_HEADINGS: Mapping[str, Mapping[str, Message]] = {
    "ranking": _SHARED | {
        "rank": message("得分名次"), "composite_rank": message("综合得分名次"), "change": message("比上次"),
        "change_verdict": message("变化的判断"), "line_verdict": message("85% 线"),
        "reason": message("没有总分或不排名的原因"),
    },
    "marks": _SHARED | {
        "line": message("计分项"), "value": message("数值"), "se": message("水平误差"), "share": message("本项满分"),
        "mark": message("得分（不计误差）"), "expected_mark": message("期望得分"), "rank": message("得分名次"),
        "reason": message("没有得分的原因"),
    },
    "awards": _SHARED | {
        "quota": message("名额（方案）"), "places": message("名额"), "rank": message("综合得分名次"),
        "outcome": message("是否在内"), "probability": message("在内的概率"),
        "excluded_by": message("不参加评优的原因"),
    },
    "proposals": _SHARED | {
        "kind": message("提请什么"), "value": message("数值"), "limit": message("线"), "p": message("p"),
        "days": message("期限（天）"),
    },
}  # fmt: skip
