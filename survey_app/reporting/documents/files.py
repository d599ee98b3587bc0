"""Which documents there are and in which formats: a new one is a row here."""

from collections.abc import Callable
from dataclasses import dataclass

from survey_app.definition.messages import Message, message
from survey_app.definition.registry import Registry

from .model import Document
from .pdf_writer import pdf_file


@dataclass(frozen=True, slots=True)
class DocumentFormat:
    """A file format; ``write`` gives the same bytes for the same document."""

    id: str
    label: Message
    mimetype: str
    write: Callable[[Document], bytes]


DOCUMENT_FORMATS: Registry[DocumentFormat] = Registry(
    DocumentFormat("pdf", message("PDF"), "application/pdf", pdf_file),
)


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of document; ``of_school``: there is one for each school."""

    id: str
    label: Message
    of_school: bool = False


DOCUMENT_KINDS: Registry[DocumentKind] = Registry(
    DocumentKind("school", message("学校报告"), of_school=True),
)
