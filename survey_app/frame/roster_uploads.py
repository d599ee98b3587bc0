"""A roster file that was uploaded: kept for its preview, imported by one click while the roster is still the same."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey_app.definition.categories import Categories
from survey_app.foundation.errors import user_error

from .manifest import sha256_of_json
from .models import Enrolment, RosterUpload, School
from .roster import Roster
from .roster_import import RosterChange, apply_roster, compare_roster
from .roster_reader import ReadingOptions, read_rosters

KEPT_FOR = timedelta(days=7)
MAX_FILE_NAME = 120


@dataclass(frozen=True, slots=True)
class UploadPreview:
    """What the file says and what importing it would do; ``is_stale``: the roster was changed after the upload."""

    roster: Roster
    change: RosterChange
    is_stale: bool


def keep_upload(
    session: Session, name: str, content: bytes, parents_by_children: bool, uploaded_by: str, now: datetime
) -> RosterUpload:
    """Store a file that can be read; the same one sent twice is one. Old ones are forgotten.

    Raises :class:`UserError` for an empty one.
    """
    if not content:
        raise user_error("{file} 是空的", file=name) if name else user_error("请选择一个文件")
    session.execute(delete(RosterUpload).where(RosterUpload.uploaded_at < now - KEPT_FOR))
    file_name, compared_with = Path(name.replace("\\", "/")).name[-MAX_FILE_NAME:], roster_hash(session)
    same = select(RosterUpload).where(
        RosterUpload.content == content, RosterUpload.file_name == file_name, RosterUpload.uploaded_by == uploaded_by,
        RosterUpload.parents_by_children == parents_by_children, RosterUpload.roster_hash == compared_with,
        RosterUpload.applied_at.is_(None),
    )  # fmt: skip
    if (known := session.scalars(same.limit(1)).first()) is not None:
        return known
    upload = RosterUpload(
        file_name=file_name, content=content, parents_by_children=parents_by_children, roster_hash=compared_with,
        uploaded_by=uploaded_by, uploaded_at=now,
    )  # fmt: skip
    session.add(upload)
    session.flush()
    return upload


def find_upload(session: Session, upload_id: int) -> RosterUpload | None:
    return session.get(RosterUpload, upload_id)


def roster_hash(session: Session) -> str:
    """What the roster of this moment is known by."""
    schools = session.execute(
        select(School.code, School.name, School.category, School.area, School.school_group, School.in_roster)
    )
    people = session.execute(
        select(
            Enrolment.school_id, Enrolment.audience, Enrolment.grade, Enrolment.class_name, Enrolment.sex,
            Enrolment.population,
        )
    )  # fmt: skip
    return sha256_of_json([sorted(map(list, schools)), sorted(map(list, people))])


def read_upload(upload: RosterUpload, categories: Categories, missing_glyphs: Callable[[str], str]) -> Roster:
    """Return what the file says, with its faults. Raises :class:`UserError` if it is no roster at all."""
    return read_content(upload.file_name, upload.content, upload.parents_by_children, categories, missing_glyphs)


def read_content(
    name: str, content: bytes, parents_by_children: bool, categories: Categories, missing_glyphs: Callable[[str], str]
) -> Roster:
    """Return what an uploaded file says. Raises :class:`UserError` if it is no roster at all."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name.replace("\\", "/")).name[-MAX_FILE_NAME:] or "roster")
        path.write_bytes(content)
        return read_rosters([path], categories, missing_glyphs, ReadingOptions((), parents_by_children))


def preview_upload(session: Session, upload: RosterUpload, roster: Roster) -> UploadPreview:
    is_stale = upload.applied_at is None and upload.roster_hash != roster_hash(session)
    return UploadPreview(roster, compare_roster(session, roster), is_stale)


def apply_upload(session: Session, upload: RosterUpload, roster: Roster, missing: str, now: datetime) -> RosterChange:
    """Import what was previewed; ``missing``: whether to "keep" or to "remove" schools that the file lacks.

    Raises :class:`UserError` if anything is not as the preview showed it.
    """
    if upload.applied_at is not None:
        raise user_error("这份名册已经导入过了，没有再导入一次")
    if roster.errors:
        raise user_error("名册有 {n} 处错误，没有导入任何内容。请改正后重新导入", n=len(roster.errors))
    if upload.roster_hash != roster_hash(session):
        raise user_error("名册在您预览之后被改过，没有导入。请再看一遍预览")
    change = compare_roster(session, roster)
    if change.missing and missing not in ("keep", "remove"):
        raise user_error("有 {n} 所学校不在这份表里。请选择保留，还是不再参加", n=len(change.missing))
    apply_roster(session, roster, keep_missing=missing == "keep")
    upload.applied_at = now
    session.flush()
    return change


def renew_upload(session: Session, upload: RosterUpload) -> None:
    """Compare the file with the roster of this moment from now on."""
    if upload.applied_at is None:
        upload.roster_hash = roster_hash(session)
        session.flush()
