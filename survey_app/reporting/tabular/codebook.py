"""What the columns of a table of answers mean: for files of statistics programs, and as a DDI codebook."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.categories import Categories
from survey_app.definition.kinds import Counting, kind_of
from survey_app.definition.model import Instrument, Item, Question
from survey_app.definition.reserved_ids import GRADE_COLUMN
from survey_app.definition.school_name import with_school
from survey_app.foundation.translation import _, language, render

DDI_NAMESPACE, DDI_VERSION = "ddi:codebook:2_5", "2.5"
MAX_LABEL = 120  # bytes that every program keeps of a label
_RESERVED = frozenset(["ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"])
YES, NO = "1", "0"


@dataclass(frozen=True, slots=True)
class Variable:
    """A column as analysts get it: one for each question, or for each option where several may be chosen.

    ``column`` is that of the export, whose cell says YES to ``option``, where there is one. ``missing`` are codes that
    are no answer to the question, such as "don't know".
    """

    name: str
    column: str
    label: str = ""
    values: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    option: str = ""

    @property
    def is_numeric(self) -> bool:
        """Whether every code is a whole number."""
        return bool(self.values) and all(re.fullmatch(r"0|[1-9]\d{0,8}", code) for code, _label in self.values)

    def value(self, cell: str) -> str:
        """The code in a cell of the export; empty where nothing was answered or may be read."""
        if not self.option:
            return cell
        return (YES if self.option in cell.split(";") else NO) if cell else ""


def plain_variables(columns: Sequence[str]) -> tuple[Variable, ...]:
    """Columns of which only the names are known."""
    names = _unique_names(columns)
    return tuple(Variable(name, column) for name, column in zip(names, columns, strict=True))


def response_variables(
    columns: Sequence[str], instruments: Sequence[Instrument], categories: Categories
) -> tuple[Variable, ...]:
    """The columns of a row export with the words of the questionnaires, in the language of this moment.

    Where two questionnaires word a question differently, both wordings stand there.
    """
    questions: dict[str, list[Question]] = {}
    for instrument in instruments:
        for question in instrument.questions():
            column = GRADE_COLUMN if kind_of(question).counting is Counting.STRATUM else question.id
            questions.setdefault(column, []).append(question)
    found = [variable for column in columns for variable in _of_column(column, questions.get(column, []), categories)]
    names = _unique_names([variable.name for variable in found])
    return tuple(
        Variable(name, old.column, old.label, old.values, old.missing, old.option)
        for name, old in zip(names, found, strict=True)
    )


def _of_column(column: str, questions: Sequence[Question], categories: Categories) -> Iterator[Variable]:
    if column == "school_code":
        yield Variable(column, column, _("学校代码"))
    elif column == "audience":
        yield Variable(column, column, _("对象"), tuple((entry.id, render(entry.label)) for entry in AUDIENCES))
    elif column == GRADE_COLUMN:
        grades = ((grade.code, grade.label.in_language(language())) for entry in categories.all
                  for grade in entry.grades)  # fmt: skip
        yield Variable(column, column, _("年级"), _merged(grades))
    elif questions:
        yield from _of_questions(column, questions)
    else:
        yield Variable(column, column)


def _of_questions(column: str, questions: Sequence[Question]) -> Iterator[Variable]:
    texts = (question.text_for_audience(audience) for question in questions for audience in question.audiences)
    words = dict.fromkeys(with_school(text.in_language(language()), _("这所学校")) for text in texts)
    label = " / ".join(words)
    options = [option for question in questions for option in kind_of(question).options(question, ())]
    values = _merged((option.code, option.label.in_language(language())) for option in options)
    if not any(kind_of(question).takes_several for question in questions):
        missing = dict.fromkeys(
            question.scale.not_applicable.code
            for question in questions
            if isinstance(question, Item) and question.scale.not_applicable
        )
        yield Variable(column, column, label, values, tuple(missing))
        return
    for code, words_of_option in values:
        yes_or_no = ((NO, _("没选")), (YES, _("选了")))
        yield Variable(f"{column}_{code}", column, f"{label}: {words_of_option}", yes_or_no, option=code)


def _merged(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """One label a code; where it has several, all of them."""
    labels: dict[str, dict[str, None]] = {}
    for code, label in pairs:
        labels.setdefault(code, {})[label] = None
    return tuple((code, " / ".join(words)) for code, words in labels.items())


def _unique_names(names: Sequence[str]) -> list[str]:
    """Names that every program takes: letters, digits and underscores, no word of its language, none twice."""
    found: dict[str, None] = {}
    for name in names:
        plain = re.sub(r"[^A-Za-z0-9_]", "_", name)
        plain = f"{plain}_" if plain.upper() in _RESERVED else plain
        number = 2
        unique = plain
        while unique.lower() in {other.lower() for other in found}:
            unique, number = f"{plain}_{number}", number + 1
        found[unique] = None
    return list(found)


def short_label(label: str) -> str:
    """A label within :data:`MAX_LABEL` bytes, cut at a character."""
    return label.encode()[:MAX_LABEL].decode(errors="ignore")


def ddi_codebook(title: str, variables: Sequence[Variable]) -> bytes:
    """The codebook as DDI-Codebook XML: what each variable asks and what its codes mean; not a single count."""
    root = ElementTree.Element("codeBook", {"xmlns": DDI_NAMESPACE, "version": DDI_VERSION})
    study = ElementTree.SubElement(root, "stdyDscr")
    titles = ElementTree.SubElement(ElementTree.SubElement(study, "citation"), "titlStmt")
    ElementTree.SubElement(titles, "titl").text = title
    data = ElementTree.SubElement(root, "dataDscr")
    for number, variable in enumerate(variables, 1):
        element = ElementTree.SubElement(data, "var", {"ID": f"V{number}", "name": variable.name})
        if variable.label:
            ElementTree.SubElement(element, "labl").text = variable.label
        for code, label in variable.values:
            category = ElementTree.SubElement(element, "catgry")
            if code in variable.missing:
                category.set("missing", "Y")
            ElementTree.SubElement(category, "catValu").text = code
            ElementTree.SubElement(category, "labl").text = label
        ElementTree.SubElement(element, "varFormat", {"type": "numeric" if variable.is_numeric else "character"})
    ElementTree.indent(root, " ")
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
