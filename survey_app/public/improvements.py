"""你说我改: what was said and what was done, of the district or of one school; only what two people have released.

One request, without scripts and cookies. A school without an entry and one that does not exist are the same page.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path

from flask import Response, abort, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.followup.public_improvements import PublicEntry, public_entries
from survey_app.foundation.extensions import database, settings
from survey_app.foundation.paging import Paged, page_of
from survey_app.foundation.stored_settings import load_office
from survey_app.foundation.templates import compact_style, without_unused_tokens
from survey_app.foundation.translation import (
    SOURCE_LANGUAGE,
    frame_languages,
    html_language,
    language_name,
    text_direction,
    use_language,
)

PER_PAGE = 12  # of the longest entries a page stays below 20 KB
MAX_CODE = 32
APP_FOLDER = Path(__file__).parents[1]


def district_improvements() -> AnyResponse:
    return _answer("")


def school_improvements(code: str) -> AnyResponse:
    if not code.isprintable() or len(code) > MAX_CODE:  # PostgreSQL refuses to look for a NUL
        abort(404)
    return _answer(code)


def _answer(code: str) -> AnyResponse:
    with database().read_session() as db:
        entries, office = public_entries(db, code), load_office(db, settings())
    if not entries:
        abort(404)
    asked = request.args.get("lang", "")
    tag = asked or request.accept_languages.best_match(frame_languages(), SOURCE_LANGUAGE)
    tag = tag if tag in frame_languages() else SOURCE_LANGUAGE
    found = page_of(entries, request.args.get("page", ""), PER_PAGE)
    with use_language(tag):
        page = render_template(
            "public/improvements.html", css=_style(), office=office, page=found, code=code, tag=tag,
            html_language=html_language(tag), direction=text_direction(tag),
            lines=[_line(one, tag) for one in found.rows],
            languages=[
                (html_language(other), language_name(other), _address(code, other, found))
                for other in frame_languages() if other != tag
            ],
            address=lambda number: _address(code, asked and tag, found, number),
            district=url_for("public.district_improvements", lang=(asked and tag) or None),
            school=lambda school: url_for("public.school_improvements", code=school, lang=(asked and tag) or None),
        )  # fmt: skip
    return _cached(page)


def _line(entry: PublicEntry, tag: str) -> dict[str, object]:
    """An entry in the language of the page, where somebody wrote it in it; else as it was said, and marked so."""
    words, is_other = entry.words, tag != SOURCE_LANGUAGE and bool(entry.words.said_en)
    said, done = (words.said_en, words.done_en) if is_other else (words.said, words.done)
    return {
        "school": entry.school_name, "code": entry.school_code, "year": entry.year, "said": said, "done": done,
        "language": "en" if is_other else html_language(SOURCE_LANGUAGE),
    }  # fmt: skip


def _address(code: str, tag: str, found: Paged[PublicEntry], number: int = 0) -> str:
    words = {"lang": tag or None, "page": number or (found.page if found.page > 1 else None)}
    if code:
        return url_for("public.school_improvements", code=code, **words)  # type: ignore[arg-type]
    return url_for("public.district_improvements", **words)  # type: ignore[arg-type]


def _cached(page: str) -> AnyResponse:
    """A reader asks each time whether it is still so: what was withdrawn is gone at once, what stayed is not sent."""
    headers = {
        "Content-Security-Policy": _policy(), "Cache-Control": "public, no-cache", "Vary": "Accept-Language",
    }  # fmt: skip
    response = Response(page, headers=headers, mimetype="text/html")
    response.add_etag()
    return response.make_conditional(request)


@cache
def _style() -> str:
    """The style behind the tokens that it uses."""
    style = compact_style((APP_FOLDER / "templates/public/public.css").read_text("utf-8"))
    tokens = compact_style((APP_FOLDER / "static" / "tokens.css").read_text("utf-8"))
    return without_unused_tokens(tokens, style) + style


@cache
def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self'; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
