"""A LimeSurvey file to the rows of its tables, in either layout of texts. Nothing but rows of fields is ever built."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from xml.parsers import expat

MAX_ROWS = 60_000
_MAX_DEPTH = 12
_SILENT = ("script", "style", "head", "title")
_BREAKS = ("p", "br", "div", "li", "td", "tr", "h1", "h2", "h3", "h4")

LssRow = Mapping[str, str]


class LssError(Exception):
    """A file is no LimeSurvey survey, or one that is not read."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(slots=True)
class LssTables:
    """Rows by the name of their table, and what stands outside of tables."""

    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    languages: list[str] = field(default_factory=list)

    def table(self, name: str) -> list[dict[str, str]]:
        return self.rows.get(name, [])


class _TableBuilder:
    """Listens to the parser: document / table / rows / row / field."""

    def __init__(self) -> None:
        self.tables = LssTables()
        self.path: list[str] = []
        self.row: dict[str, str] | None = None
        self.words: list[str] = []
        self.count = 0

    def start(self, name: str, _attributes: object) -> None:
        self.path.append(name)
        self.words = []
        if len(self.path) > _MAX_DEPTH:
            raise LssError("deep")
        if name == "row" and self.path[2:3] == ["rows"]:
            self.row = {}
            self.count += 1
            if self.count > MAX_ROWS:
                raise LssError("large")

    def text(self, words: str) -> None:
        self.words.append(words)

    def end(self, name: str) -> None:
        value = "".join(self.words).strip()
        self.words = []
        if name == "row" and self.row is not None:
            self.tables.rows.setdefault(self.path[1], []).append(self.row)
            self.row = None
        elif self.row is not None and len(self.path) == 5:
            self.row[name] = value
        elif self.path[1:] == ["languages", "language"]:
            self.tables.languages.append(value)
        elif len(self.path) == 2:
            self.tables.values[name] = value
        self.path.pop()


def read_tables(content: bytes) -> LssTables:
    """Return the tables of a file. Raises :class:`LssError`: ``dtd``, ``syntax``, ``deep``, ``large`` or ``other``."""
    builder = _TableBuilder()
    parser = expat.ParserCreate()

    def refuse(*_about: object) -> None:
        raise LssError("dtd")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError) as error:
        raise LssError("syntax") from error
    if builder.tables.values.get("LimeSurveyDocType") != "Survey":
        raise LssError("other")
    return builder.tables


class _WordsOfHtml(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in _SILENT
        if tag in _BREAKS:
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT and self.silent:
            self.silent -= 1
        if tag in _BREAKS:
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)


def words_of(html: str) -> str:
    """Return the words of a text with HTML in it; scripts have none.

    >>> words_of("<p>How <b>satisfied</b>?</p><script>alert(1)</script>&nbsp;")
    'How satisfied?'
    """
    if "<" not in html and "&" not in html:
        return " ".join(html.split())
    reader = _WordsOfHtml()
    reader.feed(html)
    reader.close()
    text = " ".join("".join(reader.words).split())
    return re.sub(r"\s+([.,;:!?])", r"\1", text)
