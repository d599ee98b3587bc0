"""Answers collected elsewhere (on paper, on another platform): all or nothing, every refused line named."""

import hashlib
import json
import re
import secrets
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
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
from survey_app.foundation.text_file import decode_text, parse_rows, read_bytes
from survey_app.frame.models import Wave, WaveSchool
from survey_app.frame.queries import frozen_instruments, frozen_populations, frozen_schools
from survey_app.frame.roster_columns import column_letters, parse_audience

from .models import MIN_EXCLUDED, Comment, ImportedFile, Response, SubmissionReceipt

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


@dataclass(slots=True)
class _PendingRows:
    responses: list[dict[str, object]] = field(default_factory=list)
    receipts: list[dict[str, object]] = field(default_factory=list)
    comments: list[dict[str, object]] = field(default_factory=list)
    errors: list[Message] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ImportedResponses:
    """How many responses were stored; ``notes`` say which answers were left out of them, and why."""

    count: int
    notes: tuple[Message, ...] = ()


def import_responses(session: Session, wave: Wave, path: Path, categories: Categories, day: date) -> ImportedResponses:
    """Stores the responses of a file. Raises :class:`UserError`; the caller decides when to commit."""
    records = list(_read_records(path))
    digest = _digest(records)
    same_rows = select(ImportedFile.rows).where(ImportedFile.wave_id == wave.id, ImportedFile.sha256 == digest)
    if session.scalar(same_rows) is not None:
        raise user_error("文件 {file} 的答卷已经导入过，不能再导入", file=path.name)
    reader = _ImportReader(session, wave, categories, day)
    for line, record in records:
        reader.add_row(line, record)
    pending = reader.rows
    if pending.errors:
        raise _import_error(pending.errors)
    number = 1 + (session.scalar(select(func.max(ImportedFile.number)).where(ImportedFile.wave_id == wave.id)) or 0)
    session.add(
        ImportedFile(
            wave_id=wave.id, sha256=digest, rows=len(pending.responses), number=number, name=path.name[:200], day=day
        )
    )
    session.flush()
    _mark_groups(pending.responses, number)
    for table, table_rows in (
        (SubmissionReceipt, pending.receipts),
        (Response, pending.responses),
        (Comment, pending.comments),
    ):
        for start in range(0, len(table_rows), BATCH_SIZE):
            session.execute(insert(table), table_rows[start : start + BATCH_SIZE])
    return ImportedResponses(len(pending.responses), tuple(pending.notes))


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


def _digest(records: Sequence[tuple[int, Mapping[str, str]]]) -> str:
    """Of what the rows say, so that the same answers saved in another way are the same (faults X-F7, C-F9)."""
    rows = [sorted((name, value) for name, value in record.items() if value) for _line, record in records]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=True).encode()).hexdigest()


def _read_records(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The line where each row begins, and its cells; cells beyond the heading are named after their column."""
    rows = parse_rows(decode_text(read_bytes(path), path.name), path.name)
    columns = [cell.strip() for cell in next(rows, (1, []))[1]]
    if missing := [column for column in ("school_code", "audience") if column not in columns]:
        raise user_error("{file} 缺少列：{columns}", file=path.name, columns=", ".join(missing))
    if duplicates := [column for column, n in Counter(filter(None, columns)).items() if n > 1]:
        raise user_error("{file} 的列写了两次：{columns}", file=path.name, columns=", ".join(duplicates))
    has_rows = False
    for line, cells in rows:
        extra_columns = range(len(columns), len(cells))
        names = [column or column_letters(index) for index, column in enumerate(columns)]
        names += [column_letters(index) for index in extra_columns]
        values = [cell.strip() for cell in cells] + [""] * (len(columns) - len(cells))
        if any(values):
            has_rows = True
            yield line, dict(zip(names, values, strict=True))
    if not has_rows:
        raise user_error("{file} 没有答卷", file=path.name)


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
        self.rows = _PendingRows()
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
            self._add_error(line, target)
            return
        if unknown := [name for name, value in record.items() if value and not self._is_known_column(name, target)]:
            self._add_error(line, message("列 {columns} 不在这份问卷里", columns=", ".join(unknown)))
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
        return _Target(link.id, form, link.structure_hash, grades, grade_codes, question_ids, text_names)

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
                self._add_error(
                    line, message("列 {column} 的值“{value}”无效：{why}", column=problem.question, value=value, why=why)
                )
            return
        self._note_unshown(line, record, target, answers)
        self._note_broken_rules(line, target, answers)
        school_key = {"wave_id": self.wave.id, "school_id": school.school_id}
        audience = target.form.audience
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

    def _add_error(self, line: int, reason: Message) -> None:
        self.rows.errors.append(message("第 {row} 行：{why}", row=line, why=reason))
