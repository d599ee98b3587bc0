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
from survey_app.distribution.queries import FormLink
from survey_app.foundation.templates import compact_style, without_unused_tokens
from survey_app.foundation.translation import HTML_LANGUAGE, language, render
from survey_app.frame.wave_states import WaveState

from .context import QuestionCard, form_context

TEMPLATE_FOLDER = Path(__file__).parents[1] / "templates" / "collection"
STATIC_FOLDER = Path(__file__).parents[1] / "static"
CODE_FIELD = "_code"
_SLOT_PATTERN = re.compile("\ue000(\\w+)\ue001")


def _read_script(name: str) -> str:
    """A script without its line breaks, as it stands in the page and in the policy's hash."""
    return "".join(line.strip() for line in (TEMPLATE_FOLDER / name).read_text("utf-8").splitlines())


def _read_style() -> str:
    """The form's style behind the tokens that it uses."""
    style = compact_style((TEMPLATE_FOLDER / "form.css").read_text("utf-8"))
    tokens = compact_style((STATIC_FOLDER / "tokens.css").read_text("utf-8"))
    return without_unused_tokens(tokens, style) + style


CSS, FORM_JS, THANKS_JS = _read_style(), _read_script("form.js"), _read_script("thanks.js")


def _csp_hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; style-src {_csp_hash(CSS)}; script-src {_csp_hash(FORM_JS)} {_csp_hash(THANKS_JS)}; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class DisplayOptions:
    """How somebody wants to see the page."""

    language: str = "zh"
    size: str = "normal"
    shared_device: bool = False  # one device for many people: no draft, no "one more"


@dataclass(frozen=True, slots=True)
class ResubmittedForm:
    """What came with a form that is shown again."""

    form_data: Mapping[str, Sequence[str]]
    problems: Sequence[Problem] = ()
    notice: str = ""
    resend: bool = False


def form_page(link: FormLink, display: DisplayOptions, token: str, resubmitted: ResubmittedForm | None = None) -> bytes:
    """The form for a link; with ``typed``, everything that was entered is still there."""
    slots = {
        "token": token,
        "school": str(escape(link.school_name)),
        "slug": link.slug,
        "class": _class_line(link),
    }
    if resubmitted is None:
        slots["grade"] = str(_cached_grade_card(_grade_key(link, display)))
        page_key = (link.audience, link.access, link.wave_state == WaveState.WAITING)
        return _fill_slots(
            _cached_page(link.structure_hash + link.wording_hash, page_key, display, _UnkeyedLink(link)), slots
        )
    form = link.form
    slots["grade"] = str(_render_grade(link, form, resubmitted))
    return _fill_slots(_split_at_slots(_render_form(form, link, display, resubmitted)), slots)


class _UnkeyedLink:
    """Carries the link past the cache key: equal keys make equal pages."""

    def __init__(self, link: FormLink) -> None:
        self.link = link

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _UnkeyedLink)


@lru_cache(maxsize=256)
def _cached_page(
    hashes: str, page_key: tuple[str, str, bool], display: DisplayOptions, unkeyed: _UnkeyedLink
) -> tuple[bytes, ...]:
    return _split_at_slots(_render_form(unkeyed.link.form, unkeyed.link, display, None))


def _split_at_slots(page: str) -> tuple[bytes, ...]:
    """Alternately page text and the name of what is spliced in."""
    return tuple(piece.encode() for piece in _SLOT_PATTERN.split(page))


def _fill_slots(pieces: tuple[bytes, ...], slots: Mapping[str, str]) -> bytes:
    return b"".join(slots[piece.decode()].encode() if index % 2 else piece for index, piece in enumerate(pieces))


def _slot(name: str) -> str:
    return f"\ue000{name}\ue001"


def _render_form(form: Form, link: FormLink, display: DisplayOptions, resubmitted: ResubmittedForm | None) -> str:
    context = form_context(
        form,
        link.grades,
        resubmitted.form_data if resubmitted else {},
        resubmitted.problems if resubmitted else (),
        resubmitted.notice if resubmitted else "",
    )
    return render_template(
        "collection/form.html",
        page=context,
        css=CSS,
        js=FORM_JS,
        token=_slot("token"),
        school=_slot("school"),
        slug=_slot("slug"),
        action=f"/s/{_slot('slug')}",
        class_slot=_slot("class"),
        grade_slot=_slot("grade"),
        lang=display.language,
        size=display.size,
        html_language=HTML_LANGUAGE[display.language],
        typed=resubmitted is not None,
        shared=display.shared_device,
        resend=resubmitted is not None and resubmitted.resend,
        trial=link.wave_state == WaveState.WAITING,
        access=link.access,
        code_typed=next(iter(resubmitted.form_data.get(CODE_FIELD, ())), "") if resubmitted else "",
    )


def _class_line(link: FormLink) -> Markup | str:
    label = class_label(link)
    return Markup("<p>{}</p>").format(label) if label else ""


def class_label(link: FormLink) -> str:
    grade = next((grade.label.in_language(language()) for grade in link.grades if grade.code == link.grade), "")
    return " ".join(part for part in (grade, link.class_name) if part)


def _render_grade(link: FormLink, form: Form, resubmitted: ResubmittedForm) -> str:
    context = form_context(form, link.grades, resubmitted.form_data, resubmitted.problems)
    card = next((card for section in context.sections for card in section.cards if card.kind == "grade"), None)
    return _render_grade_card(card, link) if card else ""


def _render_grade_card(card: QuestionCard, link: FormLink) -> str:
    fixed = next((grade for grade in link.grades if grade.code == link.grade), None)
    label = fixed.label.in_language(language()) if fixed else ""
    return render_template("collection/grade.html", card=card, fixed=fixed, fixed_label=label)


@dataclass(frozen=True)
class _GradeKey:
    structure: str
    audience: str
    display: DisplayOptions
    grades: tuple[str, ...]
    grade: str
    unkeyed: _UnkeyedLink


def _grade_key(link: FormLink, display: DisplayOptions) -> _GradeKey:
    codes = tuple(grade.code for grade in link.grades)
    return _GradeKey(
        link.structure_hash + link.wording_hash, link.audience, display, codes, link.grade, _UnkeyedLink(link)
    )


@lru_cache(maxsize=4096)
def _cached_grade_card(key: _GradeKey) -> str:
    link = key.unkeyed.link
    return _render_grade(link, link.form, ResubmittedForm({}))


def thanks_page(slug: str, display: DisplayOptions) -> str:
    """The same for everybody: it tells nothing about what was answered."""
    return render_template(
        "collection/thanks.html", css=CSS, js=THANKS_JS, slug=slug, size=display.size, shared=display.shared_device,
        html_language=HTML_LANGUAGE[display.language],
    )  # fmt: skip


def notice_page(display: DisplayOptions, heading: Message, *lines: Message, preview_url: str = "") -> str:
    return render_template(
        "collection/notice.html", css=CSS, size=display.size, html_language=HTML_LANGUAGE[display.language],
        heading=render(heading), lines=[render(line) for line in lines], trial=preview_url,
    )  # fmt: skip
