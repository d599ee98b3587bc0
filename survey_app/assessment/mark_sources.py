"""What a line of marks may be of, and which functions fit it: the registry that schemes are read against."""

from collections.abc import Callable
from dataclasses import dataclass

from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.messages import Message, message
from survey_app.definition.registry import Registry
from survey_app.measurement.marks import Band, Proportional, Standardised, Threshold, largest_standardised_share


@dataclass(frozen=True, slots=True)
class MarkSourceKind:
    """One kind of figure. ``low`` and ``high``: where its thresholds may lie; ``argument``: what follows the slash."""

    id: str
    explanation: Message
    functions: tuple[str, ...]
    low: float
    high: float
    argument: str = ""
    has_error: bool = True


_ALL = (Threshold.name, Proportional.name, Band.name, Standardised.name)

MARK_SOURCES: Registry[MarkSourceKind] = Registry(
    MarkSourceKind("composite", message("综合得分（各对象按方案加权）"), _ALL, 0, 100),
    MarkSourceKind("dimension", message("一个维度的综合得分（各对象按同样的权重）"), _ALL, 0, 100, "dimension"),
    MarkSourceKind(
        "value_added",
        message(
            "增值：比上一次调查和所在类别可以预期的高出多少；"
            "类别不足 20 所学校，或者分不出高低时，各校得同样的中间分"
        ),
        (Threshold.name,), -100, 100,
    ),
    MarkSourceKind(
        "response_rate", message("有效回收率；没有误差"), (Threshold.name,), 0, 1, "audience", has_error=False
    ),
    MarkSourceKind(
        "external", message("从 Excel 导入的得分，不是调查的结果；没有误差"), (Threshold.name, Proportional.name),
        -1_000_000, 1_000_000, "column", has_error=False,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MarkFunctionText:
    """The sentence that explains a function; its name is that of ``measurement.marks``."""

    id: str
    explanation: Message


MARK_FUNCTION_TEXTS: Registry[MarkFunctionText] = Registry(
    MarkFunctionText(
        "threshold",
        message(
            "到 {zero_at} 为止得 0 分，从 {full_at} 起得满分，中间按直线；"
            "按误差取期望，所以分数线上没有悬崖",
            zero_at="zero_at", full_at="full_at",
        ),
    ),
    MarkFunctionText("proportional", message("得分占 100 的几成，就得满分的几成")),
    MarkFunctionText(
        "band", message("高出同类其他学校平均值的可能性有多大，就得满分的几成；同类只有一所学校时不评这一项")
    ),
    MarkFunctionText(
        "standardised",
        message(
            "按离类别平均值几个标准差计分（0.6＋0.2z，限于 0 至 1）；"
            "3、4、5 所学校时最高只能得到满分的 {three:.3f}、{four:.3f}、{five:.3f}",
            three=largest_standardised_share(3), four=largest_standardised_share(4), five=largest_standardised_share(5),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MarkSource:
    """A figure of a school: ``dimension/burden`` is kind ``dimension`` with argument ``burden``."""

    kind: str
    argument: str = ""

    def __str__(self) -> str:
        return f"{self.kind}/{self.argument}" if self.argument else self.kind


def source_label(source: MarkSource, dimension: Callable[[str], str] = str) -> Message:
    """What a line is of, in the few words of a heading; ``dimension`` gives its label where the caller knows it."""
    if source.kind == "response_rate":
        return message("{audience}回收率", audience=AUDIENCES[source.argument].label)
    if source.kind == "value_added":
        return message("增值")
    if source.kind == "dimension":
        return Message("{name}", {"name": dimension(source.argument)})
    return Message("{name}", {"name": source.argument}) if source.argument else message("综合得分")


MARK_FUNCTION_LABELS = {  # as short as their column, the words that tell them apart first
    "threshold": message("两条线之间"), "proportional": message("按得分比例"),
    "band": message("按超过同类"), "standardised": message("按标准差"),
}  # fmt: skip
