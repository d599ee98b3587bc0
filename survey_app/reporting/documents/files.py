"""Which documents there are and in which formats: a new one is a row here."""

from collections.abc import Callable
from dataclasses import dataclass

from survey_app.definition.messages import Message, message
from survey_app.definition.registry import Registry

from ..wave_report import WaveReport
from .district_report import district_report
from .docx_writer import word_file
from .leader_page import leader_page
from .model import Document
from .pdf_writer import pdf_file

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class DocumentFormat:
    """A file format; ``write`` gives the same bytes for the same document."""

    id: str
    label: Message
    mimetype: str
    write: Callable[[Document], bytes]


DOCUMENT_FORMATS: Registry[DocumentFormat] = Registry(
    DocumentFormat("docx", message("Word"), WORD, word_file),
    DocumentFormat("pdf", message("PDF"), "application/pdf", pdf_file),
)


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of document of a wave. ``build`` makes it from the report and the name of the office.

    Without ``build`` there is one for each school, which :class:`~.school_report.SchoolReports` makes.
    """

    id: str
    label: Message
    build: Callable[[WaveReport, str], Document] | None = None


DOCUMENT_KINDS: Registry[DocumentKind] = Registry(
    DocumentKind("school", message("学校报告")),
    DocumentKind("leader", message("领导页"), leader_page),
    DocumentKind("district", message("全区报告"), district_report),
)
