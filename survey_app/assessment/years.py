"""The assessment year: created, given a scheme, adopted, computed. Each step says why it cannot be taken yet."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.definition.categories import Categories
from survey_app.definition.messages import message
from survey_app.foundation.clock import local_date
from survey_app.foundation.errors import UserError, user_error
from survey_app.frame.models import Wave

from .mark_report import marks_of
from .models import (
    EARLIER_WAVE,
    FIRST_WAVE,
    MAIN_WAVE,
    AssessmentWave,
    AssessmentYear,
    ImportedMarks,
    MarkComputation,
    SchemeVersion,
)
from .scheme_difference import compare_schemes
from .schemes import Scheme, parse_scheme

Tables = Mapping[str, list[dict[str, Any]]]


class VersionChanged(UserError):
    """Somebody saved a scheme since the page was shown; ``checksum``: of what is the latest version now."""

    def __init__(self, checksum: str) -> None:
        super().__init__(message("别人刚刚存了一版方案，您的没有保存。请核对后再存一次，就以您的为准。"))
        self.checksum = checksum


def create_year(
    session: Session, name: str, wave: Wave, earlier: Wave | None, created_by: str, now: datetime,
    first: Wave | None = None,
) -> AssessmentYear:  # fmt: skip
    """A year without a scheme; ``first``: the wave of its first period, where it has two. Raises :class:`UserError`."""
    if not name.strip() or len(name) > 100:
        raise user_error("考核年度的名称要有 1 到 100 个字")
    if session.scalar(select(AssessmentYear.id).where(AssessmentYear.name == name)):
        raise user_error("已经有考核年度“{name}”，请换一个名称", name=name)
    _check_order(wave, first, earlier)
    for used in (wave, first, earlier):
        if used is not None and used.opened_at is None:
            raise user_error("批次“{name}”还没有开放，不能用于考核", name=used.name)
    year = AssessmentYear(name=name, created_by=created_by, created_at=now)
    session.add(year)
    session.flush()
    for role, used in ((MAIN_WAVE, wave), (FIRST_WAVE, first), (EARLIER_WAVE, earlier)):
        if used is not None:
            session.add(AssessmentWave(year_id=year.id, wave_id=used.id, role=role))
    session.flush()
    return year


def _check_order(wave: Wave, first: Wave | None, earlier: Wave | None) -> None:
    if earlier is not None and not earlier.opens_at < wave.opens_at:
        raise user_error("上一批次“{earlier}”应当早于“{wave}”", earlier=earlier.name, wave=wave.name)
    if first is not None and not first.opens_at < wave.opens_at:
        raise user_error("第一期“{first}”应当早于“{wave}”", first=first.name, wave=wave.name)
    if first is not None and earlier is not None and not earlier.opens_at < first.opens_at:
        raise user_error("上一批次“{earlier}”应当早于第一期“{first}”", earlier=earlier.name, first=first.name)


def year_by_name(session: Session, name: str) -> AssessmentYear:
    """Raises :class:`UserError`."""
    year = session.scalar(select(AssessmentYear).where(AssessmentYear.name == name))
    if year is None:
        known = ", ".join(entry.name for entry in list_years(session)) or "—"
        raise user_error("没有考核年度“{name}”；现有：{known}", name=name, known=known)
    return year


def year_by_id(session: Session, year_id: int) -> AssessmentYear | None:
    return session.get(AssessmentYear, year_id)


def list_years(session: Session) -> list[AssessmentYear]:
    """The latest first."""
    return list(session.scalars(select(AssessmentYear).order_by(AssessmentYear.id.desc())))


def wave_of(session: Session, year: AssessmentYear, role: str = MAIN_WAVE) -> Wave | None:
    """The wave of a year in a role; only the main one is always there."""
    return session.scalar(
        select(Wave)
        .join(AssessmentWave, AssessmentWave.wave_id == Wave.id)
        .where(AssessmentWave.year_id == year.id, AssessmentWave.role == role)
    )


def last_day(wave: Wave) -> date:
    """The day in the district that a wave closes on; one that closes at midnight, on the day before."""
    return local_date(wave.closes_at - timedelta(seconds=1))


def scheme_versions(session: Session, year: AssessmentYear) -> list[SchemeVersion]:
    """The latest first."""
    query = select(SchemeVersion).where(SchemeVersion.year_id == year.id).order_by(SchemeVersion.number.desc())
    return list(session.scalars(query))


def latest_version(session: Session, year: AssessmentYear) -> SchemeVersion:
    """Raises :class:`UserError` where the year has none."""
    versions = scheme_versions(session, year)
    if not versions:
        raise user_error("考核年度“{name}”还没有考核方案", name=year.name)
    return versions[0]


def latest_checksum(session: Session, year: AssessmentYear) -> str:
    """What a page shows that a scheme will be saved after; empty before the first."""
    return next((version.sha256 for version in scheme_versions(session, year)), "")


def save_scheme(
    session: Session, year: AssessmentYear, content: str, file_name: str, categories: Categories, saved_by: str,
    now: datetime, seen: str | None = None,
) -> SchemeVersion:  # fmt: skip
    """Keep a scheme: in place of a draft that nobody has seen marks of, otherwise as a new version with its difference.

    ``seen``: the checksum of the latest version that its writer knows of, where that matters. Raises
    :class:`DefinitionError` with every fault, :class:`VersionChanged` where there is a later one than that, and
    :class:`UserError` where it gives no marks or says the same.
    """
    scheme = parse_scheme(content, file_name, categories)
    marks_of(scheme)
    versions = scheme_versions(session, year)
    current = versions[0].sha256 if versions else ""
    if versions and versions[0].sha256 == scheme.sha256:
        raise user_error("方案与第 {n} 版内容相同，没有改动", n=versions[0].number)
    if seen is not None and current != seen:
        raise VersionChanged(current)
    if versions and not _is_fixed(session, versions[0]):
        session.delete(versions.pop(0))
        session.flush()
    before = load_scheme_version(versions[0], categories) if versions else None
    version = SchemeVersion(
        year_id=year.id, number=versions[0].number + 1 if versions else 1, content=content, sha256=scheme.sha256,
        difference=[asdict(change) for change in compare_schemes(before, scheme)] if before else [],
        saved_by=saved_by, saved_at=now,
    )  # fmt: skip
    session.add(version)
    session.flush()
    return version


def _is_fixed(session: Session, version: SchemeVersion) -> bool:
    """Whether it was adopted, or marks by it were seen: from then on it stays as it is."""
    return version.adopted_at is not None or bool(
        session.scalar(
            select(func.count())
            .select_from(MarkComputation)
            .where(MarkComputation.year_id == version.year_id, MarkComputation.scheme_number == version.number)
        )
    )


def adopt_scheme(
    session: Session, year: AssessmentYear, categories: Categories, adopted_by: str, now: datetime
) -> SchemeVersion:
    """Freeze the latest version, which states the number of its document. Raises :class:`UserError`."""
    version = latest_version(session, year)
    if version.adopted_at is not None:
        raise user_error("第 {n} 版已经采用，不能再改；要改就存一份新的方案，成为下一版", n=version.number)
    if not load_scheme_version(version, categories).document:
        raise user_error("方案没有写依据文号（document），不能采用")
    version.adopted_by, version.adopted_at = adopted_by, now
    session.flush()
    return version


def load_scheme_version(version: SchemeVersion, categories: Categories) -> Scheme:
    """The scheme as it was saved."""
    return parse_scheme(version.content, f"{version.number}.yaml", categories)


def adopted_version(session: Session, year: AssessmentYear) -> SchemeVersion:
    """Return the latest version; raises :class:`UserError` where it is not adopted."""
    version = latest_version(session, year)
    if version.adopted_at is None:
        raise user_error("方案还没有采用，不能计分：请先采用第 {n} 版", n=version.number)
    return version


def keep_computation(
    session: Session, year: AssessmentYear, scheme: Scheme, tables: Tables, inputs: Mapping[str, Any],
    computed_by: str, now: datetime,
) -> MarkComputation:  # fmt: skip
    """Keep marks as they were computed under the adopted version. Raises :class:`UserError` if it is not adopted."""
    version = adopted_version(session, year)
    if version.sha256 != scheme.sha256:
        raise user_error("方案还没有采用，不能计分：请先采用第 {n} 版", n=version.number)
    computation = MarkComputation(
        year_id=year.id, scheme_number=version.number, scheme_sha256=scheme.sha256, tables=dict(tables),
        inputs=dict(inputs), computed_by=computed_by, computed_at=now,
    )  # fmt: skip
    session.add(computation)
    session.flush()
    return computation


def latest_computation(session: Session, year: AssessmentYear) -> MarkComputation | None:
    """The marks that count."""
    query = select(MarkComputation).where(MarkComputation.year_id == year.id).order_by(MarkComputation.id.desc())
    return session.scalar(query.limit(1))


def computation_of_wave(session: Session, wave: Wave) -> MarkComputation | None:
    """The marks that were computed last from this wave, in whatever year."""
    query = (
        select(MarkComputation)
        .join(AssessmentWave, AssessmentWave.year_id == MarkComputation.year_id)
        .where(AssessmentWave.wave_id == wave.id, AssessmentWave.role == MAIN_WAVE)
        .order_by(MarkComputation.id.desc())
    )
    return session.scalar(query.limit(1))


def list_computations(session: Session, year: AssessmentYear) -> list[MarkComputation]:
    """All that were kept, the latest first."""
    query = select(MarkComputation).where(MarkComputation.year_id == year.id).order_by(MarkComputation.id.desc())
    return list(session.scalars(query))


def list_imports(session: Session, year: AssessmentYear) -> list[ImportedMarks]:
    """The earliest first, so that later ones override them."""
    query = select(ImportedMarks).where(ImportedMarks.year_id == year.id).order_by(ImportedMarks.id)
    return list(session.scalars(query))
