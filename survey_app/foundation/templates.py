"""Templates are written for people and sent to phones: white space leaves them once, when they are loaded.

A line break, with the indentation around it, is nothing beside a tag or a statement of the template, and one space
between words or attributes. A space on a line stays, so that ``<b>1</b> / 2`` reads as it is written. ``pre``,
``textarea``, ``script`` and ``style`` are left alone.
"""

import re
from collections.abc import Iterator

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

VERBATIM_TAGS = frozenset({"pre", "textarea", "script", "style"})
MARKUP_TOKENS = frozenset({"block_begin", "block_end", "initial", "eof"})
_PIECES = re.compile(r"(?P<tag></?[A-Za-z][\w-]*)|(?P<end>>)|(?P<gap>\s*\n\s*)")


class WhitespaceRemoval(Extension):
    """Works on the text between Jinja's tags, so that the line numbers of errors stay those of the file."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Return the tokens of a template with the white space between its elements removed."""
        text = _Text()
        previous = "initial"
        for token in stream:
            if token.type == "data":
                whole = token.value
                while stream.current.type == "data":  # a comment stood between them
                    whole += next(stream).value
                value = text.compact(whole, previous in MARKUP_TOKENS, stream.current.type in MARKUP_TOKENS)
                if value:
                    yield Token(token.lineno, "data", value)
            else:
                yield token
            previous = token.type


class _Text:
    """Remembers, from one piece of text to the next, whether it stands inside a tag or where every space counts."""

    def __init__(self) -> None:
        self.tag = ""
        self.verbatim = ""

    def compact(self, text: str, after_markup: bool, before_markup: bool) -> str:
        pieces, position = [], 0
        for match in _PIECES.finditer(text):
            pieces.append(text[position : match.start()])
            position = match.end()
            if match["gap"]:
                follows_markup = text[match.start() - 1] == ">" if match.start() else after_markup
                precedes_markup = text[position] == "<" if position < len(text) else before_markup
                closes_tag = text[position : position + 1] == ">"
                pieces.append(self._gap(match["gap"], follows_markup or precedes_markup, closes_tag))
            else:
                self._move(match)
                pieces.append(match[0])
        return "".join([*pieces, text[position:]])

    def _gap(self, gap: str, beside_markup: bool, closes_tag: bool) -> str:
        if self.verbatim:
            return gap
        if self.tag:
            return "" if closes_tag else " "
        return "" if beside_markup else " "

    def _move(self, match: re.Match[str]) -> None:
        if self.verbatim:
            if match["tag"] == f"</{self.verbatim}":
                self.verbatim, self.tag = "", match["tag"]
        elif match["tag"]:
            self.tag = match["tag"]
        elif self.tag:
            name = self.tag.removeprefix("<").lower()
            self.tag, self.verbatim = "", name if name in VERBATIM_TAGS else ""


def compact_style(style: str) -> str:
    """Return a style sheet without comments, line breaks and the spaces around its signs."""
    text = re.sub(r"/\*.*?\*/", "", style, flags=re.S)
    return re.sub(r"\s*([{};,])\s*|(?<=:)\s+", r"\1", re.sub(r"\s+", " ", text)).replace(";}", "}").strip()


def without_unused_tokens(tokens: str, style: str) -> str:
    """Return the compacted ``tokens`` (custom properties) that ``style`` or another token uses."""
    used = set(re.findall(r"var\((--[\w-]+)\)", tokens + style))
    declarations = re.sub(r"(--[\w-]+):[^;}]*;?", lambda match: match[0] if match[1] in used else "", tokens)
    return re.sub(r"[^{}]+\{\}", "", declarations.replace(";}", "}"))


def compact_script(script: str) -> str:
    """Return a script without indentation, empty lines and the lines that are comments; line breaks stay."""
    lines = (line.strip() for line in script.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))
