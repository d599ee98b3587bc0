"""The sheet of settings, as rows of two columns or as one row under XLSForm's headings, to what stands above a form."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from survey_app.definition.categories import Categories
from survey_app.definition.languages import Text
from survey_app.definition.messages import message
from survey_app.definition.model import RetiredId

from ..draft import FormHead, Place, Section
from .cells import SheetCells, cell_place, cell_text, fold_word, spoken_rows
from .headings import Heading, SheetRole, audience_named, find_heading
from .languages import language_tag
from .report import SheetReport
from .row import Languages, SheetRow

_KEYS = {
    "name": ("问卷编号", "编号", "form_id", "id_string", "id"),
    "version": ("版本", "version"),
    "title": ("标题", "问卷标题", "form_title", "form_tittle", "title", "名称"),
    "audiences": ("对象", "填答对象", "audiences", "audience"),
    "categories": ("学校类别", "类别", "categories", "category"),
    "languages": ("语言", "languages"),
    "default_language": ("default_language",),
    "intro": ("说明语", "卷首语", "引言", "intro", "introduction"),
    "occasion": ("场合", "occasion"),
    "retired": ("停用编号", "retired"),
}  # fmt: skip
_KEY_OF = {fold_word(word): key for key, words in _KEYS.items() for word in words}
_TECHNICAL = frozenset((
    "style", "public_key", "submission_url", "instance_name", "add_none_option", "omit_instanceid", "clean_text_values",
    "allow_choice_duplicates", "xml_root", "flat", "path", "namespaces", "auto_send", "auto_delete", "sms_keyword",
))  # fmt: skip
SEPARATORS = re.compile(r"[、,，;；/\s]+")


@dataclass(slots=True)
class Settings:
    """The head of a form, and its dimensions by the word that rows of questions use for them."""

    head: FormHead = field(default_factory=FormHead)
    sections: dict[str, Section] = field(default_factory=dict)
    default_language: str = ""
    languages: tuple[str, ...] = ()


class SettingsReader:
    """Reads one sheet of settings of either shape."""

    def __init__(
        self, sheet: SheetCells, languages: Languages, categories: Categories, report: SheetReport
    ) -> None:  # fmt: skip
        self.sheet, self.languages, self.categories, self.report = sheet, languages, categories, report
        self.settings = Settings()

    def read(self) -> Settings:
        heading = find_heading(self.sheet, SheetRole.SETTINGS)
        if heading is None:
            self.row_of_headings()
            return self.settings
        for index in spoken_rows(self.sheet):
            row = SheetRow(self.sheet, heading, index, self.report)
            if index < heading.row:
                self.report.furnish(row.place)
            elif index == heading.row:
                self.report.take(row.place, "heading")
            elif self.pair(row, row.value("key")):
                self.report.take(row.place, "setting")
            else:
                self.report.leave(row.place, "setting_unknown", message("没有这一项设置"), row.value("key"))
        return self.settings

    def row_of_headings(self) -> None:
        """XLSForm: headings in the first row that says something, values in the next."""
        rows = spoken_rows(self.sheet)
        for order, index in enumerate(rows):
            place = cell_place(self.sheet, index)
            if order > 1:
                self.report.leave(place, "setting_unknown", message("设置只读表头下面的第一行"))
                continue
            self.report.take(place, "heading" if order == 0 else "setting")
        if len(rows) < 2:
            return
        for column, value in enumerate(self.sheet.rows[rows[1]]):
            words = cell_text(self.sheet.rows[rows[0]][column])
            text = cell_text(value)
            place = cell_place(self.sheet, rows[1], column)
            if not text or not words or fold_word(words) in _TECHNICAL:
                continue
            if not self.plain(words, Text.of({self.languages.tags[0]: text}), place):
                self.report.hint("setting_unknown", place, message("没有“{name}”这一项设置", name=words), text)

    def pair(self, row: SheetRow, key: str) -> bool:
        """Read one row of key and value; whether the key is known."""
        text = row.text("value", self.languages, keep_lines=True)
        place = row.place_of("value")
        if fold_word(key).startswith(("认可:", "accepted:")):
            return self.accept(re.split("[:：]", key)[1:], row.value("value"))
        if fold_word(key).startswith(("原名:", "source:")):
            return self.original(re.split("[:：]", key, maxsplit=1)[1].strip(), row.value("value"))
        if key.startswith(("维度:", "维度：", "dimension:")):
            return self.dimension(row, split_dimension_key(re.split("[:：]", key, maxsplit=1)[1]), text)
        if _KEY_OF.get(fold_word(key)) == "retired":
            return self.retire(row)
        return text is not None and self.plain(key, text, place)

    def accept(self, parts: list[str], reason: str) -> bool:
        """``认可:T1:规则`` has the reason why what the checker found may stay."""
        if len(parts) != 2 or not reason:
            return False
        subject, rule = (part.strip() for part in parts)
        head = self.settings.head
        reasons = {**head.accepted.get(subject, {}), rule: reason}
        self.settings.head = replace(head, accepted={**head.accepted, subject: reasons})
        return True

    def original(self, subject: str, name: str) -> bool:
        """``原名:Q3`` has what the source of an earlier import calls question Q3, ``原名:Q3.1`` its first option."""
        if subject and name:
            self.settings.head = replace(self.settings.head, source={**self.settings.head.source, subject: name})
        return bool(subject and name)

    def retire(self, row: SheetRow) -> bool:
        words = [text for value in self.sheet.rows[row.index][1:] if (text := cell_text(value))]
        words += [""] * 2
        retired = RetiredId(words[0], words[1])
        self.settings.head = replace(self.settings.head, retired=(*self.settings.head.retired, retired))
        return bool(words[0] and words[1])

    def plain(self, key: str, text: Text, place: Place) -> bool:
        base, _colon, audience_word = key.replace("：", ":").partition(":")
        name, words = _KEY_OF.get(fold_word(base), ""), next(iter(text.values()))
        head = self.settings.head
        if found := re.fullmatch(r"(.+?)起始年级", key):
            return self.grades_from(found[1], words, place)
        if name in ("title", "intro") and audience_word:
            return self.text_for(name, audience_word, text, place)
        if name in ("name", "version"):
            self.settings.head = replace(head, name=words) if name == "name" else replace(head, version=words)
        elif name in ("title", "intro"):
            self.settings.head = replace(head, title=text) if name == "title" else replace(head, intro=text)
        else:
            return self.list_of_words(name, words, place)
        return True

    def list_of_words(self, name: str, words: str, place: Place) -> bool:
        head = self.settings.head
        match name:
            case "audiences":
                self.settings.head = replace(head, audiences=tuple(read_audiences(words, place, self.report)))
            case "categories":
                self.settings.head = replace(head, categories=tuple(self.read_categories(words, place)))
            case "languages":
                self.settings.languages = tuple(tag for word in SEPARATORS.split(words) if (tag := language_tag(word)))
            case "occasion":
                self.settings.head = replace(head, occasion=words)
            case "default_language":
                self.settings.default_language = language_tag(words)
            case _:
                return False
        return True

    def grades_from(self, audience_word: str, grade: str, place: Place) -> bool:
        audience = audience_named(audience_word)
        if not audience:
            _unknown_audience(self.report, place, audience_word)
            return True
        grades = {**self.settings.head.grades_from, audience: grade}
        self.settings.head = replace(self.settings.head, grades_from=grades)
        return True

    def text_for(self, name: str, audience_word: str, text: Text, place: Place) -> bool:
        audience = audience_named(audience_word)
        if not audience:
            _unknown_audience(self.report, place, audience_word)
            return True
        head = self.settings.head
        if name == "title":
            self.settings.head = replace(head, title_for={**head.title_for, audience: text})
        else:
            self.settings.head = replace(head, intro_for={**head.intro_for, audience: text})
        return True

    def dimension(self, row: SheetRow, parts: list[str], text: Text | None) -> bool:
        """``维度:饭菜`` has the id and the name in other languages; with more behind it a text of the dimension."""
        label = parts[0].strip()
        section = self.settings.sections.get(label) or Section(Text.of({self.languages.tags[0]: label}))
        what = [fold_word(part) for part in parts[1:]]
        if text is None:
            return False
        if not what:
            others = {tag: words for tag, words in text.items() if tag != self.languages.tags[0]}
            named = row.value("value")
            section = replace(section, name=named, label=Text.of({**section.label, **others}))
        elif what[0] in ("引导语", "lead"):
            audience = audience_named(what[1]) if len(what) > 1 else ""
            changed = {**section.lead_for, audience: text}
            section = replace(section, lead_for=changed) if audience else replace(section, lead=text)
        elif what[0] in ("权重", "weight"):
            section = replace(section, weight=row.number("value"))
        elif audience := audience_named(what[0]):
            section = replace(section, label_for={**section.label_for, audience: text})
        else:
            return False
        self.settings.sections[label] = section
        return True

    def read_categories(self, words: str, place: Place) -> Iterator[str]:
        for word in filter(None, SEPARATORS.split(words)):
            category = self.categories.find(word)
            if category is None:
                category = next((one for one in self.categories.all if one.id == word), None)
            if category:
                yield category.id
            else:
                self.report.mistake("unknown_category", place, message("没有“{word}”这个学校类别", word=word), word)


def quoted_label(label: str) -> str:
    """Return the label of a dimension as the key of a setting has it: in quotes if it has a colon of its own.

    >>> quoted_label("课程：教学"), split_dimension_key("“课程：教学”:引导语"), split_dimension_key("“双减”：引导语")
    ('“课程：教学”', ['课程：教学', '引导语'], ['“双减”', '引导语'])
    """
    return f"“{label}”" if re.search("[:：]", label) else label


def split_dimension_key(key: str) -> list[str]:
    """Return the label of a dimension and what stands behind it, between colons."""
    if found := re.fullmatch(r"\s*“(.*[:：].*)”\s*(?:[:：](.*))?", key):
        return [found[1], *(re.split("[:：]", found[2]) if found[2] else ())]
    return re.split("[:：]", key)


def _unknown_audience(report: SheetReport, place: Place, word: str) -> None:
    report.mistake("unknown_audience", place, message("没有“{word}”这个对象", word=word), word)


def read_audiences(words: str, place: Place, report: SheetReport) -> Iterator[str]:
    """Yield the ids of the audiences that a cell names."""
    found: set[str] = set()
    for word in filter(None, SEPARATORS.split(words)):
        audience = audience_named(word)
        if audience:
            yield from {audience} - found
            found.add(audience)
        elif fold_word(word) not in ("全部", "所有", "all"):
            _unknown_audience(report, place, word)


def read_languages(heading: Heading, sheet: SheetCells) -> tuple[str, ...]:
    """Return the languages in which a sheet of questions has labels, the widely used ones only."""
    counts: dict[str, int] = {}
    for column in heading.all("label"):
        cells = [row[column.index] for row in sheet.rows[heading.row + 1 :] if column.index < len(row)]
        counts[column.language] = counts.get(column.language, 0) + sum(bool(cell_text(cell)) for cell in cells)
    most = max(counts.values(), default=0)
    return tuple(tag for tag, count in counts.items() if count and count * 2 >= most)
