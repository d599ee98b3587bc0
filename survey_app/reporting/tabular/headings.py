"""What the columns of the tables are called for people; the names themselves are for programs and never change."""

from collections.abc import Iterable, Mapping

from survey_app.definition.messages import Message, message
from survey_app.foundation.translation import render, use_language

COLUMN_HEADINGS: dict[str, Message] = {
    "wave": message("批次"),
    "school_code": message("学校代码"),
    "school_name": message("学校名称"),
    "category": message("类别"),
    "audience": message("对象"),
    "instrument": message("问卷"),
    "dimension": message("维度"),
    "population": message("名册人数"),
    "received": message("收到答卷"),
    "respondents": message("有效答卷"),
    "response_rate": message("回收率"),
    "n": message("有效人数"),
    "index": message("指数"),
    "se_year": message("今年误差"),
    "ci_low": message("今年区间下限"),
    "ci_high": message("今年区间上限"),
    "df_year": message("今年误差的自由度"),
    "se_level": message("水平误差"),
    "df_level": message("水平误差的自由度"),
    "se": message("原始误差"),
    "se_corrected": message("原始误差（有限总体校正）"),
    "index_plain": message("简单指数"),
    "se_plain": message("简单指数误差"),
    "se_plain_corrected": message("简单指数误差（有限总体校正）"),
    "answers": message("有分值的答案"),
    "favourable": message("满意的答案"),
    "rate": message("满意率"),
    "rate_se_year": message("满意率今年误差"),
    "rate_low": message("满意率下限"),
    "rate_high": message("满意率上限"),
    "rate_plain": message("原始满意率"),
    "rate_plain_se": message("原始满意率误差"),
    "rate_plain_se_corrected": message("原始满意率误差（有限总体校正）"),
    "satisfied": message("满意人数比例"),
    "satisfied_se_year": message("满意人数比例今年误差"),
    "satisfied_low": message("满意人数比例下限"),
    "satisfied_high": message("满意人数比例上限"),
    "top3": message("基本满意以上比例"),
    "dissatisfied_share": message("不满意占比"),
    "na_share": message("不了解占比"),
    "strata": message("分层数"),
    "class_correlation": message("同班相关"),
    "reliability": message("信度"),
    "flags": message("标记"),
    "composite": message("综合得分"),
    "ranked": message("是否排名"),
    "reason": message("不排名的原因"),
    "rank": message("名次"),
    "rank_low": message("名次区间下端"),
    "rank_high": message("名次区间上端"),
    "rank_low_simultaneous": message("整张榜同时的下端"),
    "rank_high_simultaneous": message("整张榜同时的上端"),
    "expected_rank": message("期望名次"),
    "band": message("等第"),
    "item": message("题号"),
    "text": message("题目"),
    "concept": message("可比编号"),
    "na": message("不了解"),
    "blank": message("未答"),
    "not_shown": message("未显示"),
    "timed": message("有时间的答卷"),
    "speeding_1s": message("每题不到 1 秒"),
    "speeding_2s": message("每题 1–2 秒"),
    "longstring": message("半份以上连选同一项"),
    "straightlined": message("全卷同一项"),
    "top_option_only": message("全选最满意"),
    "outliers": message("答法少见"),
    "duplicates": message("雷同答卷"),
    "duplicates_by_chance": message("偶然会有"),
    "duplicates_p": message("雷同的 p"),
    "flagged": message("有信号"),
    "n_without": message("去掉后的人数"),
    "index_shipped": message("指数（默认计分口径）"),
    "index_without": message("去掉后的指数"),
    "without_low": message("去掉后的区间下限"),
    "without_high": message("去掉后的区间上限"),
    "without_difference": message("去掉后相差"),
    "paper_n": message("纸卷人数"),
    "online_n": message("网上人数"),
    "index_paper": message("纸卷指数"),
    "index_online": message("网上指数"),
    "mode_difference": message("纸卷减网上"),
    "mode_low": message("纸卷减网上的区间下限"),
    "mode_high": message("纸卷减网上的区间上限"),
}
_COUNT_PREFIX = "count_"


def column_headings(columns: Iterable[str], tag: str, special: Mapping[str, Message] = {}) -> tuple[str, ...]:
    """Return the headings of columns in a language; counts of options keep the code of the option.

    ``special``: those of a table that means something of its own by a name.
    """
    with use_language(tag):
        return tuple(_heading(column, special) for column in columns)


def _heading(column: str, special: Mapping[str, Message]) -> str:
    if column in special:
        return render(special[column])
    if column.startswith(_COUNT_PREFIX):
        return render(message("选“{code}”的人数", code=column.removeprefix(_COUNT_PREFIX)))
    return render(COLUMN_HEADINGS[column])
