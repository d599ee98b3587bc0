"""A questionnaire file as the pages that phones would show, without a database and without a wave."""

from datetime import UTC, datetime, timedelta

from survey_app.definition.canonical import structure_hash, wording_hash
from survey_app.definition.categories import Categories
from survey_app.definition.form import form_for
from survey_app.definition.model import Instrument
from survey_app.distribution.queries import FormLink, school_grades
from survey_app.foundation.errors import user_error
from survey_app.foundation.translation import _, use_language
from survey_app.frame.wave_states import WaveState

from .pages import DisplayOptions, form_page

SIZES = ("normal", "large")


def preview_pages(instrument: Instrument, audience: str, categories: Categories) -> dict[str, bytes]:
    """File name to page, for each language and size. Raises :class:`UserError` if this audience is not asked."""
    if audience not in instrument.audiences:
        raise user_error("问卷“{id}”不问对象“{audience}”；可用：{known}",
                         id=instrument.id, audience=audience, known=", ".join(instrument.audiences))  # fmt: skip
    pages = {}
    for tag in instrument.languages:
        for size in SIZES:
            page = preview_page(instrument, audience, categories, tag, size)
            suffix = "" if size == "normal" else "-large"
            pages[f"{instrument.id}-{audience}-{tag}{suffix}.html"] = page
    return pages


def preview_page(instrument: Instrument, audience: str, categories: Categories, tag: str, size: str) -> bytes:
    """The form in one language and size, as a phone would show it; nothing that is sent from it counts."""
    with use_language(tag):
        return form_page(_sample_link(instrument, audience, categories), DisplayOptions(tag, size), "")


def _sample_link(instrument: Instrument, audience: str, categories: Categories) -> FormLink:
    """A link of a made-up school whose wave has not begun: the page says that it is a trial."""
    category, now = instrument.categories[0], datetime.now(UTC)
    return FormLink(
        link_id=0, slug="preview", wave_id=0, wave_name=_("预览"), school_id=0, school_name=_("示例学校"),
        audience=audience, grade="", class_name="", structure_hash=structure_hash(instrument),
        wording_hash=wording_hash(instrument), instrument=instrument, form=form_for(instrument, audience),
        grades=school_grades({}, instrument, categories, category, audience), access="open", opens_at=now,
        closes_at=now + timedelta(days=1), ends_at=now + timedelta(days=1), sealed=False,
        paused=False, revision=0, wave_state=WaveState.WAITING,
    )  # fmt: skip
