"""The pages that respondents see. A form is rendered once per instrument, audience, language and size, then kept;
each request splices in what differs: the token, the school and its grades."""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import render_template
from markupsafe import Markup, escape

from survey_app.definition.answers import Problem
from survey_app.definition.form import Form
from survey_app.definition.messages import Message
from survey_app.distribution.queries import OpenLink
from survey_app.foundation.translation import HTML_LANGUAGE, language, say
from survey_app.frame.wave_states import WaveState

from .context import Card, form_context

SOURCES = Path(__file__).parents[1] / "templates" / "collection"
CODE_FIELD = "_code"
_SLOT = re.compile("\ue000(\\w+)\ue001")


def _compact(name: str) -> str:
    """A style or script without its line breaks, as it stands in the page and in the policy's hash."""
    return "".join(line.strip() for line in (SOURCES / name).read_text("utf-8").splitlines())


CSS, FORM_JS, THANKS_JS = _compact("form.css"), _compact("form.js"), _compact("thanks.js")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


POLICY = (
    f"default-src 'none'; style-src {_hash(CSS)}; script-src {_hash(FORM_JS)} {_hash(THANKS_JS)}; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class View:
    """How somebody wants to see the page."""

    language: str = "zh"
    size: str = "normal"
    shared: bool = False  # one device for many people: no draft, no "one more"


@dataclass(frozen=True, slots=True)
class Typed:
    """What came with a form that is shown again."""

    fields: Mapping[str, Sequence[str]]
    problems: Sequence[Problem] = ()
    notice: str = ""
    resend: bool = False


def form_page(link: OpenLink, view: View, token: str, typed: Typed | None = None) -> bytes:
    """The form for a link; with ``typed``, everything that was entered is still there."""
    slots = {
        "token": token,
        "school": str(escape(link.school_name)),
        "slug": link.slug,
        "class": _class_line(link),
    }
    if typed is None:
        slots["grade"] = str(_kept_grade(_grade_key(link, view)))
        kind = (link.audience, link.access, link.state_at == WaveState.WAITING)
        return _spliced(_kept(link.structure_hash + link.wording_hash, kind, view, _Built(link)), slots)
    form = link.form
    slots["grade"] = str(_grade(link, form, typed))
    return _spliced(_split(_render(form, link, view, typed)), slots)


class _Built:
    """Carries the link past the cache key: equal keys make equal pages."""

    def __init__(self, link: OpenLink) -> None:
        self.link = link

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Built)


@lru_cache(maxsize=256)
def _kept(hashes: str, kind: tuple[str, str, bool], view: View, built: _Built) -> tuple[bytes, ...]:
    return _split(_render(built.link.form, built.link, view, None))


def _split(page: str) -> tuple[bytes, ...]:
    """Alternately page text and the name of what is spliced in."""
    return tuple(part.encode() for part in _SLOT.split(page))


def _spliced(parts: tuple[bytes, ...], slots: Mapping[str, str]) -> bytes:
    return b"".join(slots[part.decode()].encode() if index % 2 else part for index, part in enumerate(parts))


def _slot(name: str) -> str:
    return f"\ue000{name}\ue001"


def _render(form: Form, link: OpenLink, view: View, typed: Typed | None) -> str:
    page = form_context(
        form,
        link.grades,
        typed.fields if typed else {},
        typed.problems if typed else (),
        typed.notice if typed else "",
    )
    return render_template(
        "collection/form.html",
        page=page, css=CSS, js=FORM_JS, token=_slot("token"), school=_slot("school"),
        slug=_slot("slug"), action=f"/s/{_slot('slug')}", class_slot=_slot("class"), grade_slot=_slot("grade"),
        lang=view.language, size=view.size, html_language=HTML_LANGUAGE[view.language], typed=typed is not None,
        shared=view.shared, resend=typed is not None and typed.resend, trial=link.state_at == WaveState.WAITING,
        access=link.access, code_typed=next(iter(typed.fields.get(CODE_FIELD, ())), "") if typed else "",
    )  # fmt: skip


def _class_line(link: OpenLink) -> Markup | str:
    label = class_label(link)
    return Markup("<p>{}</p>").format(label) if label else ""


def class_label(link: OpenLink) -> str:
    grade = next((grade.label.in_language(language()) for grade in link.grades if grade.code == link.grade), "")
    return " ".join(part for part in (grade, link.class_name) if part)


def _grade(link: OpenLink, form: Form, typed: Typed) -> str:
    context = form_context(form, link.grades, typed.fields, typed.problems)
    card = next((card for part in context.parts for card in part.cards if card.kind == "grade"), None)
    return _grade_card(card, link) if card else ""


def _grade_card(card: Card, link: OpenLink) -> str:
    fixed = next((grade for grade in link.grades if grade.code == link.grade), None)
    label = fixed.label.in_language(language()) if fixed else ""
    return render_template("collection/grade.html", card=card, fixed=fixed, fixed_label=label)


@dataclass(frozen=True)
class _GradeKey:
    structure: str
    audience: str
    view: View
    grades: tuple[str, ...]
    grade: str
    built: _Built


def _grade_key(link: OpenLink, view: View) -> _GradeKey:
    codes = tuple(grade.code for grade in link.grades)
    return _GradeKey(link.structure_hash + link.wording_hash, link.audience, view, codes, link.grade, _Built(link))


@lru_cache(maxsize=4096)
def _kept_grade(key: _GradeKey) -> str:
    link = key.built.link
    return _grade(link, link.form, Typed({}))


def thanks_page(slug: str, view: View) -> str:
    """The same for everybody: it tells nothing about what was answered."""
    return render_template(
        "collection/thanks.html", css=CSS, js=THANKS_JS, slug=slug, size=view.size, shared=view.shared,
        html_language=HTML_LANGUAGE[view.language],
    )  # fmt: skip


def notice_page(view: View, heading: Message, *lines: Message, trial: str = "") -> str:
    return render_template(
        "collection/notice.html", css=CSS, size=view.size, html_language=HTML_LANGUAGE[view.language],
        heading=say(heading), lines=[say(line) for line in lines], trial=trial,
    )  # fmt: skip
