"""The form as respondents see it. It is rendered once per instrument, audience, way in, language and size, then kept;
each request splices in what differs: the token, the school and its grades, the closing time, whom to ask."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from flask import render_template
from markupsafe import Markup, escape

from survey_app.definition.answers import Problem
from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.school_name import names_school
from survey_app.distribution.queries import FormLink
from survey_app.foundation.clock import format_local
from survey_app.foundation.extensions import clock
from survey_app.foundation.translation import _, language, language_name, render
from survey_app.frame.access_modes import ACCESS_MODES
from survey_app.frame.wave_states import GRACE_PERIOD, WaveState

from .assets import CONTENT_SECURITY_POLICY, CSS, FORM_JS
from .context import CODE_FIELD, FormContext, QuestionCard, form_context
from .display import DisplayOptions, device_button, draft_mode
from .notices import contact_line, language_attributes, notice_page

__all__ = ["CONTENT_SECURITY_POLICY", "DisplayOptions", "ResubmittedForm", "form_page", "notice_page"]

SLOTS = ("token", "school", "slug", "class", "grade", "left", "closes", "contact")
_MARK = secrets.token_hex(8)  # drawn at start: nobody can type it, and no questionnaire contains it
_SLOT_PATTERN = re.compile(f"{_MARK}_([a-z]+)_{_MARK}")
_MARKED_SLOTS = {name: Markup(f"{_MARK}_{name}_{_MARK}") for name in SLOTS}  # noqa: S704 - made here


@dataclass(frozen=True, slots=True)
class ResubmittedForm:
    """What came with a form that is shown again."""

    form_data: Mapping[str, Sequence[str]]
    problems: Sequence[Problem] = ()
    notice: str = ""
    resend: bool = False


@dataclass(frozen=True, slots=True)
class CodeField:
    """The field for the code of a way in that needs one."""

    label: str
    example: str


def code_field(access: str) -> CodeField | None:
    """The field that a way in needs, in the language of this moment; None on an open link."""
    mode = ACCESS_MODES[access]
    return CodeField(render(mode.code_label), mode.code_example) if mode.code_label else None


def form_page(link: FormLink, display: DisplayOptions, token: str, resubmitted: ResubmittedForm | None = None) -> bytes:
    """The form for a link; with ``resubmitted``, everything that was entered is still there."""
    slots = {
        "token": escape(token),
        "school": escape(link.school_name),
        "slug": escape(link.slug),
        "class": _class_line(link),
        "grade": _grade_card(link, display, resubmitted),
        "left": escape(_seconds_left(link, clock().now())),
        "closes": _closing_line(link.ends_at, language()),
        "contact": _introduction(contact_line()),
    }
    if resubmitted is not None:  # what somebody typed is never searched for slots
        return _render_form(link, display, slots, resubmitted).encode()
    page_key = (
        link.structure_hash,
        link.wording_hash,
        link.audience,
        link.access,
        _is_preview(link),
        _asks_grade(link),
    )
    return _fill_slots(_cached_page(page_key, display, _UnkeyedLink(link)), slots)


class _UnkeyedLink:
    """Carries the link past the cache key: equal keys make equal pages."""

    def __init__(self, link: FormLink) -> None:
        self.link = link

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _UnkeyedLink)


@dataclass(frozen=True, slots=True)
class _PageWithSlots:
    """The text of a page in pieces, and the names of what is spliced in between them."""

    texts: list[bytes]
    slots: list[str]


@lru_cache(maxsize=256)
def _cached_page(page_key: tuple[object, ...], display: DisplayOptions, unkeyed: _UnkeyedLink) -> _PageWithSlots:
    pieces = _SLOT_PATTERN.split(_render_form(unkeyed.link, display, _MARKED_SLOTS, None))
    return _PageWithSlots([text.encode() for text in pieces[::2]], pieces[1::2])


def _fill_slots(page: _PageWithSlots, slots: Mapping[str, Markup]) -> bytes:
    pieces = [b""] * (len(page.texts) + len(page.slots))
    pieces[::2], pieces[1::2] = page.texts, [slots[name].encode() for name in page.slots]
    return b"".join(pieces)


@lru_cache(maxsize=1024)
def _closing_line(ends_at: datetime, tag: str) -> Markup:
    """``tag`` is the language of this moment."""
    return escape(_("截止：{when}", when=format_local(ends_at)))


@lru_cache(maxsize=64)
def _introduction(line: Markup) -> Markup:
    return Markup('<p class="intro">{}</p>').format(line)


def _render_form(
    link: FormLink, display: DisplayOptions, slots: Mapping[str, Markup], resubmitted: ResubmittedForm | None
) -> str:
    form_data = resubmitted.form_data if resubmitted else {}
    return render_template(
        "collection/form.html",
        page=_form_context(link, resubmitted, slots["school"]),
        css=CSS,
        js=FORM_JS,
        slots=slots,
        display=display,
        size=display.size,
        languages=[(tag, language_name(tag)) for tag in link.instrument.languages],
        answers_per_child=AUDIENCES[link.audience].answers_per_child,
        **language_attributes(display.language),
        draft_mode=draft_mode(link, display, _is_preview(link)),
        device_button=device_button(link, display),
        typed=resubmitted is not None,
        resend=resubmitted is not None and resubmitted.resend,
        trial=_is_preview(link),
        code=code_field(link.access),
        code_typed=next(iter(form_data.get(CODE_FIELD, ())), ""),
    )


def _form_context(link: FormLink, resubmitted: ResubmittedForm | None, school: str) -> FormContext:
    typed, code = resubmitted or ResubmittedForm({}), code_field(link.access)
    return form_context(
        link.form, link.grades, typed.form_data, typed.problems, typed.notice,
        code_label=code.label if code else "", asks_grade=_asks_grade(link), school=school,
    )  # fmt: skip


def _is_preview(link: FormLink) -> bool:
    return link.wave_state == WaveState.WAITING


def _asks_grade(link: FormLink) -> bool:
    """A class link knows its grade; a school may have none."""
    return bool(link.grades) and not link.grade


def _seconds_left(link: FormLink, now: datetime) -> int:
    """How long a draft can still be sent: not the end itself, because the phone's clock may be wrong."""
    return max(0, int((link.ends_at + GRACE_PERIOD - now).total_seconds()))


def _class_line(link: FormLink) -> Markup:
    label = class_label(link)
    return Markup("<p>{}</p>").format(label) if label else Markup("")


def class_label(link: FormLink) -> str:
    grade = next((grade.label.in_language(language()) for grade in link.grades if grade.code == link.grade), "")
    return " ".join(part for part in (grade, link.class_name) if part)


def _grade_card(link: FormLink, display: DisplayOptions, resubmitted: ResubmittedForm | None) -> Markup:
    """The question for the grade with those of this school; nothing where there are none."""
    if not link.grades:
        return Markup("")
    if resubmitted is not None:
        return _render_grade(link, resubmitted)
    unkeyed, form_key = _UnkeyedLink(link), (link.structure_hash, link.wording_hash, link.audience)
    school = link.school_name if _names_school_in_grade(form_key, unkeyed) else ""
    codes = tuple([grade.code for grade in link.grades])
    return _cached_grade_card((form_key, codes, link.grade, school), display, unkeyed)


@lru_cache(maxsize=1024)
def _names_school_in_grade(form_key: tuple[object, ...], unkeyed: _UnkeyedLink) -> bool:
    """Whether the question for the grade says the name of the school: only then each school needs its own card."""
    audience = unkeyed.link.audience
    return any(
        names_school(words)
        for asked in unkeyed.link.form.asked
        if asked.kind.varies_by_school
        for text in (asked.question.text_for_audience(audience), asked.question.help_for_audience(audience))
        for words in (text or {}).values()
    )


@lru_cache(maxsize=4096)
def _cached_grade_card(key: tuple[object, ...], display: DisplayOptions, unkeyed: _UnkeyedLink) -> Markup:
    return _render_grade(unkeyed.link, ResubmittedForm({}))


def _render_grade(link: FormLink, resubmitted: ResubmittedForm) -> Markup:
    context = _form_context(link, resubmitted, link.school_name)
    card = next((card for section in context.sections for card in section.cards if card.in_slot), None)
    return _render_grade_card(card, link) if card else Markup("")


def _render_grade_card(card: QuestionCard, link: FormLink) -> Markup:
    fixed = next((grade for grade in link.grades if grade.code == link.grade), None)
    label = fixed.label.in_language(language()) if fixed else ""
    page = render_template("collection/grade.html", card=card, fixed=fixed, fixed_label=label)
    return Markup(page)  # noqa: S704 - rendered by a template that escapes
