"""The formats that questionnaires are imported from: one reader for each ending of a file name."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from survey_app.authoring.draft import Draft
from survey_app.authoring.text_lines import numbered_lines, source_lines
from survey_app.authoring.text_reader import read_lines
from survey_app.authoring.workbook_reader import read_workbook
from survey_app.foundation.docx_reader import read_docx_lines
from survey_app.foundation.errors import user_error
from survey_app.foundation.settings import PROJECT
from survey_app.foundation.spreadsheet_reader import read_all_sheets
from survey_app.foundation.text_file import decode_text, read_bytes

from .instrument_catalogue import InstrumentCatalogue

MAX_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What is known besides: who is asked, which sheet, in which folder the categories are, what single lines are."""

    audience: str = ""
    sheet: str = ""
    directory: str = str(PROJECT / "questionnaires")
    lines: tuple[tuple[int, str], ...] = ()


Reader = Callable[[Path, ReadOptions], Draft]


def read_pasted(path: Path, options: ReadOptions) -> Draft:
    """The draft of a text file, as it was pasted."""
    text = decode_text(read_bytes(path, MAX_BYTES), path.name)
    return read_lines(source_lines(text), options.audience, dict(options.lines))


def read_document(path: Path, options: ReadOptions) -> Draft:
    """The draft of a Word document: its paragraphs and table rows as lines."""
    return read_lines(numbered_lines(read_docx_lines(path)), options.audience, dict(options.lines))


def read_spreadsheet(path: Path, options: ReadOptions) -> Draft:
    """The draft of a workbook: our template, an XLSForm, or a sheet as the office has it."""
    return read_workbook(
        read_all_sheets(path),
        InstrumentCatalogue(Path(options.directory)).categories(),
        options.audience,
        options.sheet,
    )


READERS: dict[str, Reader] = {
    ".txt": read_pasted,
    ".md": read_pasted,
    ".docx": read_document,
    ".xlsx": read_spreadsheet,
    ".xls": read_spreadsheet,
    ".xlsm": read_spreadsheet,
}


def reader_of(path: Path) -> Reader:
    """The reader of a file, by the ending of its name. Raises :class:`UserError` with the endings that are read."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise user_error("不认识 {file} 的格式；可以导入 {known}", file=path.name, known=" ".join(READERS))
    return reader
