"""What can be chosen: whether both sides are there, in order, told apart, and counted as what they say."""

import re
from collections.abc import Callable

from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.messages import Message, message

from .finding import Severity
from .labels import Degree, Family, is_dont_know, read_label, those_apart
from .paper import OptionList, Part, Wording
from .ranges import gap, overlap, overlapping_levels, read_ranges
from .rule import TEACHER, Example, Facts, options_rule, wording_rule

MIN_POINTS, MAX_POINTS = 3, 11
_FIVE = ("非常满意", "满意", "一般", "不满意", "非常不满意")
_UNSEEN = re.compile(
    "财务|经费|采购|招标|教研|备课|人事|评优|账目|收支|(?:教师|老师)[^,。;?!]{0,6}(?:培训|考核|招聘|待遇)|"
    "师资(?:培训|管理)|"
    "\\b(?:finances?|budgets?|procurement|purchas\\w+|staff training|teacher training|lesson planning|recruitment|"
    "appraisal of teachers)\\b",
    re.I,
)
_ASKS_WHICH = re.compile(
    "原因|途径|渠道|来源|方式|哪些|哪方面|哪几|为什么|为何|\\breasons?\\b|\\bwhy\\b|\\bwhich\\b|"
    "how do you (?:usually )?(?:learn|get|hear|find)",
    re.I,
)
_REST = re.compile("其他|其它|以上|都有|都没有|没有|无$|没参加|\\b(?:other|others|else|none|all of|anything)\\b", re.I)


def _degrees(options: OptionList) -> list[Degree]:
    """The degrees of all labels but "don't know"; none unless each states one."""
    apart = those_apart(options.labels)
    read = [read_label(label) for label in options.labels if label not in apart]
    return [degree for degree in read if degree] if all(read) and not options.takes_several else []


def _rated(options: OptionList) -> list[Degree]:
    """The same for scales with two sides."""
    degrees = _degrees(options)
    is_two_sided = degrees and all(degree.family is not Family.FREQUENCY for degree in degrees)
    return degrees if is_two_sided and any(degree.family for degree in degrees) else []


@options_rule(
    Facts(
        "unbalanced-scale", Severity.WARNING, "D; KP",
        message("满意和不满意的选项一样多，如：非常满意、满意、一般、不满意、非常不满意"),
        (
            Example("学校食堂的饭菜", options=("非常满意", "满意", "基本满意", "不满意")),
            Example("The food", language="en", options=("Excellent", "Very good", "Good", "Fair", "Poor")),
        ),
        (Example("学校食堂的饭菜", options=_FIVE),),
    )
)  # fmt: skip
def unbalanced_scale(options: OptionList) -> Message | None:
    levels = [degree.level for degree in _rated(options)]
    good, bad = sum(level > 0 for level in levels), sum(level < 0 for level in levels)
    if not bad or good == bad:
        return None
    return message("正面的选项 {good} 个，负面的 {bad} 个", good=good, bad=bad)


def _no_negative(options: OptionList) -> Message | None:
    levels = [degree.level for degree in _rated(options)]
    if not any(level > 0 for level in levels) or any(level < 0 for level in levels) or len(set(levels)) < 2:
        return None
    return message("没有一个选项是不满意的：{labels}", labels="、".join(options.labels))


@options_rule(
    Facts(
        "no-negative-option", Severity.ERROR, "trial", message("加上不满意的选项；只有好的答案，测不出满意"),
        (
            Example("饭菜的味道", options=("非常满意", "满意")),
            Example("The food", language="en", options=("Very satisfied", "Satisfied", "So-so")),
        ),
        (Example("饭菜的味道", options=_FIVE),),
    )
)  # fmt: skip
def no_negative_option(options: OptionList) -> Message | None:
    return _no_negative(options) if options.is_scored else None


@options_rule(
    Facts(
        "no-negative-option", Severity.WARNING, "trial", message("加上相反的选项，让不这样想的人也有可选的"),
        (Example("对公益培训的看法", options=("很赞同", "赞同", "不关心"), part="closed"),),
        (Example("更喜欢哪一种", options=("喜欢足球", "喜欢篮球"), part="closed"),),
    )
)  # fmt: skip
def no_negative_option_unscored(options: OptionList) -> Message | None:
    return None if options.is_scored else _no_negative(options)


@options_rule(
    Facts(
        "indistinct-labels", Severity.HINT, "KP", message("删去一个，或者换成差得开的说法"),
        (
            Example("学校的卫生", options=("很满意", "非常满意", "满意", "较满意", "不满意")),
        ),
        (Example("学校的卫生", options=_FIVE),),
    )
)  # fmt: skip
def indistinct_labels(options: OptionList) -> Message | None:
    seen: dict[tuple[Family | None, float], str] = {}
    apart = those_apart(options.labels)
    for label in options.labels:
        degree = None if label in apart else read_label(label)
        if degree is None or degree.level == 0 or options.takes_several:
            continue
        key = (degree.family, degree.level)
        if key in seen:
            return message("“{first}”和“{second}”分不清哪个更多", first=seen[key], second=label)
        seen[key] = label
    return None


@options_rule(
    Facts(
        "dont-know-scored", Severity.ERROR, "KP", message("写成量表的 not_applicable，不给分"),
        (Example("学校的财务管理", options=("非常满意", "满意", "不了解", "不满意", "非常不满意")),),
        (Example("学校的财务管理"),),
    )
)  # fmt: skip
def dont_know_scored(options: OptionList) -> Message | None:
    apart = those_apart(options.labels) if options.is_scored else set()
    seen = next((label for label in options.labels if label in apart), None)
    return message("“{label}”不是程度，却有分值", label=seen) if seen else None


@wording_rule(
    Facts(
        "dont-know-missing", Severity.WARNING, "KP; QAS 5a",
        message("给量表加 not_applicable（不了解），或者不问他们看不到的事"),
        (
            Example("学校食堂食材的采购管理", options=_FIVE),
            Example("The school's budget", language="en",
                    options=("Very satisfied", "Satisfied", "So-so", "Dissatisfied", "Very dissatisfied")),
        ),
        (Example("作业量的合适程度", options=_FIVE), Example("学校食堂食材的采购管理")),
    ),
    Part.ITEM,
)  # fmt: skip
def dont_know_missing(wording: Wording) -> Message | None:
    options = wording.options
    if AUDIENCES[wording.reader.audience].knows_the_trade or options is None:
        return None
    seen = _UNSEEN.search(wording.core)
    has_way_out = bool(options.not_applicable) or any(map(is_dont_know, options.labels))
    return message("“{words}”他们看不到，又没有“不了解”可选", words=seen[0]) if seen and not has_way_out else None


@options_rule(
    Facts(
        "point-count", Severity.HINT, "KP", message("用 5 个选项，或者 3 到 11 个"),
        (Example("食堂", options=("满意", "不满意")), Example("食堂", options=tuple(map(str, range(1, 21))))),
        (Example("食堂", options=_FIVE),),
    )
)  # fmt: skip
def point_count(options: OptionList) -> Message | None:
    count = len(options.labels)
    is_outside = options.is_scored and not MIN_POINTS <= count <= MAX_POINTS
    is_outside = is_outside or (count == 1 and not options.takes_several)
    return message("有 {n} 个选项", n=count) if is_outside else None


@options_rule(
    Facts(
        "unlabelled-points", Severity.HINT, "KP; G", message("写明两端是什么，最好每个选项都有文字"),
        (Example("学生寝室的评价", options=("1", "2", "3", "4", "5")),),
        (Example("学生寝室的评价", options=("1 很差", "2", "3", "4", "5 很好")),),
    )
)  # fmt: skip
def unlabelled_points(options: OptionList) -> Message | None:
    bare = [label for label in options.labels if re.fullmatch(r"\d+(?:\.\d+)?\s*(?:分|星)?", label)]
    is_bare = options.is_scored and len(bare) > 1 and len(bare) == len(options.labels)
    return message("选项只是数字，没有说哪头是好") if is_bare else None


@options_rule(
    Facts(
        "option-order", Severity.WARNING, "QAS 7", message("从一端到另一端依次排列"),
        (Example("校园环境", options=("满意", "非常满意", "一般", "非常不满意", "不满意")),),
        (Example("校园环境", options=_FIVE),),
    )
)  # fmt: skip
def option_order(options: OptionList) -> Message | None:
    levels = [degree.level for degree in _ordered_degrees(options)]
    if len(levels) < 3 or levels in (sorted(levels), sorted(levels, reverse=True)):
        return None
    return message("选项的次序乱了：{labels}", labels="、".join(options.labels))


def _ordered_degrees(options: OptionList) -> list[Degree]:
    """The degrees in the order of the screen; a middle point among frequencies says nothing about their order."""
    degrees = _degrees(options)
    if any(degree.family is Family.FREQUENCY for degree in degrees):
        return [degree for degree in degrees if degree.family is Family.FREQUENCY]
    return degrees


def _pair_of_ranges(
    options: OptionList, look: Callable[[tuple[str, ...]], tuple[str, str] | None]
) -> tuple[str, str] | None:
    return None if options.takes_several else look(options.labels)


@options_rule(
    Facts(
        "overlapping-ranges", Severity.WARNING, "D; QAS 7", message("写成“不满5年、5年以上不满10年”，每个数只在一档里"),
        (
            Example("您的教龄", audience=TEACHER, options=("5年以下", "5—10年", "10—20年", "20年以上"),
            part="closed"),
            Example("Years of teaching", language="en", audience=TEACHER, options=("0-5 years", "5-10 years"),
            part="closed"),
        ),
        (Example("每天的睡眠时间", options=("不足6小时", "6小时以上不足7小时", "7小时及以上"), part="closed"),),
    )
)  # fmt: skip
def overlapping_ranges(options: OptionList) -> Message | None:
    pair = _pair_of_ranges(options, lambda labels: overlap(read_ranges(labels)) or overlapping_levels(labels))
    return message("“{first}”和“{second}”有重叠", first=pair[0], second=pair[1]) if pair else None


@options_rule(
    Facts(
        "ranges-gap", Severity.WARNING, "D; QAS 7", message("补上中间缺的一档"),
        (
            Example("孩子的年龄", options=("3-7岁", "8-12岁", "14-18岁"), part="closed"),
        ),
        (Example("孩子的年龄", options=("3-7岁", "8-12岁", "13-18岁"), part="closed"),),
    )
)  # fmt: skip
def ranges_gap(options: OptionList) -> Message | None:
    pair = _pair_of_ranges(options, lambda labels: gap(read_ranges(labels)))
    return message("“{first}”和“{second}”之间缺了一段", first=pair[0], second=pair[1]) if pair else None


@options_rule(
    Facts(
        "not-exhaustive", Severity.HINT, "D; QAS 7", message("加一个“其他”，让每个人都有可选的"),
        (Example("孩子没有参加课后服务的主要原因", options=("家里有人照看", "费用高"), part="closed"),),
        (Example("孩子没有参加课后服务的主要原因", options=("家里有人照看", "费用高", "其他"), part="closed"),),
    )
)  # fmt: skip
def not_exhaustive(options: OptionList) -> Message | None:
    asks = not options.is_scored and _ASKS_WHICH.search(options.question)
    if not asks or any(_REST.search(label) for label in options.labels) or any(map(read_label, options.labels)):
        return None
    return message("可能有人一项也选不了，没有“其他”")
