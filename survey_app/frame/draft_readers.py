"""The formats that questionnaires are imported from: one reader for each ending of a file name.

A reader's module is loaded when a file needs it: the command and its limited process start sooner.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from survey_app.authoring.draft import Draft
from survey_app.authoring.foreign_format import is_redcap, is_surveyjs
from survey_app.definition.categories import CATEGORIES_FILE, read_categories
from survey_app.definition.messages import message
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.settings import PROJECT
from survey_app.foundation.spreadsheet_reader import Sheet, read_all_sheets, read_sheets
from survey_app.foundation.text_file import decode_text, read_bytes

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
    from survey_app.authoring.text.lines import source_lines
    from survey_app.authoring.text.reader import read_lines

    text = decode_text(read_bytes(path, MAX_BYTES), path.name)
    return read_lines(source_lines(text), options.audience, dict(options.lines))


def read_spreadsheet(path: Path, options: ReadOptions) -> Draft:
    """The draft of a workbook: our template, an XLSForm, or a sheet as the office has it."""
    return _read_sheets(sheets_of(path), options)


def sheets_of(path: Path) -> list[Sheet]:
    """The sheets of a file as its reader sees them; none of a file that has no rows. Raises :class:`UserError`."""
    return _sheets_of_version(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _sheets_of_version(path: Path, _stamp: int) -> list[Sheet]:
    """Read once for the draft and for its rows: opening a workbook takes longer than all that is done with it."""
    suffix = path.suffix.lower()
    if READERS.get(suffix) is read_csv:
        return read_sheets(path)
    return read_all_sheets(path) if READERS.get(suffix) is read_spreadsheet else []


def lines_of(path: Path) -> list[str]:
    """The lines of a document, as if they had been pasted. Raises :class:`UserError`."""
    from survey_app.foundation.docx_reader import read_docx_lines

    if READERS.get(path.suffix.lower()) is read_document:
        return [words for _number, words in read_docx_lines(path)]
    return decode_text(read_bytes(path, MAX_BYTES), path.name).splitlines()


def _read_sheets(sheets: list[Sheet], options: ReadOptions) -> Draft:
    from survey_app.authoring.sheet.workbook_reader import read_workbook

    categories = read_categories(Path(options.directory) / CATEGORIES_FILE)
    return read_workbook(sheets, categories, options.audience, options.sheet)


_LSS_REASONS = {
    "dtd": message("文件里有 DTD 或实体声明，拒绝读取"),
    "syntax": message("文件不是完整的 XML"),
    "deep": message("文件嵌套太深，拒绝读取"),
    "large": message("文件太大，请分成几份"),
    "other": message("文件不是问卷结构（.lss）；请在 LimeSurvey 里选“导出 → 问卷结构 (.lss)”"),
}


def read_limesurvey(path: Path, options: ReadOptions) -> Draft:
    """The draft of a LimeSurvey structure."""
    from survey_app.authoring.lss.reader import read_survey
    from survey_app.authoring.lss.tables import LssError, read_tables

    try:
        tables = read_tables(read_bytes(path, MAX_BYTES))
    except LssError as error:
        raise UserError(message("无法读取 {file}：{why}", file=path.name, why=_LSS_REASONS[error.reason])) from error
    return read_survey(tables, options.audience)


def refuse_json(path: Path, options: ReadOptions) -> Draft:
    """No draft: forms of SurveyJS are programs as much as questionnaires. Raises :class:`UserError`."""
    content = read_bytes(path, MAX_BYTES)
    if is_surveyjs(content):
        raise user_error(
            "{file} 是 SurveyJS 的问卷，不能导入。请在它的预览里全选、复制，粘贴成 .txt 再导入；或者填进本程序的模板",
            file=path.name,
        )
    raise user_error("{file} 是 JSON，不知道是哪种问卷；可以导入 {known}", file=path.name, known=known_endings())


def read_csv(path: Path, options: ReadOptions) -> Draft:
    """The draft of a table as text; a dictionary of REDCap is refused by name."""
    sheets = sheets_of(path)
    if any(is_redcap(sheet.rows[0]) for sheet in sheets if sheet.rows):
        raise user_error(
            "{file} 是 REDCap 的数据字典，不能导入。请在 REDCap 里把表单存成 PDF，复制其中的文字，粘贴成 .txt 再导入；"
            "或者填进本程序的模板",
            file=path.name,
        )
    return _read_sheets(sheets, options)


def read_document(path: Path, options: ReadOptions) -> Draft:
    """The draft of a Word document: its paragraphs and table rows as lines."""
    from survey_app.authoring.text.lines import numbered_lines
    from survey_app.authoring.text.reader import read_lines
    from survey_app.foundation.docx_reader import read_docx_lines

    return read_lines(numbered_lines(read_docx_lines(path)), options.audience, dict(options.lines))


READERS: dict[str, Reader] = {
    ".txt": read_pasted,
    ".md": read_pasted,
    ".xlsx": read_spreadsheet,
    ".xls": read_spreadsheet,
    ".xlsm": read_spreadsheet,
    ".lss": read_limesurvey,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".json": refuse_json,
    ".docx": read_document,
}


def known_endings() -> str:
    """The endings of files that can be imported."""
    return " ".join(ending for ending, reader in READERS.items() if reader is not refuse_json)


def reader_of(path: Path) -> Reader:
    """The reader of a file, by the ending of its name. Raises :class:`UserError` with the endings that are read."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise user_error("不认识 {file} 的格式；可以导入 {known}", file=path.name, known=known_endings())
    return reader
