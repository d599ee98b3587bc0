"""A sheet as an office draws it: a title, a table with everything in it, totals and signatures below."""

import re
from dataclasses import replace

from survey_app.definition.languages import Text
from survey_app.definition.messages import message

from ..draft import DraftItem, DraftOption, DraftScale, FormHead, ItemKind, Section
from ..scale_families import scale_from_labels
from ..text.answers import ReadLabel, is_other_label, looks_open
from ..text.conditions import read_conditions
from ..text.guesses import is_overall
from ..text.lines import half_width
from ..text.marks import number_mark
from ..text.tags import Tags, read_tag, strip_tags
from .cells import SheetCells, cell_place, cell_text, fold_word, spoken_rows
from .choices import numeric_scale
from .form import FormInProgress, ReadQuestion
from .headings import Heading
from .office_options import is_as_above, is_by_school, options_of_row, read_labels
from .row import SheetRow
from .settings import read_audiences
from .types import RowType, asks_who_it_is, read_type

OTHER_LENGTH = 60
_FURNITURE = re.compile(
    r"^(合计|总计|小计|共计|制表|填表|审核|审批|负责人|联系|经办|签字|签名|盖章|单位|日期|报送|抄送|注[:：]|备注[:：]|说明[:：]|附[:：]"
    r"|第\s*\d+\s*页|total|sum)"
)
_INTRO = re.compile(r"(您好|你好|尊敬的|亲爱的|感谢|匿名|谢谢)")
_NOTICE = re.compile(r"^(单位|日期|填表|编制|印发|页码|密级|联系)|^\d{4}\s*年\s*\d{1,2}\s*月(\s*\d{1,2}\s*日)?$")
_MARKS = re.compile(r"(\d{1,2})\s*分?\s*[-~～至到—–]+\s*(\d{1,2})\s*分?(制)?")
_MAX_MARKS = 11
_IN_A_GRID = (RowType.MISSING, RowType.SCALE, RowType.SELECT_ONE, RowType.OVERALL)
_MIN_INTRO = 18


class OfficeSheetReader:
    """Reads one sheet. What stands above is title, introduction or furniture; a total ends the questions."""

    def __init__(self, sheet: SheetCells, heading: Heading, form: FormInProgress) -> None:
        self.sheet, self.heading, self.form, self.report = sheet, heading, form, form.report
        self.section: Section | None = None
        self.labels: tuple[ReadLabel, ...] = ()
        self.read_labels: list[tuple[ReadLabel, ...]] = []
        self.sayings: list[tuple[str, ...]] = []
        self.is_over = False
        self.grid = read_labels([column.word for column in heading.unknown]) if heading.is_grid else ()

    def read(self, head: FormHead) -> FormHead:
        for index in spoken_rows(self.sheet):
            row = SheetRow(self.sheet, self.heading, index, self.report)
            if index < self.heading.row:
                head = self.above(row, head)
            elif index == self.heading.row:
                self.report.take(row.place, "heading")
            else:
                self.row(row)
        self.conditions()
        return head

    def above(self, row: SheetRow, head: FormHead) -> FormHead:
        """The first words are the title; a sentence to the reader is the introduction."""
        words = list(dict.fromkeys(text for value in self.sheet.rows[row.index] if (text := cell_text(value))))
        language = self.form.languages.tags[0]
        said = " ".join(words)
        if head.title is None and len(words) == 1 and not _NOTICE.search(said) and len(said) <= 60:
            self.report.take(row.place, "title")
            return replace(head, title=Text.of({language: said}))
        if len(said) >= _MIN_INTRO and _INTRO.search(said) and head.intro is None:
            self.report.take(row.place, "intro")
            return replace(head, intro=Text.of({language: said}))
        self.report.furnish(row.place)
        return head

    def row(self, row: SheetRow) -> None:
        first = next((text for value in self.sheet.rows[row.index] if (text := cell_text(value))), "")
        label = row.value("label")
        number = fold_word(row.value("number") or row.value("name"))
        if _FURNITURE.search(fold_word(first)) and not number.isdecimal():
            self.is_over = True
            self.report.furnish(row.place)
        elif self.is_over and not number.isdecimal():
            self.report.furnish(row.place)
        elif self.is_heading(row, first):
            self.section = Section(Text.of({self.form.languages.tags[0]: _without_number(first)}))
            self.report.take(row.place, "section")
        elif not label:
            self.report.leave(row.place, "text_missing", message("这一行没有题目文字"), first)
        else:
            self.question(row)

    def is_heading(self, row: SheetRow, first: str) -> bool:
        """A row with a single text, which stands outside the column of questions or over all columns."""
        values = {text for value in self.sheet.rows[row.index] if (text := cell_text(value))}
        if len(values) != 1 or read_type(row.value("type")).row_type not in (RowType.MISSING, RowType.UNKNOWN):
            return False
        column = self.heading.first("label")
        is_in_questions = column is not None and row.cell(column) == first
        spreads = any((row.index, number) in self.sheet.filled for number in range(len(self.sheet.rows[row.index])))
        return not is_in_questions or spreads

    def question(self, row: SheetRow) -> None:
        row.check_cells(("label", "options"))
        text, tags = strip_tags(_without_mark(row.value("label")))
        text = text.rstrip(":： ") or text
        remark = read_tag(row.value("remark"), tags) if row.value("remark") else tags
        if remark is None:
            self.report.hint("remark_not_read", row.place_of("remark"), message("备注没有用到"), row.value("remark"))
            remark = tags
        item = self.with_answers(row, self.item(row, text, remark), remark)
        if item is None:
            return
        if item.kind in (ItemKind.TEXT, ItemKind.NUMBER) and asks_who_it_is(text):
            self.report.leave(row.place, "personal_data", message("不问能认出人的内容"), text)
            return
        if row.is_hidden:
            place = cell_place(self.sheet, row.index, 0)
            self.report.warn("hidden_row", place, message("这一行是隐藏的，也读入了；不要的请删除"), text)
            self.report.ask(row.place, code="hidden_row")
        self.form.questions.append(ReadQuestion(item, row.place))
        self.read_labels.append(self.labels if item.options or item.scale else ())
        self.sayings.append(remark.conditions)
        self.report.take(row.place, "question")

    def item(self, row: SheetRow, text: str, tags: Tags) -> DraftItem:
        languages = self.form.languages
        full = row.text("label", languages) or Text()
        required = row.flag("required")
        number = row.value("number") or row.value("name") or str(len(self.form.questions) + 1)
        overall = is_overall(text)
        return DraftItem(
            place=row.place, text=Text.of({**full, languages.tags[0]: text or row.value("label")}), kind=ItemKind.TEXT,
            name=f"Q{len(self.form.questions) + 1}", number=number,
            required=tags.required if required is None else required, section=self.section_of(row),
            audiences=tuple(read_audiences(row.value("audience"), row.place_of("audience"), self.report)),
            at_most=tags.at_most, at_least=tags.at_least, is_overall=overall, form=self.form.number,
            help=row.text("hint", languages),
        )  # fmt: skip

    def section_of(self, row: SheetRow) -> Section | None:
        label = row.text("dimension", self.form.languages)
        if label:
            label = Text.of({tag: _without_number(words) for tag, words in label.items()})
            weight = row.number("weight")
            if self.section is None or self.section.label != label:
                self.section = Section(label, weight=weight)
        return self.section

    def with_answers(self, row: SheetRow, item: DraftItem, tags: Tags) -> DraftItem | None:
        """The item with its kind and options; None if the row is left out."""
        typed = row.value("type")
        cell = read_type(typed)
        words = row.value("options")
        if cell.row_type is RowType.LEFT and cell.reason:
            self.report.leave(row.place, cell.left_code, cell.reason, typed)
            return None
        if cell.row_type is RowType.GRADE or is_by_school(words):
            return replace(item, kind=ItemKind.GRADE, name="grade")
        options = options_of_row(row)
        if numbers := _numbers(options):
            return self.marks(row, item, *numbers)
        is_open = cell.row_type in (RowType.TEXT, RowType.NUMBER) or (not typed and not tags.kind)
        in_grid = self.grid and cell.row_type in _IN_A_GRID and not looks_open(next(iter(item.text.values())))
        if options:
            self.labels = read_labels(options)
        elif in_grid:
            self.labels = self.grid
        elif is_open and not is_as_above(words):
            return self.open_question(row, item, cell.row_type)
        else:
            self.without_options(row, words)
        return self.closed_question(row, item, cell.row_type, tags)

    def without_options(self, row: SheetRow, words: str) -> None:
        """The words “as above” take the options above; so does a blank cell, which is a guess."""
        if is_as_above(words) and self.labels:
            return
        if self.labels:
            text = message("没有写选项，先用上一题的，请核对")
            self.report.warn("options_guessed", row.place_of("options"), text)
            self.report.ask(row.place, "question", "options_guessed")
        elif is_as_above(words):
            self.report.warn("options_missing", row.place_of("options"), message("“同上”的上面没有选项"), words)
            self.report.ask(row.place, "question", "options_missing")

    def marks(self, row: SheetRow, item: DraftItem, low: int, high: int) -> DraftItem:
        """A scale of numbers; from which of them on it is favourable nobody says."""
        text = message("没有写从几分起算满意，请补上")
        self.report.warn("favourable_missing", row.place_of("options"), text)
        self.report.ask(row.place, "question", "favourable_missing")
        return replace(item, kind=ItemKind.SCALE, scale=numeric_scale(low, high))

    def open_question(self, row: SheetRow, item: DraftItem, row_type: RowType) -> DraftItem:
        if row_type is RowType.NUMBER:
            text = message("数字只按分段保存，请写出分段，如 0、30、60")
            self.report.warn("bands_missing", row.place_of("type"), text, row.value("type"))
            self.report.ask(row.place, "question", "bands_missing")
            return replace(item, kind=ItemKind.NUMBER)
        return replace(item, kind=ItemKind.TEXT)

    def closed_question(self, row: SheetRow, item: DraftItem, row_type: RowType, tags: Tags) -> DraftItem:
        language = self.form.languages.tags[0]
        texts = [Text.of({language: label.label}) for label in self.labels]
        several = row_type is RowType.SELECT_MULTIPLE or tags.kind is ItemKind.CHOICES
        if row_type is RowType.RANK:
            self.report.leave(
                row.place, "ranking", message("没有排序题；可改成多选，如“最多选三项”"), item.number or ""
            )
            options = tuple(map(DraftOption, texts))
            return replace(item, kind=ItemKind.RANKING, options=options, is_left_out=True)
        if row_type is RowType.OVERALL:
            item = replace(item, is_overall=True)
        points = [label.points for label in self.labels if label.points is not None]
        rated = len(points) >= len(self.labels) - 1 and len(points) > 1
        if not several and (scale := scale_from_labels(texts, points if rated else ())):
            self.ask_scale(row, scale, rated)
            return replace(item, kind=ItemKind.SCALE, scale=scale)
        if len(self.labels) < 2:
            self.report.warn("options_missing", row.place_of("options"), message("这一题没有选项，请补上"))
            self.report.ask(row.place, "question", "options_missing")
        return replace(
            item, kind=ItemKind.CHOICES if several else ItemKind.CHOICE, options=self.plain_options(row, texts),
            is_overall=False,
        )  # fmt: skip

    def plain_options(self, row: SheetRow, texts: list[Text]) -> tuple[DraftOption, ...]:
        options = []
        for label, text in zip(self.labels, texts, strict=True):
            is_other = is_other_label(label)
            if is_other:
                said = message("选项“{label}”旁边可以填写", label=label.label)
                self.report.warn("other_text_field", row.place_of("options"), said, label.label)
            options.append(DraftOption(text, text_length=OTHER_LENGTH if is_other else 0))
        return tuple(options)

    def ask_scale(self, row: SheetRow, scale: DraftScale, rated: bool) -> None:
        """Points that nobody states are a guess: said once for each scale, at the heading of the options."""
        self.report.ask(row.place, "question", "points_assigned")
        if rated:
            return
        column = self.heading.first("options") or next(iter(self.heading.all("option")), None)
        place = cell_place(self.sheet, self.heading.row, column.index if column else None)
        first, last = scale.options[0], scale.options[-1]
        value = f"{_label(first)}={_points(first)}…{_label(last)}={_points(last)}"
        self.report.warn("points_assigned", place, message("没有写分值，按选项的次序给了分，请核对"), value)

    def conditions(self) -> None:
        """What remarks and options say about who is asked; said in words, so it is to be looked at."""
        items = [question.item for question in self.form.questions]
        read, conditions = read_conditions(items, self.read_labels, self.sayings)
        for question, item in zip(self.form.questions, read, strict=True):
            question.item = item
        for entry in conditions:
            place = self.form.questions[entry.item].place
            self.report.ask(place, "question", entry.code)
            text = message("显示条件按文字理解，请核对")
            self.report.warn(entry.code, place, text, " ".join(entry.guessed.options))


def _without_mark(words: str) -> str:
    """A question without the number that is typed before it."""
    half = half_width(words)
    mark = number_mark(half, 0) if len(half) == len(words) else None
    return words[mark.end :].strip() or words if mark else words


def _numbers(options: tuple[str, ...]) -> tuple[int, int] | None:
    """The ends of a scale that is written as 1-10分, or as all of its numbers."""
    if len(options) == 1 and (found := _MARKS.fullmatch(options[0])):
        low, high = int(found[1]), int(found[2])
    elif len(options) > 2 and all(option.removesuffix("分").isdecimal() for option in options):
        values = sorted(int(option.removesuffix("分")) for option in options)
        if values != list(range(values[0], values[-1] + 1)):
            return None
        low, high = values[0], values[-1]
    else:
        return None
    return (low, high) if 1 < high - low < _MAX_MARKS else None


def _without_number(words: str) -> str:
    return (
        re.sub(r"^\s*(?:[一二三四五六七八九十]+|[（(][一二三四五六七八九十]+[)）]|\d+)\s*[、.．:：]?\s*", "", words)
        or words
    )


def _label(option: DraftOption) -> str:
    return next(iter(option.label.values()), "")


def _points(option: DraftOption) -> str:
    return "?" if option.points is None else f"{option.points:g}"
