"""The pages beside the form: received, not open, not there, not possible now. Each says what happened, what to do and
whom to ask; notices say it in every language, because whoever reads them may never have seen the form."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup, escape

from survey_app.definition.messages import Message
from survey_app.distribution.queries import FormLink
from survey_app.foundation.extensions import settings
from survey_app.foundation.translation import HTML_LANGUAGE, LANGUAGES, _, render, use_language

from .access import CODE
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
    heading: str
    lines: tuple[str, ...]
    link: tuple[str, str] | None
    again: str
    contact: Markup


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
        html_language=HTML_LANGUAGE[display.language],
        texts=tuple(_notice_texts(display, heading, lines, link)),
        again=resend,
        forget=forget,
    )


def _notice_texts(
    display: DisplayOptions, heading: Message, lines: Sequence[Message], link: NoticeLink | None
) -> Iterator[NoticeText]:
    for tag in (display.language, *(tag for tag in LANGUAGES if tag != display.language)):
        with use_language(tag):
            yield NoticeText(
                html_language=HTML_LANGUAGE[tag],
                heading=render(heading),
                lines=tuple(render(line) for line in lines),
                link=(render(link.label), link.address) if link else None,
                again=_("再试一次"),
                contact=contact_line(),
            )


def contact_line() -> Markup:
    """Whom to ask, in the language of this moment; a telephone number is not broken over two lines."""
    office = settings()
    name, contact = escape(office.office_name), Markup('<span class="unit">{}</span>').format(office.office_contact)
    line = _("咨询：{office}，{contact}", office=name, contact=contact) if office.office_contact else ""
    return Markup(line or _("咨询：{office}", office=name))  # noqa: S704 - both were escaped


def thanks_page(link: FormLink | None, display: DisplayOptions) -> str:
    """The same for everybody: it tells nothing about what was answered."""
    shared = link is not None and is_shared(link, display)
    is_parent = link is not None and link.audience == "parent"
    by_slip = link is not None and link.access == CODE
    address, label, note = "", "", ""
    if link is not None and shared:
        address, label = display.address(f"/s/{link.slug}", "again"), _("下一位")
    elif link is not None and is_parent and not by_slip:
        address, label = display.address(f"/s/{link.slug}", "again"), _("为另一个孩子再填一份")
    elif is_parent:
        note = _("为另一个孩子填写，请扫另一张纸条上的二维码。")
    return render_template(
        "collection/thanks.html", css=CSS, js=PAGE_JS, size=display.size, shared=shared, note=note,
        html_language=HTML_LANGUAGE[display.language], next_address=address, next_label=label,
    )  # fmt: skip
