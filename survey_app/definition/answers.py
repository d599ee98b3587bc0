"""What came back from a form: cleaned, checked, freed of answers to hidden items. The server decides, not the page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .answer_string import BLANK, NOT_SHOWN, AnswerColumn
from .clean_text import clean_text
from .conditions import AnyAtMost, leaves
from .form import AskedQuestion, Form, code_positions
from .kinds import Counting, answered_questions, kind_of, reaches
from .messages import Message, message
from .model import Instrument, Option, Question


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

    def is_blank(self) -> bool:
        """Whether nothing was answered; the grade alone, which a class link fills in, is no answer."""
        return not self.comments and all(
            asked.kind.counting is Counting.STRATUM
            for asked in self.form.asked
            if asked.question.id in self.codes_by_question
        )

    def any_at_most(self, dimension: str, code: str) -> bool:
        return any(self.reaches(item.id, code, or_worse=True) for item in self.form.dimension_items(dimension))

    def reaches(self, question: str, code: str, or_worse: bool) -> bool:
        return any(
            reaches(asked.question, chosen, code, or_worse)
            for asked in self.form.asked
            if asked.question.id == question
            for chosen in self.codes(question)
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the form is shown again: the question and a sentence."""

    question: str
    message: Message


def read_answers(
    form: Form, form_data: Mapping[str, Sequence[str]], grades: tuple[Option, ...] = (), enforce_required: bool = True
) -> tuple[Answers, list[Problem]]:
    """The answers in ``form_data`` (question id to the values sent), and what is wrong with them.

    Answers to items that were not visible are dropped, unless the question that decides it was left out: a page without
    scripts shows both, and the answer is kept by asking. A comment that was written counts, whatever its condition
    says. Imported answers are checked with ``enforce_required`` off.
    """
    answers = Answers(form)
    problems: list[Problem] = []
    for asked in form.asked:
        question = asked.question
        values = form_data.get(question.id, ())
        is_hidden = question.show_if is not None and not question.show_if.holds(answers)
        if is_hidden and not (asked.kind.counting is Counting.TEXT and any(values)):
            answers.hidden.add(question.id)
            if enforce_required and any(values):
                problems += _unanswered_gates(question, answers, problems)
            continue
        if (
            len(values) == 1 and values[0] in asked.symbols and not asked.option_texts
        ):  # the answer that nearly everybody gives
            answers.codes_by_question[question.id] = (values[0],)
            continue
        problem = _read_answer(asked, values, grades, answers, enforce_required)
        problem = problem or _read_option_texts(asked, form_data, answers, enforce_required)
        if problem is not None:
            problems.append(Problem(question.id, problem))
    return answers, problems


def _unanswered_gates(question: Question, answers: Answers, problems: Sequence[Problem]) -> Iterator[Problem]:
    """The questions that decide whether ``question`` is asked, as far as they were asked and left out."""
    asked_ids = answers.form.asked_ids - answers.hidden
    known_ids = {problem.question for problem in problems}
    for leaf in leaves(question.show_if) if question.show_if else ():
        gate_id = "" if isinstance(leaf, AnyAtMost) else leaf.question
        if gate_id in asked_ids - known_ids and not answers.codes(gate_id):
            yield Problem(gate_id, message("请先回答这一题：您答了取决于它的题"))


def _read_answer(
    asked: AskedQuestion,
    values: Sequence[str],
    grades: tuple[Option, ...],
    answers: Answers,
    enforce_required: bool,
) -> Message | None:
    question, kind = asked.question, asked.kind
    allowed = code_positions(kind.options(question, grades)) if kind.varies_by_school else asked.positions
    codes, texts, problem = kind.read_answer(question, values, allowed, enforce_required)
    if problem is not None:
        return problem
    if codes:
        answers.codes_by_question[question.id] = codes
        if kind.counting is Counting.STRATUM:
            answers.grade = codes[0]
    if texts:
        answers.comments.update(texts)
    return None


def _read_option_texts(
    asked: AskedQuestion, form_data: Mapping[str, Sequence[str]], answers: Answers, enforce_required: bool
) -> Message | None:
    """Keeps what was written beside options as comments of its own, which nothing connects with the answers."""
    for field_of_option in asked.option_texts:
        name, option, limit = field_of_option
        words = " ".join(clean_text("\n".join(form_data.get(name, ()))).split())
        if len(words) > limit:
            return message(
                "“{label}”最多写 {limit} 字，现在有 {length} 字，请删减",
                label=option.label, limit=limit, length=len(words),
            )  # fmt: skip
        if words and enforce_required and option.code not in answers.codes(asked.question.id):
            return message("您写了“{label}”的内容：请也选上这一项，或把文字删去", label=option.label)
        if words:
            answers.comments[name] = words
    return None


def encode_answers(answers: Answers) -> str:
    """The closed answers as one string of the instrument's fixed shape, readable with the instrument beside it.

    One character per item in the frozen order: the option's position (1 = first), ``?`` don't know, ``.`` blank,
    ``-`` not shown or not on this form; then the closed background questions, a question with several answers as one
    yes (1) or no (2) for each option.
    """
    asked_ids = answers.form.asked_ids - answers.hidden
    symbols = []
    for entry in answers.form.answered:
        question_id = entry.question.id
        if question_id not in asked_ids:
            symbols.append(NOT_SHOWN * entry.width)
        elif codes := answers.codes_by_question.get(question_id, ()):
            symbols.append(entry.symbols.get(codes[0]) or entry.kind.symbols(entry.question, codes))
        else:
            symbols.append(BLANK * entry.width)
    return "".join(symbols)


def answer_columns(instrument: Instrument) -> tuple[AnswerColumn, ...]:
    """The shape of the answer string of an instrument, character by character."""
    return tuple(
        column for question in answered_questions(instrument) for column in kind_of(question).columns(question)
    )


def decode_answers(answer_string: str, columns: Iterable[AnswerColumn]) -> dict[str, str]:
    """Codes by question id, for exports; the codes of a question with several answers are joined by ``;``."""
    codes: dict[str, str] = {}
    for column, symbol in zip(columns, answer_string, strict=True):
        code = column.code(symbol)
        codes[column.question] = ";".join(text for text in (codes.get(column.question), code) if text)
    return codes
