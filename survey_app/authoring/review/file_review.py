"""A questionnaire file read and reviewed: what cannot be read, what was said of it, and where."""

from dataclasses import dataclass
from pathlib import Path

from survey_app.definition.categories import Categories
from survey_app.definition.messages import message
from survey_app.definition.model import Instrument
from survey_app.definition.nodes import DefinitionError, Issue, SourcePosition
from survey_app.definition.parse import ReadInstrument, read_instrument_with_places

from .finding import Finding
from .places import place_of
from .review import review_instrument


@dataclass(frozen=True, slots=True)
class PlacedFinding:
    """A finding, and where its question, scale or introduction stands."""

    finding: Finding
    position: SourcePosition

    def as_issue(self) -> Issue:
        """The finding in the words of a fault."""
        words = message("{what}。{advice}", what=self.finding.message, advice=self.finding.suggestion)
        return Issue(self.position, words)


@dataclass(frozen=True, slots=True)
class FileReview:
    """``instrument`` is None where the file cannot be read; then there are only ``issues``."""

    instrument: Instrument | None
    issues: tuple[Issue, ...] = ()
    findings: tuple[PlacedFinding, ...] = ()

    def stopping(self) -> tuple[Issue, ...]:
        """What no wave may ask: the faults, and the findings that are neither mended nor accepted."""
        return (*self.issues, *(one.as_issue() for one in self.findings if one.finding.stops))


def review_file(path: Path, categories: Categories) -> FileReview:
    """Read and review one file. Nothing is raised for what is wrong in it."""
    try:
        return review_read(read_instrument_with_places(path, categories), str(path), categories)
    except DefinitionError as error:
        return FileReview(None, tuple(error.issues))


def review_read(read: ReadInstrument, file: str, categories: Categories) -> FileReview:
    """Review what was read, with the gaps that it may have."""
    start = SourcePosition(file, 1, 1)
    findings = (
        PlacedFinding(finding, place_of(finding, read.source_map) or start)
        for finding in review_instrument(read.instrument, categories)
    )
    return FileReview(read.instrument, (), tuple(findings))
