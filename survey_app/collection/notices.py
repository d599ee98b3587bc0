"""The pages beside the form: received, not open, not there, not possible now. Each says what happened, what to do and
whom to ask; notices say it in every language, because whoever reads them may never have seen the form."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import current_app, render_template
from markupsafe import Markup, escape

from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.messages import Message
from survey_app.distribution.queries import FormLink
from survey_app.foundation.office_cache import OfficeCache
from survey_app.foundation.translation import (
    _,
    frame_languages,
    html_language,
    language,
    render,
    text_direction,
    use_language,
)
from survey_app.frame.access_modes import ACCESS_MODES, CodeScope

from .assets import CSS, PAGE_JS
from .display import DisplayOptions, is_shared


@dataclass(frozen=True, slots=True)
class NoticeLink:
    """The way on, or back."""

    label: Message
    address: str


@dataclass(frozen=True, slots=True)
class Resend:
    """What somebody sent, as hidden fields behind a button: nothing is lost, and no page has to be reloaded."""

    address: str
    fields: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A notice in one language."""

    html_language: str
    direction: str
    heading: str
    lines: tuple[str, ...]
    link: tuple[str, str] | None
    again: str
    contact: Markup


def language_attributes(tag: str) -> dict[str, str]:
    """What the page says of its language: the value of ``lang``, and in which direction it is read."""
    return {"html_language": html_language(tag), "direction": text_direction(tag)}


def notice_page(
    display: DisplayOptions, heading: Message, *lines: Message,
    link: NoticeLink | None = None, resend: Resend | None = None, forget: str = "",
) -> str:  # fmt: skip
    """A notice, in the language of ``display`` first. ``forget`` is the form whose draft leaves the device."""
    return render_template(
        "collection/notice.html",
        css=CSS,
        js=PAGE_JS,
        size=display.size,
        **language_attributes(display.language),
        texts=tuple(_notice_texts(display, heading, lines, link)),
        again=resend,
        forget=forget,
    )


def _notice_texts(
    display: DisplayOptions, heading: Message, lines: Sequence[Message], link: NoticeLink | None
) -> Iterator[NoticeText]:
    for tag in (display.language, *(tag for tag in frame_languages() if tag != display.language)):
        with use_language(tag):
            yield NoticeText(
                **language_attributes(tag),
                heading=render(heading),
                lines=tuple(render(line) for line in lines),
                link=(render(link.label), link.address) if link else None,
                again=_("再试一次"),
                contact=contact_line(),
            )


def contact_line() -> Markup:
    """Whom to ask, in the language of this moment; a telephone number is not broken over two lines."""
    cache: OfficeCache = current_app.extensions["office"]
    office = cache.find()
    return _contact_line(office.name, office.contact, language())


@lru_cache(maxsize=64)
def _contact_line(office_name: str, office_contact: str, tag: str) -> Markup:
    """``tag`` is the language of this moment: every form and notice has this line."""
    name, contact = escape(office_name), Markup('<span class="unit">{}</span>').format(office_contact)
    line = _("咨询：{office}，{contact}", office=name, contact=contact) if office_contact else ""
    return Markup(line or _("咨询：{office}", office=name))  # noqa: S704 - both were escaped


def thanks_page(link: FormLink | None, display: DisplayOptions, improvements: str = "") -> str:
    """The same for everybody: it tells nothing about what was answered. ``improvements``: where others' words led."""
    shared = link is not None and is_shared(link, display)
    per_child = link is not None and AUDIENCES[link.audience].answers_per_child
    by_slip = link is not None and ACCESS_MODES[link.access].code_scope is CodeScope.PERSON
    address, label, note = "", "", ""
    if link is not None and shared:
        address, label = display.address(f"/s/{link.slug}", "again"), _("下一位")
    elif link is not None and per_child and not by_slip:
        address, label = display.address(f"/s/{link.slug}", "again"), _("为另一个孩子再填一份")
    elif per_child:
        note = _("为另一个孩子填写，请扫另一张纸条上的二维码。")
    return render_template(
        "collection/thanks.html", css=CSS, js=PAGE_JS, size=display.size, shared=shared, note=note,
        **language_attributes(display.language), next_address=address, next_label=label,
        improvements=improvements,
    )  # fmt: skip
