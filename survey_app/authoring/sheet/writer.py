"""An instrument as the three sheets of our template; reading them gives the same instrument."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.categories import Categories
from survey_app.definition.conditions import to_source
from survey_app.definition.kinds.number import Bands
from survey_app.definition.languages import Text
from survey_app.definition.model import (
    BackgroundQuestion,
    ClosedOption,
    CommentQuestion,
    Instrument,
    Item,
    NumericScale,
    Occasion,
    Option,
    Question,
    Scale,
)
from survey_app.definition.source_writer import SourceWriter

from .languages import LABELS_OF_LANGUAGES
from .settings import quoted_label

SheetValue = str | float
SURVEY_SHEET, CHOICES_SHEET, SETTINGS_SHEET = "问卷", "选项", "设置"
_YES, _NO = "是", "否"
SHOWN_AS, _FACES = {"numbers": "数字", "stars": "星级", "words": "文字"}, "表情"
_TYPES = {"choice": "单选", "choices": "多选", "grade": "年级", "number": "数字"}
_FIXED = (
    "编号", "题型", "选项组", "题目", "学生措辞", "维度", "权重", "对象", "必答", "反向", "显示条件", "可比编号",
    "说明",
)  # fmt: skip
_CHOICES_FIXED = ("选项组", "代码", "选项", "分值", "满意", "不计分")
_TRANSLATED = ("题目", "选项", "内容", "说明", "单位", "维度")
_WIDE = {"题目": 44, "选项": 24, "内容": 44, "显示条件": 24, "说明": 24, "编号": 10, "项目": 18}


@dataclass(frozen=True, slots=True)
class TemplateSheet:
    """The name of a sheet, its headings and its rows."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[SheetValue, ...], ...]

    def widths(self) -> tuple[int, ...]:
        """Return how wide the columns should be."""
        return tuple(_WIDE.get(heading.partition("(")[0], 34 if "措辞" in heading else 12) for heading in self.headings)


def template_sheets(languages: Sequence[str] = ("zh", "en")) -> tuple[TemplateSheet, ...]:
    """Return the empty template."""
    second = [_heading(name, tag) for tag in languages[1:] for name in ("题目",)]
    headings = [*_FIXED[:4], *second, *_FIXED[4:]]
    choices = [*_CHOICES_FIXED[:3], *(_heading("选项", tag) for tag in languages[1:]), *_CHOICES_FIXED[3:], "显示"]
    settings = ["项目", "内容", *(_heading("内容", tag) for tag in languages[1:])]
    keys = ("问卷编号", "版本", "标题", "对象", "学校类别", "说明语")
    return (
        TemplateSheet(SURVEY_SHEET, tuple(headings), ()),
        TemplateSheet(CHOICES_SHEET, tuple(choices), ()),
        TemplateSheet(SETTINGS_SHEET, tuple(settings), tuple((key,) for key in keys)),
    )


def write_sheets(instrument: Instrument, categories: Categories) -> tuple[TemplateSheet, ...]:
    """Return the sheets of an instrument."""
    return _Writer(instrument, categories).sheets()


@dataclass(slots=True)
class _Table:
    """Rows of named cells; columns come in the order in which they are first used, the fixed ones first."""

    fixed: Sequence[str]
    rows: list[dict[str, SheetValue]] = field(default_factory=list)

    def sheet(self, name: str) -> TemplateSheet:
        used = dict.fromkeys(key for row in self.rows for key in row)
        order: list[str] = []
        for heading in self.fixed:
            order.append(heading)
            order += [key for key in used if key.startswith(f"{heading}(")]
        order += [key for key in used if key not in order]
        rows = tuple(tuple(row.get(heading, "") for heading in order) for row in self.rows)
        return TemplateSheet(name, tuple(order), rows)


class _Writer:
    def __init__(self, instrument: Instrument, categories: Categories) -> None:
        self.instrument, self.categories = instrument, categories
        self.first, *self.others = instrument.languages
        self.survey, self.choices = _Table(_FIXED), _Table(_CHOICES_FIXED)
        self.settings = _Table(("项目", "内容"))
        self.scale_names = {scale.id for scale in instrument.scales}
        self.writer = SourceWriter(wording=True, structure=True, reference_language=self.first)

    def sheets(self) -> tuple[TemplateSheet, ...]:
        self.head()
        for scale in self.instrument.scales:
            self.scale(scale)
        for question in self.instrument.background:
            self.closed(question)
        for dimension in self.instrument.dimensions:
            self.dimension_words(dimension.label, dimension.id, dimension.label_for, "")
            self.lead(dimension.label, dimension.lead, dimension.lead_for)
            for number, item in enumerate(dimension.items):
                self.item(item, "单选", dimension.label, dimension.weight if number == 0 else None)
        if self.instrument.overall:
            self.item(self.instrument.overall, "总体", None, None)
        for question in self.instrument.follow_up:
            self.closed(question, is_follow_up=True)
        for comment in self.instrument.comments:
            self.comment(comment)
        return (
            self.survey.sheet(SURVEY_SHEET), self.choices.sheet(CHOICES_SHEET), self.settings.sheet(SETTINGS_SHEET),
        )  # fmt: skip

    def head(self) -> None:
        instrument = self.instrument
        categories = [self.categories[name].label[self.first] for name in instrument.categories]
        facts = {
            "问卷编号": instrument.id, "版本": instrument.version, "语言": "、".join(instrument.languages),
            "对象": self.audiences(instrument.audiences), "学校类别": "、".join(categories),
        }  # fmt: skip
        if instrument.occasion != Occasion.YEARLY.value:
            facts["场合"] = instrument.occasion
        for audience, grade in instrument.grades_from.items():
            facts[f"{self.audiences((audience,))}起始年级"] = grade
        for key, value in facts.items():
            self.settings.rows.append({"项目": key, "内容": value})
        self.setting("标题", instrument.title, instrument.title_for)
        self.setting("说明语", instrument.intro, instrument.intro_for)
        for entry in instrument.retired:
            self.settings.rows.append({"项目": "停用编号", "内容": entry.id, "版本": entry.last_version})
        for subject, name in instrument.source.items():
            self.settings.rows.append({"项目": f"原名:{subject}", "内容": name})
        for subject, reasons in instrument.accepted.items():
            for rule, reason in reasons.items():
                self.settings.rows.append({"项目": f"认可:{subject}:{rule}", "内容": reason})

    def setting(self, key: str, text: Text | None, text_for: Mapping[str, Text]) -> None:
        if text:
            self.settings.rows.append({"项目": key, **self.text("内容", text)})
        for audience, words in text_for.items():
            self.settings.rows.append({"项目": f"{key}:{self.audiences((audience,))}", **self.text("内容", words)})

    def dimension_words(self, label: Text, name: str, words_for: Mapping[str, Text], what: str) -> None:
        """The id of a dimension with its name in other languages, and its names for single audiences."""
        base = f"维度:{quoted_label(label[self.first])}"
        translated = {key: words for key, words in self.text("内容", label).items() if key != "内容"}
        self.settings.rows.append({"项目": base, "内容": name, **translated})
        self.setting(base + what, None, words_for)

    def lead(self, label: Text, lead: Text | None, lead_for: Mapping[str, Text]) -> None:
        self.setting(f"维度:{quoted_label(label[self.first])}:引导语", lead, lead_for)

    def text(self, heading: str, text: Text) -> dict[str, SheetValue]:
        return {(heading if tag == self.first else _heading(heading, tag)): words for tag, words in text.items()}

    def audiences(self, names: Sequence[str]) -> str:
        return "、".join(str(AUDIENCES[name].label) for name in names)

    def question(self, question: Question, row_type: str) -> dict[str, SheetValue]:
        row: dict[str, SheetValue] = {"编号": question.id, "题型": row_type, **self.text("题目", question.text)}
        for audience, words in question.text_for.items():
            row |= self.text(f"{self.audiences((audience,))}措辞", words)
        row |= self.text("提示", question.help) if question.help else {}
        for audience, words in question.help_for.items():
            row |= self.text(f"{self.audiences((audience,))}提示", words)
        row["对象"] = self.audiences(question.audiences)
        if question.show_if:
            row["显示条件"] = to_source(question.show_if)
        return row

    def item(self, item: Item, row_type: str, label: Text | None, weight: float | None) -> None:
        row = self.question(item, row_type) | {"选项组": item.scale.id, "必答": _YES if item.required else _NO}
        row |= {"维度": label[self.first]} if label else {}
        row |= {"权重": weight} if weight is not None else {}
        row |= {"反向": _YES} if item.reverse else {}
        row |= {"可比编号": item.concept} if item.concept else {}
        self.survey.rows.append(row)

    def closed(self, question: BackgroundQuestion, is_follow_up: bool = False) -> None:
        row = self.question(question, _TYPES[question.kind])
        row |= {"必答": _YES if question.required else _NO, "不公开": _YES if question.private else _NO}
        row |= {"追问": _YES} if is_follow_up else {}
        stated = self.writer_details(question)
        row |= {"最多选": int(str(stated["at_most"]))} if "at_most" in stated else {}
        row |= {"最少选": int(str(stated["at_least"]))} if "at_least" in stated else {}
        if isinstance(question.details, Bands):
            row |= {"分段": "、".join(map(str, question.details.starts))} | self.text("单位", question.details.unit)
        elif question.options:
            name = f"{question.id}_list" if question.id in self.scale_names else question.id
            row["选项组"] = name
            for option in question.options:
                self.option(name, option)
        self.survey.rows.append(row)

    def writer_details(self, question: BackgroundQuestion) -> Mapping[str, object]:
        from survey_app.definition.kinds import kind_of

        written: Mapping[str, object] = kind_of(question).write_definition(question, self.writer)
        return written

    def comment(self, comment: CommentQuestion) -> None:
        self.survey.rows.append(self.question(comment, "文字") | {"字数": comment.max_length})

    def option(self, name: str, option: Option) -> None:
        row: dict[str, SheetValue] = {"选项组": name, "代码": option.code, **self.text("选项", option.label)}
        if isinstance(option, ClosedOption):
            row |= {"填空": option.text_length} if option.text_length else {}
            row |= {"互斥": _YES} if option.exclusive else {}
        self.choices.rows.append(row)

    def scale(self, scale: Scale) -> None:
        if scale.numeric:
            self.numbers(scale, scale.numeric)
        for point in () if scale.numeric else scale.points:
            row: dict[str, SheetValue] = {"选项组": scale.id, "代码": point.code, "分值": point.points}
            row |= self.text("选项", point.label) | ({"满意": _YES} if point.favourable else {})
            row |= {"显示": _FACES} if scale.faces and point is scale.points[0] else {}
            self.choices.rows.append(row)
        if scale.not_applicable:
            self.option(scale.id, scale.not_applicable)
            self.choices.rows[-1]["不计分"] = _YES

    def numbers(self, scale: Scale, numeric: NumericScale) -> None:
        """A row for each number, with words at the ends; what holds for the whole scale stands in the first row."""
        for number, point in enumerate(scale.points):
            row: dict[str, SheetValue] = {"选项组": scale.id, "代码": point.code}
            if number in (0, len(scale.points) - 1):
                row |= self.text("选项", numeric.ends[0 if number == 0 else 1])
            row |= {"分值": point.points} if numeric.lists_points else {}
            row |= {"满意": _YES} if point.favourable else {}
            row |= {"不满意": _YES} if int(point.code) <= numeric.unfavourable_to else {}
            if number == 0:
                row |= {"显示": SHOWN_AS[numeric.show]} | ({"净推荐值": _YES} if numeric.nps else {})
            self.choices.rows.append(row)


def _heading(name: str, tag: str) -> str:
    return f"{name}({LABELS_OF_LANGUAGES.get(tag, tag)})"
