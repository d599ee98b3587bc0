"""What came back from a form: cleaned, checked, freed of answers to hidden items. The server decides, not the page."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .conditions import Comparison, leaves
from .form import Form
from .messages import Message, message
from .model import BackgroundQuestion, CommentQuestion, Instrument, Item, Option

BLANK, NOT_SHOWN, DONT_KNOW = ".", "-", "?"
POSITIONS = "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIRECTION_MARKS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


@dataclass(slots=True)
class Answers:
    """The valid answers of one respondent: chosen codes and comments by question id; hidden ones are not in it."""

    form: Form
    codes_by_question: dict[str, tuple[str, ...]] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    grade: str = ""

    def codes(self, question: str) -> tuple[str, ...]:
        return self.codes_by_question.get(question, ())

    def any_at_most(self, dimension: str, code: str) -> bool:
        for section in self.form.sections:
            if section.dimension is not None and section.dimension.id == dimension:
                return any(self._is_at_most(item, code) for item in section.questions if isinstance(item, Item))
        return False

    def _is_at_most(self, item: Item, code: str) -> bool:
        limit_position = item.scale.position(code)
        scored_points = [
            point for chosen_code in self.codes(item.id) if (point := item.scored_point(chosen_code)) is not None
        ]
        return limit_position is not None and any(
            point.points <= item.scale.points[limit_position].points for point in scored_points
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the form is shown again: the question and a sentence."""

    question: str
    message: Message


def read_answers(
    form: Form, form_data: Mapping[str, Sequence[str]], grades: tuple[Option, ...] = (), enforce_required: bool = True
) -> tuple[Answers, list[Problem]]:
    """The answers in ``fields`` (question id to the values sent), and what is wrong with them.

    Answers to items that were not visible are dropped, unless the question that decides it was left out: a page without
    scripts shows both, and the answer is kept by asking. A comment that was written counts, whatever its condition
    says. Imported answers are checked with ``enforce_required`` off.
    """
    answers = Answers(form)
    problems: list[Problem] = []
    for question in form.questions():
        values = form_data.get(question.id, ())
        is_hidden = question.show_if is not None and not question.show_if.holds(answers)
        if isinstance(question, CommentQuestion):
            if is_hidden and not any(values):
                answers.hidden.add(question.id)
            else:
                _read_comment(question, values, answers, problems)
        elif is_hidden:
            answers.hidden.add(question.id)
            if enforce_required and any(values):
                problems += _unanswered_gates(question, answers, problems)
        else:
            _read_choice(question, values, grades, answers, problems, enforce_required)
    return answers, problems


def _unanswered_gates(
    question: Item | BackgroundQuestion, answers: Answers, problems: Sequence[Problem]
) -> Iterator[Problem]:
    """The questions that decide whether ``question`` is asked, as far as they were asked and left out."""
    asked_ids = {asked.id for asked in answers.form.questions()} - answers.hidden
    known_ids = {problem.question for problem in problems}
    for leaf in leaves(question.show_if) if question.show_if else ():
        gate_id = leaf.question if isinstance(leaf, Comparison) else ""
        if gate_id in asked_ids - known_ids and not answers.codes(gate_id):
            yield Problem(gate_id, message("请先回答这一题：您答了取决于它的题"))


def _read_choice(
    question: Item | BackgroundQuestion,
    values: Sequence[str],
    grades: tuple[Option, ...],
    answers: Answers,
    problems: list[Problem],
    enforce_required: bool,
) -> None:
    kind = question.kind if isinstance(question, BackgroundQuestion) else "item"
    allowed = (
        dict.fromkeys(grade.code for grade in grades) if kind == "grade" else answers.form.code_positions[question.id]
    )
    codes = values if len(values) == 1 and values[0] in allowed else [value for value in values if value]
    if not allowed.keys() >= set(codes):
        problems.append(Problem(question.id, message("这个选项无效，请重新选择")))
    elif len(codes) > 1 and kind != "choices":
        problems.append(Problem(question.id, message("这一题只能选一项，请重新选择")))
    elif codes:
        answers.codes_by_question[question.id] = (
            tuple(codes) if len(codes) == 1 else tuple(c for c in allowed if c in codes)
        )
        if kind == "grade":
            answers.grade = codes[0]
    elif question.required and enforce_required and allowed:
        problems.append(Problem(question.id, message("这一题还没有回答")))


def _read_comment(question: CommentQuestion, values: Sequence[str], answers: Answers, problems: list[Problem]) -> None:
    text = clean_text("\n".join(values))
    if len(text) > question.max_length:
        problems.append(
            Problem(
                question.id,
                message("最多 {limit} 字，现在有 {length} 字，请删减", limit=question.max_length, length=len(text)),
            )
        )
    elif text:
        answers.comments[question.id] = text


def clean_text(text: str) -> str:
    """The text as both database engines can keep it: no NUL, control, surrogate or direction marks; NFC.

    >>> clean_text("好\\x00的\\ud800 ")
    '好的'
    """
    characters = "".join(
        letter
        for letter in text.replace("\r\n", "\n").replace("\r", "\n")
        if letter == "\n" or (unicodedata.category(letter) not in ("Cc", "Cs") and letter not in _DIRECTION_MARKS)
    )
    return unicodedata.normalize("NFC", characters).strip()


def encode_answers(answers: Answers) -> str:
    """The closed answers as one string of the instrument's fixed shape, readable with the instrument beside it.

    One character an item in the frozen order: the option's position (1 = first), ``?`` don't know, ``.`` blank,
    ``-`` not shown or not on this form; then the closed background questions, a question with several answers as one
    yes (1) or no (2) for each option.
    """
    instrument = answers.form.instrument
    asked_ids = {question.id for question in answers.form.questions()} - answers.hidden
    symbols = [_item_symbol(item, answers, asked_ids) for item in instrument.scored_items()]
    symbols += [_background_symbols(question, answers, asked_ids) for question in instrument.closed_background()]
    return "".join(symbols)


def _item_symbol(item: Item, answers: Answers, asked_ids: set[str]) -> str:
    if item.id not in asked_ids:
        return NOT_SHOWN
    codes = answers.codes(item.id)
    if not codes:
        return BLANK
    position = answers.form.code_positions[item.id][codes[0]]
    return POSITIONS[position] if position < len(item.scale.points) else DONT_KNOW


def _background_symbols(question: BackgroundQuestion, answers: Answers, asked_ids: set[str]) -> str:
    width = len(question.options) if question.kind == "choices" else 1
    if question.id not in asked_ids:
        return NOT_SHOWN * width
    codes = answers.codes(question.id)
    if not codes:
        return BLANK * width
    if question.kind == "choices":
        return "".join("1" if option.code in codes else "2" for option in question.options)
    return POSITIONS[[option.code for option in question.options].index(codes[0])]


@dataclass(frozen=True, slots=True)
class AnswerColumn:
    """One character of the answer string: an item, a background question, or one option of a ``choices`` question."""

    question: str
    codes: tuple[str, ...]
    dont_know: str = ""
    option: str = ""

    def code(self, symbol: str) -> str:
        """The code that a sign stands for; empty for blank, not shown, and an option that was not chosen."""
        if symbol in (BLANK, NOT_SHOWN):
            return ""
        if self.option:
            return self.option if symbol == "1" else ""
        return self.dont_know if symbol == DONT_KNOW else self.codes[POSITIONS.index(symbol)]


def answer_columns(instrument: Instrument) -> tuple[AnswerColumn, ...]:
    """The shape of the answer string of an instrument, character by character."""
    columns = []
    for item in instrument.scored_items():
        not_applicable = item.scale.not_applicable
        columns.append(
            AnswerColumn(
                item.id, tuple(point.code for point in item.scale.points), not_applicable.code if not_applicable else ""
            )
        )
    for question in instrument.closed_background():
        codes = tuple(option.code for option in question.options)
        is_multiple = question.kind == "choices"
        columns += [AnswerColumn(question.id, ("1", "2"), option=code) for code in codes] if is_multiple else []
        columns += [] if is_multiple else [AnswerColumn(question.id, codes)]
    return tuple(columns)


def decode_answers(answer_string: str, columns: Iterable[AnswerColumn]) -> dict[str, str]:
    """Codes by question id, for exports; the codes of a question with several answers are joined by ``;``."""
    codes: dict[str, str] = {}
    for column, symbol in zip(columns, answer_string, strict=True):
        code = column.code(symbol)
        codes[column.question] = ";".join(text for text in (codes.get(column.question), code) if text)
    return codes
