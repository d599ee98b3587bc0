"""The year-end book as a download; made in a thread where that takes long."""

from werkzeug.wrappers import Response as AnyResponse

from survey_app.assessment.years import wave_of
from survey_app.foundation.background import Background, StillRunning
from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.stored_settings import load_office
from survey_app.foundation.translation import _, language, use_language
from survey_app.reporting.build import TalliesMissing
from survey_app.reporting.year_books import kept_computation, year_book
from survey_app.web.download import download

from ..lookup import XLSX, categories
from ..results.report import ReportPreparing, application, preparing_page
from .scheme import year_or_404

_books: Background[bytes] = Background("year-book")


def year_book_file(year_id: int) -> AnyResponse:
    """The book of the marks that are kept; refused where something changed since."""
    with database().read_session() as db:
        year = year_or_404(db, year_id)
        name, computation = year.name, kept_computation(db, year).id
        office = load_office(db, settings())
        key = (str(db.get_bind().url), year_id, computation, language())  # type: ignore[union-attr]
        wave = wave_of(db, year)
        wave_id = wave.id if wave else 0
    app, language_tag, now = application(), language(), clock().now()

    def build() -> bytes:
        with app.app_context(), use_language(language_tag), database().read_session() as db:
            return year_book(db, year_or_404(db, year_id), categories(), office.name, now)

    try:
        content = _books.wait_for(key, build)
    except StillRunning:
        return preparing_page(wave_id, ReportPreparing())
    except TalliesMissing:
        raise user_error("考核年度“{name}”的答卷要重新计数：请先重新计分", name=name) from None
    return download(content, XLSX, _("{year} 考核台账.xlsx", year=name))
