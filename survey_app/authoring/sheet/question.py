"""One row of a question to one item of the draft."""

import re
import unicodedata
from dataclasses import replace

from survey_app.definition.languages import Text
from survey_app.definition.messages import message
from survey_app.definition.node_reader import IDENTIFIER_PATTERN

from ..draft import DraftItem, DraftOption, DraftScale, Fate, ItemKind, Section
from ..expression_limits import Limits, limits_of_choices, limits_of_text
from .cells import column_letters
from .choices import MAX_OPTIONS, numeric_scale, scale_of
from .form import FormInProgress
from .headings import Column
from .options import OptionList
from .row import SheetRow
from .settings import read_audiences
from .types import RowType, TypeCell

CHECKED_COLUMNS = ("name", "label", "type", "list", "relevant")
OTHER_LABELS = {"zh": "其他", "en": "Other", "de": "Sonstiges", "fr": "Autre", "es": "Otro", "sw": "Nyingine"}
OTHER_LENGTH = 60
_KINDS = {
    RowType.SELECT_ONE: ItemKind.CHOICE, RowType.SCALE: ItemKind.CHOICE, RowType.OVERALL: ItemKind.CHOICE,
    RowType.SELECT_MULTIPLE: ItemKind.CHOICES, RowType.RANK: ItemKind.RANKING, RowType.TEXT: ItemKind.TEXT,
    RowType.NUMBER: ItemKind.NUMBER, RowType.RANGE: ItemKind.NUMBER, RowType.GRADE: ItemKind.GRADE,
}  # fmt: skip
_OPTIONAL = re.compile(r"(选|可不|非必|自愿)[填答]|optional", re.IGNORECASE)
_PARAMETER = re.compile(r"(start|end|step)\s*=\s*(-?\d+(?:\.\d+)?)")
_MAX_RANGE = 11


class QuestionReader:
    """Reads questions of one form; names that stand twice are told apart."""

    def __init__(self, form: FormInProgress) -> None:
        self.form, self.report = form, form.report

    def read(self, row: SheetRow, cell: TypeCell, text: Text | None) -> DraftItem | None:
        """Return the item, or None if the row was left out."""
        if text is None or (self.report.is_strict and self.form.languages.tags[0] not in text):
            text = self.without_text(row, text)
        elif not any(sign.isalpha() for sign in next(iter(text.values()))):
            said = message("这里应当是题目的文字，现在只有数字")
            self.report.mistake("text_expected", row.place_of("label"), said, next(iter(text.values())))
            self.report.ask(row.place, "question", "text_expected")
        item = DraftItem(
            place=row.place, text=text, kind=_KINDS[cell.row_type], name=self.name(row), form=self.form.number,
            number=row.value("number") or None, required=row.flag("required"), concept=row.value("concept"),
            reverse=bool(row.flag("reverse")), is_overall=cell.row_type is RowType.OVERALL,
            text_for=row.texts_for("text_for", self.form.languages), lead=row.text("lead", self.form.languages),
            help_for=row.texts_for("help_for", self.form.languages), section=self.section(row),
            audiences=tuple(read_audiences(row.value("audience"), row.place_of("audience"), self.report)),
            private=row.flag("private"), follow_up=bool(row.flag("follow_up")),
            max_length=row.whole_number("max_length"),
            at_most=row.whole_number("at_most"), at_least=row.whole_number("at_least"),
        )  # fmt: skip
        self.check_translation(row, text)
        item = self.small_print(row, item)
        if item.kind is ItemKind.TEXT:
            return self.text_question(row, item)
        if item.kind is ItemKind.NUMBER:
            return self.number(row, item, cell)
        if item.kind is ItemKind.GRADE:
            return item
        return self.with_options(row, item, cell)

    def without_text(self, row: SheetRow, text: Text | None) -> Text:
        self.report.mistake("text_missing", row.place_of("label"), message("这一题没有题目文字"))
        self.report.ask(row.place, "question", "text_missing")
        return Text.of({self.form.languages.tags[0]: row.value("name") or "?", **(text or {})})

    def name(self, row: SheetRow) -> str:
        """The name as the source has it; one that stands twice gets a number."""
        typed = row.value("name")
        name = unicodedata.normalize("NFKC", typed)
        place = row.place_of("name")
        if name and not IDENTIFIER_PATTERN.match(name):
            text = message("编号请用字母开头，只含字母、数字和下划线，最多 32 个字符；导入时会换一个")
            if self.report.is_strict:
                self.report.mistake("id_syntax", place, text, typed)
            else:
                self.report.hint("id_mapped", place, text, typed)
        elif name != typed:
            self.report.warn("id_normalised", place, message("全角的编号改成了半角"), typed)
        if not name:
            return ""
        if name in self.form.names:
            text = message("编号“{name}”重复，第 {row} 行已经有了", name=name, row=self.form.names[name].row or 0)
            self.report.mistake("duplicate_id", place, text, name)
            number = 2
            while f"{name}_{number}" in self.form.names:
                number += 1
            name = f"{name}_{number}"
        self.form.names[name] = row.place
        return name

    def section(self, row: SheetRow) -> Section | None:
        """The dimension that the row names. Its weight is the first that a row of it states."""
        label = row.text("dimension", self.form.languages)
        weight = row.number("weight")
        if label is None:
            return None
        first = next(iter(label.values()))
        known = self.form.sections.get(first)
        section = known or Section(label, unicodedata.normalize("NFKC", row.value("dimension_id")))
        if section.weight is None and weight is not None:
            section = replace(section, weight=weight)
        if isinstance(self.form.sections, dict):
            self.form.sections[first] = section
        return section

    def check_translation(self, row: SheetRow, text: Text) -> None:
        tags = self.form.languages.tags
        if len(tags) < 2:
            return
        column = next((column for column in self.form_columns(row) if column.language == tags[1]), None)
        place = replace(row.place, column=column_letters(column.index)) if column else row.place
        if tags[1] not in text:
            self.report.warn("english_missing", place, message("没有第二种语言的文字"))
            self.report.ask(row.place, "question", "english_missing")
        elif text[tags[1]] == text.get(tags[0]) and re.search("[\u4e00-\u9fff]", text[tags[1]]):
            self.report.mistake("english_same", place, message("两种语言的文字一样"), text[tags[1]])

    @staticmethod
    def form_columns(row: SheetRow) -> list[Column]:
        return [column for column in row.heading.all("label") if not column.audience]

    def small_print(self, row: SheetRow, item: DraftItem) -> DraftItem:
        """The hint; words that only say whether it must be answered, or how long, are for the reader."""
        hint = row.text("hint", self.form.languages)
        remark = row.value("remark")
        if hint and _OPTIONAL.fullmatch(next(iter(hint.values()))):
            return replace(item, required=False if item.required is None else item.required)
        if remark.isdecimal() and item.kind is ItemKind.TEXT:
            return replace(item, help=hint, max_length=int(remark))
        if remark and not hint:
            hint = row.text("remark", self.form.languages)
        return replace(item, help=hint)

    def text_question(self, row: SheetRow, item: DraftItem) -> DraftItem:
        constraint = row.value("constraint")
        limits = limits_of_text(constraint) if constraint else Limits()
        if not limits.is_whole:
            self.constraint_lost(row)
        return replace(item, max_length=item.max_length or limits.max_length, required=item.required)

    def constraint_lost(self, row: SheetRow) -> None:
        text = message("这项限制带不过来，答案不会按它检查")
        self.report.warn("constraint_not_carried", row.place_of("constraint"), text, row.value("constraint"))
        self.report.ask(row.place, "question", "constraint_not_carried")

    def number(self, row: SheetRow, item: DraftItem, cell: TypeCell) -> DraftItem:
        """A number is kept as a band, which somebody has to choose; a short range is a scale."""
        if cell.row_type is RowType.RANGE:
            given = {key: float(value) for key, value in _PARAMETER.findall(row.value("parameters"))}
            low, high, step = given.get("start", 0), given.get("end", 10), given.get("step", 1)
            if step == 1 and low >= 0 and 1 < high - low < _MAX_RANGE and low == int(low):
                text = message("没有写从几分起算满意，请补上")
                self.report.warn("favourable_missing", row.place_of("parameters"), text)
                self.report.ask(row.place, "question", "favourable_missing")
                return replace(item, kind=ItemKind.SCALE, scale=numeric_scale(int(low), int(high)))
        bands = tuple(int(word) for word in re.findall(r"\d+", row.value("bands")))
        if not bands:
            text = message("数字只按分段保存，请写出分段，如 0、30、60")
            self.report.warn("bands_missing", row.place_of("type"), text, row.value("type"))
            self.report.ask(row.place, "question", "bands_missing")
        return replace(item, bands=bands, unit=row.text("unit", self.form.languages))

    def with_options(self, row: SheetRow, item: DraftItem, cell: TypeCell) -> DraftItem | None:
        name = cell.list_name or row.value("list")
        entry = self.form.lists.get(name)
        if entry is None:
            text = message("选项表里没有“{name}”这个选项组", name=name)
            column = "list" if row.heading.has("list") else "type"
            self.report.mistake("list_missing", row.place_of(column), text, name)
            self.report.account.file(row.place, Fate.LEFT, code="list_missing")
            return None
        entry.is_used = True
        if item.kind is ItemKind.RANKING:
            self.report.leave(row.place, "ranking", message("没有排序题；可改成多选，如“最多选三项”"), item.name)
            return replace(item, options=tuple(entry.options), is_left_out=True)
        if item.kind is ItemKind.CHOICE and not cell.with_other and (scale := self.scale(row, item, entry, cell)):
            return replace(item, kind=ItemKind.SCALE, scale=scale)
        return self.plain_options(row, item, cell, entry)

    def scale(self, row: SheetRow, item: DraftItem, entry: OptionList, cell: TypeCell) -> DraftScale | None:
        scale = scale_of(entry, self.form.is_explicit, self.report)
        if scale is None and cell.row_type in (RowType.OVERALL, RowType.SCALE):
            self.report.mistake(
                "points_missing", row.place_of("list"), message("这一题要计分，选项组里却没有分值"), entry.name
            )
            options = tuple(replace(option, favourable=None) for option in entry.options)
            scale = DraftScale("scale", options, name=entry.name)
            self.report.ask(row.place, "question", "points_missing")
        if scale and not scale.is_whole:
            self.report.ask(row.place, "question", "points_missing")
        return scale

    def plain_options(self, row: SheetRow, item: DraftItem, cell: TypeCell, entry: OptionList) -> DraftItem | None:
        options = list(entry.options)
        if cell.with_other and not any(option.code == "other" for option in options):
            label = Text.of({tag: OTHER_LABELS.get(tag, "Other") for tag in self.form.languages.tags})
            options.append(DraftOption(label, "other", text_length=OTHER_LENGTH))
            text = message("加上了可以填写的选项“其他”")
            self.report.warn("other_text_field", row.place_of("type"), text, "or_other")
        if not 2 <= len(options) <= MAX_OPTIONS:
            text = message("有 {n} 个选项；选择题要有 2 到 {limit} 个", n=len(options), limit=MAX_OPTIONS)
            self.report.leave(row.place, "option_count", text, entry.name)
            return None
        constraint = row.value("constraint")
        limits = Limits()
        if constraint:
            limits = limits_of_choices(constraint, [option.name for option in options])
            if not limits.is_whole:
                self.constraint_lost(row)
        options = [replace(o, exclusive=o.exclusive or o.name in limits.exclusive) for o in options]
        return replace(
            item, options=tuple(options), at_most=limits.at_most if item.at_most is None else item.at_most,
            at_least=limits.at_least if item.at_least is None else item.at_least,
        )  # fmt: skip
