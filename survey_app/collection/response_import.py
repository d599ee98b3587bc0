"""Answers collected elsewhere (on paper, on another platform): all or nothing, every refused line named."""

import csv
import hashlib
import io
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey_app.definition.answers import encoded, read_answers
from survey_app.definition.categories import Categories, Grade
from survey_app.definition.form import Form, form_for
from survey_app.definition.messages import Message, message
from survey_app.definition.model import Background, CommentQuestion
from survey_app.distribution.models import Link
from survey_app.distribution.queries import school_grades
from survey_app.foundation.errors import Refused, refused
from survey_app.frame.models import Wave, WaveSchool
from survey_app.frame.queries import frozen_instruments, frozen_populations, frozen_schools
from survey_app.frame.roster_columns import audience_named, column_letters

from .models import Comment, ImportedFile, Response, Spent

MAX_NAMED = 50
IMPORTED_PACE = "-"
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class _Target:
    """Where the answers of one school and audience go."""

    link_id: int
    form: Form
    structure_hash: str
    grades: tuple[Grade, ...]
    grade_codes: Mapping[str, str]
    known: frozenset[str]


@dataclass(slots=True)
class _Rows:
    responses: list[dict[str, object]] = field(default_factory=list)
    roll_call: list[dict[str, object]] = field(default_factory=list)
    comments: list[dict[str, object]] = field(default_factory=list)
    refused: list[Message] = field(default_factory=list)


def import_responses(session: Session, wave: Wave, path: Path, categories: Categories, day: date) -> int:
    """The number of responses that were stored. Raises :class:`Refused`; the caller decides when to commit."""
    raw = _bytes(path)
    digest = hashlib.sha256(raw).hexdigest()
    known_file = select(ImportedFile.rows).where(ImportedFile.wave_id == wave.id, ImportedFile.sha256 == digest)
    if session.scalar(known_file) is not None:
        raise refused("文件 {file} 已经导入过，不能再导入", file=path.name)
    records = _records(raw, path.name)
    reader = _Reader(session, wave, categories, day)
    for line, record in records:
        reader.row(line, record)
    rows = reader.rows
    if rows.refused:
        raise _refusal(rows.refused)
    session.add(ImportedFile(wave_id=wave.id, sha256=digest, rows=len(rows.responses)))
    session.flush()
    for table, found in ((Spent, rows.roll_call), (Response, rows.responses), (Comment, rows.comments)):
        for start in range(0, len(found), BATCH):
            session.execute(insert(table), found[start : start + BATCH])
    return len(rows.responses)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise refused("无法读取文件 {file}：{why}", file=str(path), why=error.strerror or "") from error


def _refusal(lines: list[Message]) -> Refused:
    more = [message("……另有 {n} 行", n=len(lines) - MAX_NAMED)] if len(lines) > MAX_NAMED else []
    return Refused(*lines[:MAX_NAMED], *more, message("共 {n} 处错误，没有导入任何答卷", n=len(lines)))


def _records(raw: bytes, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The line where each row begins, and its cells; cells beyond the heading are named after their column."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise refused("{file} 既不是 UTF-8 也不是 GBK 编码，请另存为 UTF-8 的 csv", file=name)
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        columns = [column.strip() for column in next(reader, [])]
        if missing := [column for column in ("school_code", "audience") if column not in columns]:
            raise refused("{file} 缺少列：{columns}", file=name, columns=", ".join(missing))
        if twice := [column for column, n in Counter(filter(None, columns)).items() if n > 1]:
            raise refused("{file} 的列写了两次：{columns}", file=name, columns=", ".join(twice))
        yield from _numbered(reader, columns, name)
    except csv.Error as error:
        raise refused("{file} 不是格式正确的 csv：{why}", file=name, why=str(error)) from error


def _numbered(reader: Any, columns: list[str], name: str) -> Iterator[tuple[int, dict[str, str]]]:
    found, line = False, reader.line_num + 1
    for cells in reader:
        beyond = range(len(columns), len(cells))
        names = [column or column_letters(at) for at, column in enumerate(columns)]
        names += [column_letters(at) for at in beyond]
        values = [cell.strip() for cell in cells] + [""] * (len(columns) - len(cells))
        if any(values):
            found = True
            yield line, dict(zip(names, values, strict=True))
        line = reader.line_num + 1
    if not found:
        raise refused("{file} 没有答卷", file=name)


class _Reader:
    """Checks row after row against the frozen frame of the wave."""

    def __init__(self, session: Session, wave: Wave, categories: Categories, day: date) -> None:
        self.wave = wave
        self.categories = categories
        self.day = day
        self.rows = _Rows()
        self.schools = {school.code: school for school in frozen_schools(session, wave.id)}
        self.populations = frozen_populations(session, wave.id)
        self.instruments = {
            frozen.structure_hash: frozen.instrument for frozen in frozen_instruments(session, wave.id, categories)
        }
        whole_school = select(Link).where(Link.wave_id == wave.id, Link.class_name == "")
        self.links = {(link.school_id, link.audience): link for link in session.scalars(whole_school)}
        self.targets: dict[tuple[str, str], _Target | Message] = {}
        self.all_ids = {name for instrument in self.instruments.values() for name in instrument.ids()}

    def row(self, line: int, record: Mapping[str, str]) -> None:
        audience = audience_named(record["audience"]) or record["audience"]
        key = (record["school_code"], audience)
        if key not in self.targets:
            self.targets[key] = self._target(*key)
        target = self.targets[key]
        if isinstance(target, Message):
            self._refuse(line, target)
            return
        if strange := [name for name, value in record.items() if value and not self._belongs(name, target)]:
            self._refuse(line, message("列 {columns} 不在这份问卷里", columns=", ".join(strange)))
            return
        self._accept(line, record, self.schools[key[0]], target)

    def _target(self, code: str, audience: str) -> _Target | Message:
        school = self.schools.get(code)
        if school is None:
            return message("学校代码“{code}”不在本批次名册里", code=code)
        link = self.links.get((school.school_id, audience))
        if link is None:
            return message("学校 {code} 没有对象“{audience}”", code=code, audience=audience)
        instrument = self.instruments[link.structure_hash]
        form = form_for(instrument, audience)
        populations = self.populations.get((school.school_id, audience), {})
        grades = school_grades(populations, instrument, self.categories, school.category, audience)
        names = {name: grade.code for grade in grades
                 for name in (grade.code, grade.label.zh, grade.label.en, *grade.synonyms)}  # fmt: skip
        known = frozenset(question.id for question in form.questions())
        return _Target(link.id, form, link.structure_hash, grades, names, known)

    def _belongs(self, name: str, target: _Target) -> bool:
        return name in ("school_code", "audience") or name in target.known

    def _accept(self, line: int, record: Mapping[str, str], school: WaveSchool, target: _Target) -> None:
        answers, problems = read_answers(
            target.form, self._fields(record, target), target.grades, enforce_required=False
        )
        if problems:
            for problem in problems:
                value = record.get(problem.question, "")
                self._refuse(
                    line, message("列 {column} 的值“{value}”无效：{why}", column=problem.question, value=value,
                                  why=problem.message)
                )  # fmt: skip
            return
        place = {"wave_id": self.wave.id, "school_id": school.school_id}
        audience = target.form.audience
        self.rows.roll_call.append(
            place | {"submission_hash": secrets.token_bytes(16), "link_id": target.link_id, "day": self.day,
                     "code_hash": None}
        )  # fmt: skip
        self.rows.responses.append(
            place | {"id": secrets.token_bytes(16), "audience": audience, "structure_hash": target.structure_hash,
                     "grade": answers.grade, "answers": encoded(answers), "pace": IMPORTED_PACE}
        )  # fmt: skip
        self.rows.comments += [
            place | {"id": secrets.token_bytes(16), "audience": audience, "question": question, "text": text}
            for question, text in answers.comments.items()
        ]

    def _fields(self, record: Mapping[str, str], target: _Target) -> dict[str, Sequence[str]]:
        found: dict[str, Sequence[str]] = {}
        for question in target.form.questions():
            value = record.get(question.id, "")
            if isinstance(question, CommentQuestion):
                found[question.id] = (value,)
            elif isinstance(question, Background) and question.kind == "grade":
                found[question.id] = (target.grade_codes.get(value, value),)
            elif isinstance(question, Background) and question.kind == "choices":
                found[question.id] = value.replace("；", ";").split(";")
            else:
                found[question.id] = (value,)
        return found

    def _refuse(self, line: int, why: Message) -> None:
        self.rows.refused.append(message("第 {row} 行：{why}", row=line, why=why))
