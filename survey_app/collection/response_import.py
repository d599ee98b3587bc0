"""Answers collected elsewhere (on paper, on another platform): all or nothing, every refused line named."""

import re
import secrets
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from survey_app.definition.answers import Answers, encode_answers, read_answers
from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.categories import Categories, Grade
from survey_app.definition.form import Form, form_for, options_of
from survey_app.definition.kinds import Counting, kind_of
from survey_app.definition.messages import Message, message
from survey_app.definition.model import Question
from survey_app.definition.reserved_ids import GRADE_COLUMN
from survey_app.distribution.models import Link
from survey_app.distribution.queries import school_grades
from survey_app.foundation.errors import UserError, user_error
from survey_app.frame.models import Wave, WaveSchool
from survey_app.frame.queries import frozen_instruments, frozen_populations, frozen_schools
from survey_app.frame.roster_columns import parse_audience

from .answer_table import AnswerTable, read_answer_table
from .models import MIN_EXCLUDED, Comment, ImportedFile, Response, SubmissionReceipt
from .queries import off_class_id

MAX_LISTED_ERRORS = 50
IMPORTED_RESPONSE_SPEED = "-"
BATCH_SIZE = 5_000


@dataclass(frozen=True, slots=True)
class _Target:
    """Where the answers of one school and audience go."""

    link_id: int
    form: Form
    structure_hash: str
    grades: tuple[Grade, ...]
    grade_codes: Mapping[str, str]
    question_ids: frozenset[str]
    text_names: frozenset[str]


@dataclass(frozen=True, slots=True)
class AnswerFault:
    """What is wrong in a row; ``column`` is empty where it is the row as a whole."""

    row: int
    column: str
    reason: Message
    value: str = ""

    def sentence(self) -> Message:
        why = self.reason
        if self.column:
            why = message("列 {column} 的值“{value}”无效：{why}", column=self.column, value=self.value, why=self.reason)
        return message("第 {row} 行：{why}", row=self.row, why=why)


@dataclass(slots=True)
class CheckedAnswers:
    """The rows of a table as they would be stored, what is wrong with them, and which answers are left out and why."""

    responses: list[dict[str, object]] = field(default_factory=list)
    receipts: list[dict[str, object]] = field(default_factory=list)
    comments: list[dict[str, object]] = field(default_factory=list)
    faults: list[AnswerFault] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    groups: Counter[tuple[str, str]] = field(default_factory=Counter)  # by school code and audience


@dataclass(frozen=True, slots=True)
class ImportedResponses:
    """How many responses were stored; ``notes`` say which answers were left out of them, and why."""

    count: int
    notes: tuple[Message, ...] = ()


def import_responses(session: Session, wave: Wave, path: Path, categories: Categories, day: date) -> ImportedResponses:
    """Stores the responses of a file. Raises :class:`UserError`; the caller decides when to commit."""
    return store_answers(session, wave, read_answer_table(path), categories, day)


def check_answers(
    session: Session, wave: Wave, table: AnswerTable, categories: Categories, day: date
) -> CheckedAnswers:
    """Return what storing the table would do. Raises :class:`UserError` if its answers were imported before."""
    same_rows = select(ImportedFile.rows).where(ImportedFile.wave_id == wave.id, ImportedFile.sha256 == table.digest())
    if session.scalar(same_rows) is not None:
        raise user_error("文件 {file} 的答卷已经导入过，不能再导入", file=table.name)
    reader = _ImportReader(session, wave, categories, day)
    for line, record in table.rows:
        reader.add_row(line, record)
    return reader.rows


def store_answers(
    session: Session, wave: Wave, table: AnswerTable, categories: Categories, day: date
) -> ImportedResponses:
    """Store all rows of the table. Raises :class:`UserError` if one of them is at fault."""
    checked = check_answers(session, wave, table, categories, day)
    if checked.faults:
        raise _import_error([fault.sentence() for fault in checked.faults])
    number = 1 + (session.scalar(select(func.max(ImportedFile.number)).where(ImportedFile.wave_id == wave.id)) or 0)
    session.add(
        ImportedFile(
            wave_id=wave.id, sha256=table.digest(), rows=len(checked.responses), number=number, name=table.name[:200],
            day=day,
        )
    )  # fmt: skip
    session.flush()
    _mark_groups(checked.responses, number)
    for model, rows in (
        (SubmissionReceipt, checked.receipts),
        (Response, checked.responses),
        (Comment, checked.comments),
    ):
        for start in range(0, len(rows), BATCH_SIZE):
            session.execute(insert(model), rows[start : start + BATCH_SIZE])
    return ImportedResponses(len(checked.responses), tuple(checked.notes))


def _mark_groups(responses: Sequence[dict[str, object]], number: int) -> None:
    """Notes the file on responses that are many enough to be left out together later, and hide each other till then.

    Nothing is noted on those whose grade is not asked either (teachers).
    """
    sizes = Counter((row["school_id"], row["audience"]) for row in responses)
    for row in responses:
        audience = str(row["audience"])
        is_large = sizes[row["school_id"], audience] >= MIN_EXCLUDED
        row["imported_file"] = number if is_large and AUDIENCES[audience].has_grades else 0


def _import_error(errors: list[Message]) -> UserError:
    more = [message("……另有 {n} 行", n=len(errors) - MAX_LISTED_ERRORS)] if len(errors) > MAX_LISTED_ERRORS else []
    return UserError(*errors[:MAX_LISTED_ERRORS], *more, message("共 {n} 处错误，没有导入任何答卷", n=len(errors)))


def plain_code(value: str) -> str:
    """An option code as it was meant: full-width digits and "5.0" are what spreadsheets make of 5."""
    folded = unicodedata.normalize("NFKC", value).strip()
    return folded[:-2] if re.fullmatch(r"\d+\.0", folded, re.ASCII) else folded


def _known_codes(target: _Target, question_id: str) -> Message | None:
    """What the cell may hold; the sentence of the form ("choose again") is for somebody with a telephone."""
    question = next(question for question in target.form.questions() if question.id == question_id)
    if not kind_of(question).is_answered_by_code:
        return None
    codes = [option.code for option in options_of(question, target.grades)]
    return message("要写选项代码：{codes}", codes=" ".join(codes)) if codes else None


def _cell_values(question: Question, cell: str, target: _Target) -> Sequence[str]:
    """What the page would have sent; codes as they were meant, texts as they were written."""
    kind = kind_of(question)
    if kind.counting is Counting.TEXT:
        return kind.cell_values(cell, target.grade_codes)
    codes_by_label = target.grade_codes if kind.counting is Counting.STRATUM else {}
    known = codes_by_label.get(cell, codes_by_label.get(plain_code(cell), cell))
    return [plain_code(value) for value in kind.cell_values(known, codes_by_label)]


class _ImportReader:
    """Checks row after row against the frozen frame of the wave."""

    def __init__(self, session: Session, wave: Wave, categories: Categories, day: date) -> None:
        self.wave = wave
        self.categories = categories
        self.day = day
        self.rows = CheckedAnswers()
        self.schools = {school.code: school for school in frozen_schools(session, wave.id)}
        self.populations = frozen_populations(session, wave.id)
        self.instruments = {
            frozen.structure_hash: frozen.instrument for frozen in frozen_instruments(session, wave.id, categories)
        }
        links = select(Link).where(Link.wave_id == wave.id).order_by(Link.class_name.desc(), Link.id.desc())
        self.links = {(link.school_id, link.audience): link for link in session.scalars(links)}  # the school's, if any
        self.targets: dict[tuple[str, str], _Target | Message] = {}
        self.all_ids = {name for instrument in self.instruments.values() for name in instrument.ids()}

    def add_row(self, line: int, record: Mapping[str, str]) -> None:
        audience = parse_audience(record["audience"]) or record["audience"]
        key = (record["school_code"], audience)
        if key not in self.targets:
            self.targets[key] = self._target(*key)
        target = self.targets[key]
        if isinstance(target, Message):
            self.rows.faults.append(AnswerFault(line, "", target))
            return
        if unknown := [name for name, value in record.items() if value and not self._is_known_column(name, target)]:
            why = message("列 {columns} 不在这份问卷里", columns=", ".join(unknown))
            self.rows.faults.append(AnswerFault(line, "", why))
            return
        self._add_response(line, record, self.schools[key[0]], target)

    def _target(self, code: str, audience: str) -> _Target | Message:
        school = self.schools.get(code)
        if school is None:
            padded = next((known for known in self.schools if code and known.lstrip("0") == code.lstrip("0")), None)
            if padded:
                return message(
                    "学校代码“{code}”不在本批次名册里；是否应为 {padded}（前面的 0 丢失了）", code=code, padded=padded
                )
            return message("学校代码“{code}”不在本批次名册里", code=code)
        link = self.links.get((school.school_id, audience))
        if link is None:
            return message("学校 {code} 没有对象“{audience}”", code=code, audience=audience)
        instrument = self.instruments[link.structure_hash]
        form = form_for(instrument, audience)
        populations = self.populations.get((school.school_id, audience), {})
        grades = school_grades(populations, instrument, self.categories, school.category, audience)
        grade_codes = {name: grade.code for grade in grades
                 for name in (grade.code, *grade.label.values(), *grade.synonyms)}  # fmt: skip
        question_ids = frozenset(question.id for question in form.questions())
        text_names = frozenset(text.name for asked in form.asked for text in asked.option_texts)
        link_id = off_class_id(link.id, link.class_name)
        return _Target(link_id, form, link.structure_hash, grades, grade_codes, question_ids, text_names)

    def _is_known_column(self, name: str, target: _Target) -> bool:
        known = ("school_code", "audience", *((GRADE_COLUMN,) if target.form.asks_grade() else ()))
        return name in known or name in target.question_ids or name in target.text_names

    def _add_response(self, line: int, record: Mapping[str, str], school: WaveSchool, target: _Target) -> None:
        answers, problems = read_answers(
            target.form, self._form_data(record, target), target.grades, enforce_required=False
        )
        if problems:
            for problem in problems:
                value = record.get(problem.question, "")
                why = _known_codes(target, problem.question) or problem.message
                self.rows.faults.append(AnswerFault(line, problem.question, why, value))
            return
        self._note_unshown(line, record, target, answers)
        self._note_broken_rules(line, target, answers)
        school_key = {"wave_id": self.wave.id, "school_id": school.school_id}
        audience = target.form.audience
        self.rows.groups[school.code, audience] += 1
        self.rows.receipts.append(
            school_key | {"submission_hash": secrets.token_bytes(16), "link_id": target.link_id, "day": self.day,
                     "code_hash": None}
        )  # fmt: skip
        self.rows.responses.append(
            school_key
            | {
                "id": secrets.token_bytes(16),
                "audience": audience,
                "structure_hash": target.structure_hash,
                "grade": answers.grade,
                "answers": encode_answers(answers),
                "response_speed": IMPORTED_RESPONSE_SPEED,
            }
        )
        self.rows.comments += [
            school_key | {"id": secrets.token_bytes(16), "audience": audience, "question": question, "text": text}
            for question, text in answers.comments.items()
        ]

    def _note_unshown(self, line: int, record: Mapping[str, str], target: _Target, answers: Answers) -> None:
        """Answers to questions that the other answers hide are left out, as the form does; here that is said."""
        for question in target.form.questions():
            if record.get(question.id) and question.id in answers.hidden:
                self.rows.notes.append(
                    message("第 {row} 行：列 {column} 按前面的回答不该填，没有计入", row=line, column=question.id)
                )

    def _note_broken_rules(self, line: int, target: _Target, answers: Answers) -> None:
        """More options than may be chosen together: on paper it has happened, so it is kept and said."""
        for question in target.form.questions():
            codes = answers.codes(question.id)
            if codes and kind_of(question).broken_rule(question, codes):
                chosen = " ".join(codes)
                self.rows.notes.append(
                    message("第 {row} 行：列 {column} 的选项不该一起选（{codes}），照原样计入",
                            row=line, column=question.id, codes=chosen)
                )  # fmt: skip

    def _form_data(self, record: Mapping[str, str], target: _Target) -> dict[str, Sequence[str]]:
        form_data: dict[str, Sequence[str]] = {}
        for question in target.form.questions():
            cell = record.get(question.id, "")
            if not cell and kind_of(question).counting is Counting.STRATUM:
                cell = record.get(GRADE_COLUMN, "")  # as the export calls it, whatever the id of the question
            form_data[question.id] = _cell_values(question, cell, target)
        form_data |= {name: (record[name],) for name in target.text_names if record.get(name)}
        return form_data
