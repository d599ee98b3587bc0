"""The fields of a scheme as the pages draw them: values, words and what is wrong, in groups."""

from collections.abc import Mapping
from dataclasses import dataclass

from survey_app.assessment.mark_sources import MARK_FUNCTION_LABELS, MARK_FUNCTION_TEXTS
from survey_app.assessment.rule_reader import AWARD_FACTS
from survey_app.assessment.scheme_form import LINE_KEYS, TRIGGER_KEYS, SchemeFields
from survey_app.assessment.scheme_rules import AREA_UNIT, SCHOOL_UNIT
from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.categories import Categories
from survey_app.definition.messages import Message, message
from survey_app.foundation.translation import language, render
from survey_app.measurement.scoring import CONDITIONAL_ITEMS
from survey_app.measurement.settings import POINT_MAPS

TRIGGER_LABELS = {
    "notice": message("整改通知"), "reminder": message("提醒函"), "ledger": message("台账"),
    "interview": message("约谈"), "watch_list": message("关注"),
}  # fmt: skip
PARAMETER_LABELS: dict[str, Message] = {
    "line": message("满意率的线"), "level": message("显著性水平"), "tipping": message("临界倍数至少"),
    "days": message("期限（天）"), "item_dissatisfied": message("一题不满意的份额"), "n": message("至少几人"),
    "drop": message("下降几分"), "outlier": message("低得这样的可能性"),
    "small_category": message("同类不足 10 所时"), "false_discovery": message("误报的份额"),
}  # fmt: skip
LINE_LABELS: dict[str, Message] = {
    "id": message("名称（id）"), "of": message("是什么的得分（of）"), "share": message("占满分的 %（share）"),
    "function": message("怎样得分（function）"), "zero_at": message("0 分线（zero_at）"),
    "full_at": message("满分线（full_at）"),
}  # fmt: skip
METHOD_LABELS: dict[str, Message] = {
    "rank_from": message("主要对象多少人起排名"), "rank_response": message("回收率多少起排名"),
    "rank_unverified": message("开放链接也排名的理由"), "nonresponse": message("无应答的倍数"),
    "rater_sd": message("督学之间的标准差"), "min_n": message("多少人起公布"),
    "valid_share": message("至少答了多少题才算有效"), "map": message("选项怎样折分"),
    "conditional_items": message("只有部分人被问到的题"),
}  # fmt: skip
COUNTED_KEYS = ("valid_share", "map", "conditional_items")  # what changes the scores of persons: counted anew by a job
DEDUCTION_LABELS = {
    "rectification_overdue": message("整改逾期，每次扣"), "rectification_failed": message("整改未通过，每次扣"),
    "most": message("最多扣"),
}  # fmt: skip
FACT_LABELS = {
    "notice_open": message("有未销号的通知"), "rectification_overdue": message("整改逾期"),
    "rectification_failed": message("整改未通过"),
}  # fmt: skip
UNIT_LABELS = {SCHOOL_UNIT: message("学校"), AREA_UNIT: message("学区")}
MAP_LABELS = {
    "linear": message("问卷的分"), "cn100": message("20 起：100、80、60、40、20"),
    "cn100_0": message("0 起：100、80、60、30、0"),
}  # fmt: skip
CONDITIONAL_LABELS = {"exclude": message("不计入"), "include": message("计入")}


@dataclass(frozen=True, slots=True)
class FormField:
    """One field: ``options`` where it is a choice, each as the file says it and in words."""

    name: str
    label: str
    value: str
    error: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FieldRow:
    """Fields that belong together; ``name`` is that of what they are part of."""

    name: str
    label: str
    fields: tuple[FormField, ...]
    is_on: bool = True
    error: str = ""

    @property
    def has_error(self) -> bool:
        """Whether there is something to be read here: then it is not folded away."""
        return bool(self.error) or any(field.error for field in self.fields)


@dataclass(frozen=True, slots=True)
class SchemeForm:
    """All fields of a scheme, in the groups of the page."""

    heading: tuple[FormField, ...]
    audiences: tuple[str, ...]
    weights: tuple[FieldRow, ...]
    units: FieldRow
    minimum_response: FieldRow
    full: FormField
    line_labels: tuple[str, ...]
    lines: tuple[FieldRow, ...]
    lines_error: str
    deductions: FieldRow
    quota: FieldRow
    facts: tuple[tuple[str, str, bool], ...]
    triggers: tuple[FieldRow, ...]
    method: FieldRow
    counted: FieldRow
    dimensions: FieldRow

    @property
    def has_trigger_error(self) -> bool:
        return any(row.has_error for row in self.triggers)

    @property
    def has_counted_error(self) -> bool:
        return self.counted.has_error or self.dimensions.has_error

    @property
    def has_method_error(self) -> bool:
        return self.method.has_error or self.has_counted_error

    def has_weight_error(self, category: str) -> bool:
        """Whether weights of other categories than this are wrong."""
        return any(row.has_error for row in self.weights if row.name != f"categories.{category}")


def scheme_form(
    fields: SchemeFields, categories: Categories, errors: Mapping[str, str], dimensions: Mapping[str, str]
) -> SchemeForm:
    """Return the form; ``errors`` by the name of a field, ``dimensions``: labels of those that may have a weight."""
    return _FormBuilder(fields, categories, errors).form(dimensions)


class _FormBuilder:
    def __init__(self, fields: SchemeFields, categories: Categories, errors: Mapping[str, str]) -> None:
        self.fields = fields
        self.categories = categories
        self.errors = errors

    def form(self, dimensions: Mapping[str, str]) -> SchemeForm:
        audiences = {audience.id: render(audience.label) for audience in AUDIENCES}
        known = {entry.id: entry.label.in_language(language()) for entry in self.categories.all}
        stated = {name.split(".")[1]: "" for name in self.fields.values if name.startswith("dimension_weights.")}
        dimensions = {**{name: name for name in stated}, **dimensions}
        return SchemeForm(
            heading=(
                self.field("title.zh", message("方案的名称")), self.field("title.en", message("英文名称")),
                self.field("document", message("依据文号")),
            ),
            audiences=tuple(audiences.values()),
            weights=tuple(self.row(f"categories.{name}", label, audiences) for name, label in known.items()),
            units=self.row("units", "", known),
            minimum_response=self.row("minimum_response", "", audiences),
            full=self.field("marks.full", message("满分")),
            line_labels=tuple(render(LINE_LABELS[key]) for key in LINE_KEYS),
            lines=tuple(self.line(number) for number in range(self.fields.lines + 1)),
            lines_error=self.errors.get("marks.lines", ""),
            deductions=self.row("marks.deductions", "", _words(DEDUCTION_LABELS)),
            quota=self.row("awards.quota", "", known),
            facts=tuple((fact, render(FACT_LABELS[fact]), fact in self.fields.excluded_by) for fact in AWARD_FACTS),
            triggers=tuple(self.trigger(kind) for kind in TRIGGER_KEYS),
            method=self.row("method", "", _words(METHOD_LABELS, without=COUNTED_KEYS)),
            counted=self.counted(),
            dimensions=self.row("dimension_weights", "", dimensions),
        )  # fmt: skip

    def field(self, name: str, label: Message | str) -> FormField:
        words = label if isinstance(label, str) else render(label)
        return FormField(name, words, self.fields.value(name), self.errors.get(name, ""), _options(name))

    def row(self, name: str, label: str, keys: Mapping[str, str]) -> FieldRow:
        fields = tuple(self.field(f"{name}.{key}", words) for key, words in keys.items())
        return FieldRow(name, label, fields, error=self.errors.get(name, ""))

    def counted(self) -> FieldRow:
        """A part of ``method`` with a name of its own: what is wrong with all of that is said once."""
        row = self.row("method", "", {key: render(METHOD_LABELS[key]) for key in COUNTED_KEYS})
        return FieldRow("method-counted", "", row.fields)

    def line(self, number: int) -> FieldRow:
        return self.row(f"marks.lines.{number}", str(number), _words(LINE_LABELS))

    def trigger(self, kind: str) -> FieldRow:
        name = f"triggers.{kind}"
        fields = tuple(self.field(f"{name}.{key}", PARAMETER_LABELS[key]) for key in TRIGGER_KEYS[kind])
        return FieldRow(name, render(TRIGGER_LABELS[kind]), fields, kind in self.fields.triggers,
                        self.errors.get(name, ""))  # fmt: skip


def _words(labels: Mapping[str, Message], without: tuple[str, ...] = ()) -> dict[str, str]:
    return {key: render(label) for key, label in labels.items() if key not in without}


def _options(name: str) -> tuple[tuple[str, str], ...]:
    """What may be chosen: the value of the file, and its words; what has none yet is shown as the file says it."""
    last = name.rpartition(".")[2]
    values: tuple[str, ...]
    if name.startswith("units."):
        values, labels = (SCHOOL_UNIT, AREA_UNIT), UNIT_LABELS
    elif name.startswith("marks.lines.") and last == "function":
        values, labels = tuple(text.id for text in MARK_FUNCTION_TEXTS), MARK_FUNCTION_LABELS
    elif name == "method.map":
        values, labels = tuple(POINT_MAPS), MAP_LABELS
    elif name == "method.conditional_items":
        values, labels = CONDITIONAL_ITEMS, CONDITIONAL_LABELS
    else:
        return ()
    return tuple((value, render(labels[value]) if value in labels else value) for value in values)
