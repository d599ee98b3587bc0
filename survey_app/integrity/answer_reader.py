"""Reading stored answers: one text per school and grade, never rows as objects, one school at a time."""

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, LargeBinary, bindparam, case, cast, func, literal, select
from sqlalchemy.orm import Session

from survey_app.collection.models import Response
from survey_app.collection.queries import counted
from survey_app.measurement.scoring import Scoring

SchoolRows = TypeVar("SchoolRows")
ScoredInstrument = tuple[str, Scoring]  # structure hash, and how its answers become points


class AnswerText(NamedTuple):
    """Answer strings of one grade (and half of its classes), one after the other, of the request with this number."""

    request: int
    grade: str
    text: bytes
    half: str = ""


def read_answers(
    session: Session, wave_id: int, requests: Sequence[ScoredInstrument], with_speed: bool = False,
    with_halves: bool = False,
) -> Generator[tuple[int, int, list[AnswerText]]]:  # fmt: skip
    """Return the share that is read (0–100) and each school with its answers, every response once.

    One statement a school, so that memory depends on the largest school and not on the wave. ``with_speed`` appends
    the response speed to each answer string; ``with_halves`` keeps the halves of classes apart, until the seal.
    """
    if not requests:
        return
    cases = [
        ((Response.audience == scoring.audience) & (Response.structure_hash == structure_hash), f"{number}/")
        for number, (structure_hash, scoring) in enumerate(requests)
    ]
    half = Response.half if with_halves else literal("")
    key = (case(*cases) + half + "/" + Response.grade).label(
        "key"
    )  # one short key: sorting by three columns takes longer
    answers = Response.answers + Response.response_speed if with_speed else Response.answers.expression
    filters = (Response.wave_id == wave_id, Response.school_id == bindparam("school"), *counted(session, wave_id))
    statement = select(key, _concat_texts(session, answers)).where(*filters).group_by(key)
    schools = schools_with_answers(session, wave_id)
    prefetched = _prefetch(schools, lambda school: session.execute(statement, {"school": school}).all())
    try:
        for number, (school, groups) in enumerate(prefetched, start=1):
            texts = [_answer_text(row_key, text) for row_key, text in groups if row_key is not None]
            yield 100 * number // len(schools), school, texts
    finally:
        prefetched.close()


def _answer_text(key: str, text: str | bytes) -> AnswerText:
    number, half, grade = key.split("/", 2)
    return AnswerText(int(number), grade, text if isinstance(text, bytes) else text.encode("ascii"), half)


def _prefetch(
    schools: Sequence[int], read: Callable[[int], SchoolRows]
) -> Generator[tuple[int, SchoolRows], None, None]:
    """Each school with what was read of it; the next one is read while this one is counted."""
    with ThreadPoolExecutor(1) as reader:
        pending = [reader.submit(read, school) for school in schools[:1]]
        for number, school in enumerate(schools):
            result = pending.pop().result()
            pending += [reader.submit(read, next_school) for next_school in schools[number + 1 : number + 2]]
            yield school, result


def schools_with_answers(session: Session, wave_id: int) -> list[int]:
    """The schools with answers, one step along the key for each: no answer is read to find them."""
    in_wave = Response.wave_id == wave_id
    steps = select(func.min(Response.school_id).label("school")).where(in_wave).cte("steps", recursive=True)
    next_school = select(func.min(Response.school_id)).where(in_wave, Response.school_id > steps.c.school)
    steps = steps.union_all(select(next_school.scalar_subquery()).where(steps.c.school.is_not(None)))
    return list(session.scalars(select(steps.c.school).where(steps.c.school.is_not(None))))


def _concat_texts(session: Session, text: ColumnElement[str]) -> ColumnElement[Any]:
    """All texts of a group one after the other: bytes from SQLite, text from PostgreSQL."""
    if session.get_bind().dialect.name == "postgresql":
        return func.string_agg(text, "")
    return cast(func.group_concat(text, ""), LargeBinary)
