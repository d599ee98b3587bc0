"""The index without forms that show a signal, and paper beside online forms: for the office and auditors."""

from collections.abc import Iterator, Sequence

from survey_app.definition.audiences import AUDIENCES
from survey_app.foundation.translation import _

from .. import labels
from ..analysis.form_groups import MIN_CELLS, UsualDifferences, usual_differences
from ..disclosure.figures import FormGroupFigures, ModeFigures, UnavailableCount, WithoutFlagged
from ..number_format import NumberFormat
from ..signal_labels import form_group_caution, signal_text
from ..wave_report import SchoolReport, WaveReport
from .page_block import Heading, PageBlock, TextTable

TextRow = tuple[str, ...]
_WITHOUT_COLUMNS, _MODE_COLUMNS = 5, 6


def form_group_blocks(report: WaveReport, category: str) -> Iterator[PageBlock]:
    """One table a category: the usual difference of each audience, then the schools of which something is shown."""
    if not report.shows_private:
        return
    schools = report.in_category(category)
    rows = tuple(row for audience in report.audiences(category) for row in _rows(report, schools, audience))
    if rows:
        title = _("信号和纸卷使指数相差多少")
        table = TextTable((Heading(_("学校"), numeric=False), *_headings()), rows)
        yield PageBlock(f"f-{category}", title, "form_groups", table, note=form_group_caution())


def school_form_group_blocks(report: WaveReport, school: SchoolReport) -> Iterator[PageBlock]:
    """The same of one school, a row for each audience of which something is shown."""
    if not report.shows_private:
        return
    rows = tuple(
        (labels.audience(audience), *_figure_texts(report, cell.form_groups))
        for audience, cell in school.cells.items()
        if cell.form_groups is not None and cell.form_groups.is_shown
    )
    if rows:
        title = _("信号和纸卷使指数相差多少")
        yield PageBlock("form-groups", title, "form_groups", TextTable(_headings(), rows), note=form_group_caution())


def _headings() -> tuple[Heading, ...]:
    return (
        Heading(_("对象"), numeric=False), Heading(_("指数")), Heading(_("有信号")),
        Heading(_("去掉后的指数")), Heading(_("今年 95% 区间")), Heading(_("去掉后相差")),
        Heading(_("纸卷"), "modes"), Heading(_("网上")), Heading(_("纸卷指数")), Heading(_("网上指数")),
        Heading(_("纸卷减网上")), Heading(_("95% 区间")),
    )  # fmt: skip


def _rows(report: WaveReport, schools: Sequence[SchoolReport], audience: str) -> Iterator[TextRow]:
    if not AUDIENCES[audience].is_sample:
        return
    cells = [(school.name, cell.form_groups) for school in schools if (cell := school.cells.get(audience)) is not None]
    known = [(name, figures) for name, figures in cells if figures is not None and figures.is_shown]
    if len(known) >= MIN_CELLS:
        usual = usual_differences(figures for _name, figures in known)
        yield (_("同类平均"), labels.audience(audience), *_usual_texts(report, usual))
    for name, figures in known:
        yield (name, labels.audience(audience), *_figure_texts(report, figures))


def _usual_texts(report: WaveReport, usual: UsualDifferences) -> TextRow:
    signed = NumberFormat(report).signed
    return ("", "", "", "", signed(usual.without), "", "", "", "", signed(usual.modes), "")


def _figure_texts(report: WaveReport, figures: FormGroupFigures) -> TextRow:
    """A pair with a part that is too small is hidden."""
    return (*_without_texts(report, figures.without), *_mode_texts(report, figures.modes))


def _without_texts(report: WaveReport, found: WithoutFlagged | UnavailableCount) -> TextRow:
    if isinstance(found, UnavailableCount):
        return (signal_text(found),) * _WITHOUT_COLUMNS
    number_format, without = NumberFormat(report), found.without
    return (
        number_format.points(found.index.points), f"{found.flagged:,}", number_format.points(without.points),
        number_format.interval(without.low, without.high), number_format.signed(found.difference),
    )  # fmt: skip


def _mode_texts(report: WaveReport, found: ModeFigures | UnavailableCount) -> TextRow:
    if isinstance(found, UnavailableCount):
        return (signal_text(found),) * _MODE_COLUMNS
    number_format, difference = NumberFormat(report), found.difference
    return (
        f"{found.paper_n:,}", f"{found.online_n:,}", number_format.points(found.paper.points),
        number_format.points(found.online.points), number_format.signed(difference.points),
        number_format.signed_interval(difference.low, difference.high),
    )  # fmt: skip
