"""A questionnaire file that was uploaded: checked as the command line does, then put among the others."""

import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.authoring.review.file_review import PlacedFinding, review_file
from survey_app.definition.canonical import structure_hash
from survey_app.definition.categories import CATEGORIES_FILE
from survey_app.definition.messages import Message, message
from survey_app.definition.model import Instrument, Occasion
from survey_app.definition.nodes import DefinitionError, Issue
from survey_app.definition.parse import read_instrument
from survey_app.foundation.errors import UserError, user_error

from .instrument_catalogue import InstrumentCatalogue
from .models import Wave, WaveInstrument


@dataclass(frozen=True, slots=True)
class CheckedInstrument:
    """A file of the catalogue as the checker sees it; ``instrument`` is None where it has faults."""

    id: str
    instrument: Instrument | None
    issues: tuple[Message, ...]
    findings: tuple[PlacedFinding, ...] = ()

    @property
    def may_be_asked(self) -> bool:
        """Whether a wave may ask it: it can be read, and no error is left in it."""
        return self.instrument is not None and not any(one.finding.stops for one in self.findings)


def checked(instrument: Instrument) -> CheckedInstrument:
    """One that is known to have no faults, among those that may have some."""
    return CheckedInstrument(instrument.id, instrument, ())


def check_catalogue(catalogue: InstrumentCatalogue) -> list[CheckedInstrument]:
    """Every questionnaire file, faulty ones too, with what is wrong in the words of the checker."""
    return [_check_file(catalogue, path) for path in catalogue.files()]


def valid_instruments(catalogue: InstrumentCatalogue) -> list[Instrument]:
    """The questionnaires that a wave may ask; what inspectors sign is none of them."""
    sound = [entry.instrument for entry in check_catalogue(catalogue) if entry.instrument and entry.may_be_asked]
    return [instrument for instrument in sound if instrument.occasion != Occasion.EVALUATION]


def evaluation_instruments(catalogue: InstrumentCatalogue) -> list[Instrument]:
    """What inspectors sign after a login, by id. Of the other files only the occasion is read."""
    marked = [path for path in catalogue.files() if _read_occasion(catalogue, path, path.stat().st_mtime_ns)]
    checked_files = [_check_file(catalogue, path) for path in marked]
    return [entry.instrument for entry in checked_files if entry.instrument and entry.may_be_asked]


@lru_cache(maxsize=256)
def _read_occasion(catalogue: InstrumentCatalogue, path: Path, _stamp: int) -> bool:
    """Whether the file is for evaluations; a faulty one is not."""
    try:
        return read_instrument(path, catalogue.categories()).occasion == Occasion.EVALUATION
    except DefinitionError:
        return False


def yearly_instruments(catalogue: InstrumentCatalogue) -> list[Instrument]:
    """Those of the year's survey: a pulse comes beside it, and covers nobody in its place."""
    return [instrument for instrument in valid_instruments(catalogue) if instrument.occasion == Occasion.YEARLY]


def _check_file(catalogue: InstrumentCatalogue, path: Path) -> CheckedInstrument:
    """Read anew only what was written since: the files are read for each page that shows what can be asked."""
    stamps = tuple(file.stat().st_mtime_ns for file in (path, catalogue.directory / CATEGORIES_FILE))
    return _check_version(catalogue, path, stamps)


@lru_cache(maxsize=256)
def _check_version(catalogue: InstrumentCatalogue, path: Path, _stamps: tuple[int, ...]) -> CheckedInstrument:
    review = review_file(path, catalogue.categories())
    if review.instrument is None:
        return CheckedInstrument(path.stem, None, _words(review.issues))
    if issues := catalogue.file_name_issues(path, review.instrument):
        return CheckedInstrument(path.stem, None, tuple(issue.message for issue in issues))
    return CheckedInstrument(path.stem, review.instrument, (), review.findings)


def _words(issues: Iterable[Issue]) -> tuple[Message, ...]:
    return tuple(
        message("第 {line} 行第 {column} 列：{what}", line=issue.position.line, column=issue.position.column,
                what=issue.message)
        for issue in issues
    )  # fmt: skip


def read_uploaded(catalogue: InstrumentCatalogue, name: str, content: bytes) -> Instrument:
    """Return what the file says. Raises :class:`UserError` with each fault by line and column."""
    if not content:
        raise user_error("{file} 是空的", file=name) if name else user_error("请选择一个文件")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "uploaded.yaml"
        path.write_bytes(content)
        try:
            return read_instrument(path, catalogue.categories())
        except DefinitionError as error:
            raise UserError(
                message("{file} 有 {n} 处错误，没有保存", file=name, n=len(error.issues)), *_words(error.issues)
            ) from error


def save_uploaded(session: Session, catalogue: InstrumentCatalogue, instrument: Instrument, content: bytes) -> bool:
    """Put the file among the others; return whether it replaced one. Raises :class:`UserError`, keeping what was."""
    used = session.scalar(
        select(WaveInstrument.structure_hash).where(
            WaveInstrument.instrument_id == instrument.id, WaveInstrument.version == instrument.version,
            WaveInstrument.structure_hash != structure_hash(instrument),
        )
    )  # fmt: skip
    if used is not None:
        raise user_error(
            "问卷“{id}”的版本 {version} 在以前的批次里是另一份内容：文件改了，版本（version）也要改",
            id=instrument.id, version=instrument.version,
        )  # fmt: skip
    path = catalogue.directory / f"{instrument.id}.yaml"
    is_replaced = path.exists()
    part = path.with_suffix(".part")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise user_error(
            "服务器不能写入问卷文件夹（{why}），没有保存。请把文件交给系统管理员", why=error.strerror or ""
        ) from error
    return is_replaced


@dataclass(frozen=True, slots=True)
class UsedVersion:
    """A version of a questionnaire as a wave froze it."""

    wave_id: int
    wave: str
    version: str
    structure_hash: str


def used_versions(session: Session, instrument_id: str) -> list[UsedVersion]:
    """The waves that used it, the latest first."""
    query = (
        select(Wave.id, Wave.name, WaveInstrument.version, WaveInstrument.structure_hash)
        .join(Wave, Wave.id == WaveInstrument.wave_id)
        .where(WaveInstrument.instrument_id == instrument_id)
        .order_by(Wave.opens_at.desc())
    )
    return [UsedVersion(*row) for row in session.execute(query)]
