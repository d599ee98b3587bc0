"""The tables of a page as a file: exactly what the page shows, read from the page itself.

So no figure that a page hides is in the file, and no page has to say its table twice. Of a list that is cut into pages
the file has all of it. Tables with fields to fill in are forms, and are left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Flask, Response, request

from survey_app.foundation.paging import ALL_PAGES
from survey_app.foundation.route import Area
from survey_app.reporting.tabular.csv_writer import text_tables_csv

from .download import download
from .table import route_table

if TYPE_CHECKING:
    from survey_app.reporting.xlsx.text_tables import ShownTable

FORMATS = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}
UNSPOKEN = frozenset({"button", "meter", "svg", "script", "style"})
FIELDS = frozenset({"input", "select", "textarea"})
EMPTY = frozenset({"input", "br", "img", "col", "hr", "wbr", "meta", "link", "source"})  # elements without an end
NOTE_CLASS = "how"  # the link from a heading to the method
_FIELD = re.compile(r'<(?:input(?![^>]*type="hidden")|select|textarea)\b[^>]*\bname=')


@dataclass(slots=True)
class _Cell:
    text: str = ""
    span: int = 1
    is_figure: bool = False


@dataclass(slots=True)
class _Table:
    title: str
    rows: list[list[_Cell]] = field(default_factory=list)
    is_form: bool = False


class _Reader(HTMLParser):
    """Collects the tables of a page, each with the heading above it."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[_Table] = []
        self.title = ""
        self._heading = ""
        self._table: _Table | None = None
        self._cell: _Cell | None = None
        self._part = ""  # heading or title that is being read
        self._silent: list[str] = []  # elements within one whose text is not of the table

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if self._silent or tag in UNSPOKEN or NOTE_CLASS in (values.get("class") or "").split():
            if tag not in EMPTY:
                self._silent.append(tag)
        elif tag in ("h1", "h2", "h3", "caption"):
            self._part, self._heading = tag, ""
        elif tag == "table":
            self._table = _Table(self._heading)
        elif self._table is not None:
            self._start_in_table(tag, values)

    def _start_in_table(self, tag: str, values: dict[str, str | None]) -> None:
        assert self._table is not None
        if tag == "tr":
            self._table.rows.append([])
        elif tag in ("th", "td") and self._table.rows:
            is_figure = "num" in (values.get("class") or "").split()
            self._cell = _Cell("", int(values.get("colspan") or 1), is_figure)
            self._table.rows[-1].append(self._cell)
        elif tag in FIELDS and "name" in values and values.get("type") != "hidden":
            self._table.is_form = True
        elif self._cell is not None and tag in ("br", "p", "div", "li"):
            self._cell.text += " "

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._part:
            self._heading += data
        elif self._cell is not None:
            self._cell.text += data

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.pop()
        elif tag == self._part:
            self._part, self._heading = "", " ".join(self._heading.split())
            self.title = self.title or self._heading
            if tag == "caption" and self._table is not None:
                self._table.title = self._heading
        elif tag in ("th", "td"):
            self._cell = None
        elif tag == "table" and self._table is not None:
            self.tables.append(self._table)
            self._table = None


def install(app: Flask) -> None:
    app.after_request(answer_with_tables)
    app.jinja_env.globals.update(has_tables=has_tables, address_of_tables=address_of_tables)


def has_tables(page: str) -> bool:
    """Return whether a page has a table that can be taken along and does not offer it itself; without parsing it."""
    tables = (part.partition("</table>")[0] for part in page.split("<table")[1:])
    return "format=xlsx" not in page and any(not _FIELD.search(table) for table in tables)


def address_of_tables(ending: str) -> str:
    """Return the address of the tables of this page, with its filters, and with all rows of its lists."""
    words = [(name, value) for name, value in request.args.items(multi=True) if name not in ("page", "format", "live")]
    return "?" + urlencode([*words, ("page", ALL_PAGES), ("format", ending)])


def shown_tables(page: str) -> tuple[str, "Iterator[ShownTable]"]:
    """Return the title of a page, and its tables as they are shown."""
    reader = _Reader()
    reader.feed(page)
    return reader.title, (_shown(table) for table in reader.tables if table.rows and not table.is_form)


def _shown(table: _Table) -> "ShownTable":
    from survey_app.reporting.xlsx.text_tables import ShownTable  # with the first file, not in every worker

    rows = [[text for cell in row for text in _texts(cell)] for row in table.rows]
    width = max(map(len, rows))
    headings, *body = (row + [""] * (width - len(row)) for row in rows)
    figures = {
        place
        for row in table.rows
        for place, cell in enumerate(cell for cell in row for _column in range(cell.span))
        if cell.is_figure
    }
    return ShownTable(table.title, headings, [place in figures for place in range(width)], body)


def _texts(cell: _Cell) -> list[str]:
    """The text of a cell, and nothing for the further columns that it covers."""
    return [" ".join(cell.text.split()), *[""] * (cell.span - 1)]


def answer_with_tables(response: Response) -> Response:
    """In place of the page its tables, where the address asks for them and the view has not answered so itself."""
    ending = request.args.get("format", "")
    route = route_table().route_of(request)
    if ending not in FORMATS or route is None or route.area is not Area.STAFF:
        return response
    if request.method != "GET" or response.status_code != 200 or response.mimetype != "text/html":
        return response
    title, tables = shown_tables(response.get_data(as_text=True))
    if ending == "xlsx":
        from survey_app.reporting.xlsx.text_tables import text_tables_xlsx

        content = text_tables_xlsx(title, tables)
    else:
        content = text_tables_csv((table.headings, table.rows) for table in tables).encode()
    answer = download(content, FORMATS[ending], f"{title}.{ending}")
    assert isinstance(answer, Response)
    return answer
