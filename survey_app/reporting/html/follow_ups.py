"""What was answered to follow-ups: how many chose each option, at one school or at all that show it together."""

from collections.abc import Iterator, Sequence

from survey_app.definition.kinds import kind_of
from survey_app.definition.model import BackgroundQuestion
from survey_app.definition.school_name import with_school
from survey_app.foundation.translation import _, language

from .. import labels
from ..disclosure.figures import PublishableFollowUp
from ..number_format import NumberFormat
from ..wave_report import AudienceInstrument, CellReport, WaveReport
from .page_block import Heading, PageBlock, TextTable


def follow_up_blocks(
    report: WaveReport, block_id: str, entry: AudienceInstrument, cells: Sequence[CellReport]
) -> Iterator[PageBlock]:
    """One table of the follow-ups that these cells show; none where none was asked."""
    asked = [question for question in entry.instrument.follow_up if entry.audience in question.audiences]
    if not asked or not cells:
        return
    headings = (Heading(_("题号"), numeric=False), Heading(_("追问"), numeric=False), Heading(_("选项"), numeric=False),
                Heading(_("作答")), Heading(_("选了")), Heading(_("占作答"), "rate"))  # fmt: skip
    rows = tuple(row for question in asked for row in _rows(report, entry, question, cells))
    title = _("追问 · {audience}", audience=labels.audience(entry.audience))
    yield PageBlock(block_id, title, "rate", TextTable(headings, rows), note=_note())


def _note() -> str:
    return _("不计分，不进指数。多选题的占比相加可以超过 100%。＊ 人数太少、几乎一致或防止反推，不公布。")


def _rows(
    report: WaveReport, entry: AudienceInstrument, question: BackgroundQuestion, cells: Sequence[CellReport]
) -> Iterator[tuple[str, ...]]:
    number_format, pooled = NumberFormat(report), pool_follow_up(question.id, cells)
    min_n = report.scheme.settings.audience_min_n(entry.audience)
    hidden = pooled is None or 0 < pooled.n < min_n
    options = kind_of(question).options(question, ())
    for number, option in enumerate(options):
        name, text = (question.id, question_words(question, entry.audience)) if number == 0 else ("", "")
        figures = ("＊", "＊", "＊")
        if pooled is not None and not hidden:
            figures = (f"{pooled.n:,}", f"{pooled.counts[number]:,}", number_format.share(pooled.shares[number]))
        yield (name, text, option.label.in_language(language()), *figures)


def follow_up_by_school(report: WaveReport, entry: AudienceInstrument, question: BackgroundQuestion) -> PageBlock:
    """One follow-up at every school of the category: a column for each option."""
    number_format, options = NumberFormat(report), kind_of(question).options(question, ())
    headings = (Heading(_("学校"), numeric=False), Heading(_("作答")),
                *(Heading(option.label.in_language(language()), "rate") for option in options))  # fmt: skip
    rows = []
    for school in report.in_category(entry.category):
        cell = school.cells.get(entry.audience)
        figures = dict(cell.follow_ups).get(question.id) if cell is not None else None
        if isinstance(figures, PublishableFollowUp):
            rows.append((school.name, f"{figures.n:,}", *(number_format.share(share) for share in figures.shares)))
        elif figures is not None:
            rows.append((school.name, "＊", *("＊" for _option in options)))
    title = question_words(question, entry.audience)
    return PageBlock("item", title, "rate", TextTable(headings, tuple(rows)), note=_note())


def question_words(question: BackgroundQuestion, audience: str) -> str:
    return with_school(question.text_for_audience(audience).in_language(language()), _("这所学校"))


def pool_follow_up(name: str, cells: Sequence[CellReport]) -> PublishableFollowUp | None:
    """Return the answers of the cells that show a follow-up together; None if no cell does."""
    found = [figures for cell in cells if isinstance(figures := dict(cell.follow_ups).get(name), PublishableFollowUp)]
    if not found:
        return None
    counts = tuple(sum(column) for column in zip(*(figures.counts for figures in found), strict=True))
    return PublishableFollowUp(found[0].codes, sum(figures.n for figures in found), counts)
