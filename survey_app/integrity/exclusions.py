"""After the seal: responses that are not counted, as a group that two people chose as a whole, never one by one.

A group is an imported file, or the copies of one form in a school: varied forms that are alike word for word, ten or
more of them. Which answers a form gives is not shown and cannot be chosen. Responses stay where they are; they are
only counted no more. No group is left out of which fewer than ten responses of a school and audience are concerned,
or of which fewer than ten would remain: figures before and after would tell what these few answered.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from survey_app.collection.models import MIN_EXCLUDED, ExcludedResponse, ImportedFile, Response
from survey_app.collection.queries import counted
from survey_app.definition.answer_string import BLANK, NOT_SHOWN
from survey_app.foundation.errors import user_error
from survey_app.foundation.retention_terms import ANSWERS
from survey_app.frame.models import ChangeRequest, Wave, WaveSchool
from survey_app.frame.purge_records import require_kept
from survey_app.frame.queries import frozen_schools

from .models import StoredClassSums, StoredFormSums, StoredPrivateCount, StoredSignals, StoredTally, StoredTallySet
from .second_person import ask_for

EXCLUDE = "exclude"
VARIED_SHARE = 0.2  # of its answers, that a form must have apart from its most frequent one to be called a copy


@dataclass(frozen=True, slots=True)
class ExclusionGroup:
    """What is left out together: the file with this number, or all copies in a school and audience."""

    file: int | None = None
    school: str = ""
    audience: str = ""


@dataclass(frozen=True, slots=True)
class ExcludedPart:
    """One school × audience of a group: responses that are left out, and that remain."""

    school_id: int
    code: str
    audience: str
    excluded: int
    remaining: int


def excludable_files(session: Session, wave: Wave) -> list[tuple[ImportedFile, int]]:
    """Imported files with the number of their responses that are still counted and could be left out."""
    rows = session.execute(
        select(Response.imported_file, func.count().label("size"))
        .where(Response.wave_id == wave.id, Response.imported_file > 0, *counted(session, wave.id))
        .group_by(Response.imported_file)
    )
    sizes = {row.imported_file: row.size for row in rows}
    files = session.scalars(select(ImportedFile).where(ImportedFile.wave_id == wave.id).order_by(ImportedFile.number))
    return [(file, sizes[file.number]) for file in files if sizes.get(file.number)]


def request_exclusion(
    session: Session, wave: Wave, group: ExclusionGroup, reason: str, requested_by: str, now: datetime
) -> tuple[ChangeRequest, list[ExcludedPart]]:
    """Ask for it, to be confirmed by a second person; nothing changes yet. Raises :class:`UserError`."""
    if not reason.strip():
        raise user_error("请写明理由")
    parts = _parts(session, wave, _responses(session, wave, group))
    _check_parts(parts)
    payload = {
        "file": group.file, "school": group.school, "audience": group.audience,
        "responses": sum(part.excluded for part in parts), "schools": len({part.code for part in parts}),
    }  # fmt: skip
    return ask_for(session, wave, EXCLUDE, payload, reason, requested_by, now), parts


def apply_exclusion(session: Session, wave: Wave, request: ChangeRequest) -> dict[str, Any]:
    """Leave the group out; a job counts the wave anew before there are results again. Raises :class:`UserError`."""
    group = ExclusionGroup(request.payload["file"], request.payload["school"], request.payload["audience"])
    responses = list(_responses(session, wave, group))
    parts = _parts(session, wave, responses)
    _check_parts(parts)
    rows = [
        {"wave_id": wave.id, "school_id": school, "response_id": id, "request_id": request.id}
        for school, _audience, id in responses
    ]
    session.execute(insert(ExcludedResponse), rows)
    for model in (StoredTally, StoredTallySet, StoredSignals, StoredPrivateCount):
        session.execute(delete(model).where(model.wave_id == wave.id))
    for part in parts:  # the halves of these classes are not known any more; two sums over forms would differ by few
        for table in (StoredClassSums, StoredFormSums):
            session.execute(
                delete(table).where(
                    table.wave_id == wave.id, table.school_id == part.school_id, table.audience == part.audience
                )
            )
    school = group.school or (parts[0].code if len({part.code for part in parts}) == 1 else "")
    return {"school": school, "audience": group.audience, "file": group.file, "responses": len(rows)}


def count_excluded(session: Session, wave_id: int) -> int:
    """How many responses are not counted."""
    query = select(func.count()).select_from(ExcludedResponse).where(ExcludedResponse.wave_id == wave_id)
    return session.scalar(query) or 0


def _responses(session: Session, wave: Wave, group: ExclusionGroup) -> Iterable[tuple[int, str, bytes]]:
    """(school, audience, id) of each response of the group that is still counted."""
    if wave.sealed_at is None:
        raise user_error("批次“{name}”还没有封存。封存之前不排除答卷：可以暂停链接、作废纸条", name=wave.name)
    require_kept(session, wave, ANSWERS)
    query = select(Response.school_id, Response.audience, Response.id).where(
        Response.wave_id == wave.id, *counted(session, wave.id)
    )
    if group.file is not None:
        return [
            (row.school_id, row.audience, row.id)
            for row in session.execute(query.where(Response.imported_file == group.file))
        ]
    return _copies(session, wave, group)


def _copies(session: Session, wave: Wave, group: ExclusionGroup) -> Iterator[tuple[int, str, bytes]]:
    school = session.scalar(select(WaveSchool).where(WaveSchool.wave_id == wave.id, WaveSchool.code == group.school))
    if school is None:
        raise user_error("学校代码“{code}”不在本批次名册里", code=group.school)
    rows = session.execute(
        select(Response.structure_hash, Response.grade, Response.answers, Response.id).where(
            Response.wave_id == wave.id, Response.school_id == school.school_id, Response.audience == group.audience,
            *counted(session, wave.id),
        )
    ).all()  # fmt: skip
    copies = Counter((row.structure_hash, row.answers) for row in rows)
    for row in rows:
        if copies[row.structure_hash, row.answers] >= MIN_EXCLUDED and _is_varied(row.answers):
            yield school.school_id, group.audience, row.id


def _is_varied(answers: str) -> bool:
    """Whether one who answers honestly would hardly be alike by chance: a straight line is no copy."""
    given = [answer for answer in answers if answer not in (BLANK, NOT_SHOWN)]
    most_frequent = max(Counter(given).values(), default=0)
    return len(given) - most_frequent >= max(1, VARIED_SHARE * len(given))


def _parts(session: Session, wave: Wave, responses: Iterable[tuple[int, str, bytes]]) -> list[ExcludedPart]:
    excluded = Counter((school, audience) for school, audience, _id in responses)
    codes = {school.school_id: school.code for school in frozen_schools(session, wave.id)}
    everybody = {
        (school, audience): count
        for school, audience, count in session.execute(
            select(Response.school_id, Response.audience, func.count())
            .where(Response.wave_id == wave.id, *counted(session, wave.id))
            .group_by(Response.school_id, Response.audience)
        )
    }
    return [
        ExcludedPart(school, codes[school], audience, count, everybody[school, audience] - count)
        for (school, audience), count in sorted(excluded.items())
    ]


def _check_parts(parts: list[ExcludedPart]) -> None:
    if not parts:
        raise user_error(
            "没有可以排除的一组答卷。只能排除导入的文件，或一所学校里十份以上一字不差的答卷；不能挑选单份答卷"
        )
    for part in parts:
        if part.excluded < MIN_EXCLUDED or 0 < part.remaining < MIN_EXCLUDED:
            raise user_error(
                "学校 {code}：排除 {excluded} 份后剩 {remaining} 份。两者都要至少 {least} 份（或全部排除），"
                "否则前后两次结果相减，就看得出这几个人的回答",
                code=part.code, excluded=part.excluded, remaining=part.remaining, least=MIN_EXCLUDED,
            )  # fmt: skip
