"""The report as rows: what ``flask results`` prints and scripts of the office read."""

from collections.abc import Iterator
from typing import Any, assert_never

from survey_app.measurement.promoters import PromoterScore
from survey_app.measurement.strata import IndexEstimate

from .. import labels
from ..disclosure.figures import (
    SUPPRESSED,
    Cell,
    DimensionFigures,
    FollowUpFigures,
    HiddenDimension,
    HiddenFollowUp,
    HiddenItem,
    ItemFigures,
    ItemRange,
    PublishableDimension,
    PublishableItem,
)
from ..flags import join_flags, participation_flags
from ..number_format import Rounding
from ..wave_report import SchoolReport, WaveReport

TableRow = dict[str, Any]
FOLLOW_UP = "follow_up"
INDEX_COLUMNS = (
    "wave", "school_code", "school_name", "category", "audience", "instrument", "dimension", "population", "received",
    "respondents", "response_rate", "n", "index", "se_year", "ci_low", "ci_high", "df_year", "se_level", "df_level",
    "se", "se_corrected", "index_plain", "se_plain", "se_plain_corrected", "answers", "favourable", "rate",
    "rate_se_year", "rate_low", "rate_high", "rate_plain", "rate_plain_se", "rate_plain_se_corrected", "satisfied",
    "satisfied_se_year", "satisfied_low", "satisfied_high", "top3", "dissatisfied_share", "na_share", "strata",
    "class_correlation", "reliability", "flags",
)  # fmt: skip
ITEM_COLUMNS = (
    "wave", "school_code", "audience", "instrument", "item", "text", "concept", "n", "na", "blank", "not_shown",
    "index", "rate", "rate_low", "rate_high", "flags",
)  # fmt: skip
RANKING_COLUMNS = (
    "wave", "category", "school_code", "school_name", "composite", "se_level", "ranked", "reason", "rank", "rank_low",
    "rank_high", "rank_low_simultaneous", "rank_high_simultaneous", "expected_rank", "band",
)  # fmt: skip
_ERROR_COLUMNS = {"level": "se_level", "sampling": "se"}
LARGEST_DF = 99_999.0  # a normal distribution, to five digits


def index_rows(report: WaveReport) -> Iterator[TableRow]:
    """One row a school × audience × dimension, then the school's composite."""
    rounding = Rounding(report)
    for school in report.schools:
        for cell in school.cells.values():
            flags = participation_flags(report, cell.cell)
            for figures in cell.cell.dimensions_and_overall:
                yield _school_columns(report, school) | _index_row(cell.cell, figures, flags, rounding)
        yield _school_columns(report, school) | _composite_row(school, rounding)


def _school_columns(report: WaveReport, school: SchoolReport) -> TableRow:
    blank: TableRow = dict.fromkeys(INDEX_COLUMNS)
    return blank | {
        "wave": report.wave,
        "school_code": school.code,
        "school_name": school.name,
        "category": school.category,
    }


def _index_columns(index: IndexEstimate, rounding: Rounding) -> TableRow:
    points = rounding.points
    return {
        "index": points(index.points), "se_year": points(index.se_year), "ci_low": points(index.low),
        "ci_high": points(index.high), "df_year": _df(index.df_year, rounding), "se_level": points(index.se_level),
        "df_level": _df(index.df_level, rounding), "se": points(index.se), "se_corrected": points(index.se_corrected),
    }  # fmt: skip


def _df(value: float | None, rounding: Rounding) -> float | None:
    """Degrees of freedom; a normal distribution has no end of them."""
    return None if value is None else rounding.points(min(value, LARGEST_DF))


def _rate_columns(figures: PublishableDimension, rounding: Rounding) -> TableRow:
    rate, satisfied, share = figures.rate, figures.satisfied, rounding.share
    return {
        "answers": rate.answers, "favourable": rate.favourable, "rate": share(rate.share),
        "rate_se_year": share(rate.se_year), "rate_low": share(rate.low), "rate_high": share(rate.high),
        "rate_plain": share(rate.plain), "rate_plain_se": share(rate.plain_se),
        "rate_plain_se_corrected": share(rate.plain_se_corrected), "satisfied": share(satisfied.share),
        "satisfied_se_year": share(satisfied.se_year), "satisfied_low": share(satisfied.low),
        "satisfied_high": share(satisfied.high), "top3": share(satisfied.top3),
        "dissatisfied_share": share(rate.dissatisfied), "na_share": share(rate.not_applicable),
    }  # fmt: skip


def _index_row(cell: Cell, figures: DimensionFigures, flags: frozenset[str], rounding: Rounding) -> TableRow:
    row: TableRow = {
        "audience": cell.audience,
        "instrument": cell.instrument,
        "dimension": figures.dimension,
        "population": cell.population,
        "received": cell.received,
        "respondents": cell.respondents,
        "response_rate": rounding.share(cell.response_rate),
        "flags": join_flags(figures.flags, flags),
    }
    if isinstance(figures, HiddenDimension):
        return row
    plain = figures.unweighted_index
    return row | _index_columns(figures.index, rounding) | _rate_columns(figures, rounding) | {
        "n": figures.n, "index_plain": rounding.points(plain.points), "se_plain": rounding.points(plain.se),
        "se_plain_corrected": rounding.points(plain.se_corrected), "strata": figures.strata_count,
        "class_correlation": figures.correlation,
    }  # fmt: skip


def _composite_row(school: SchoolReport, rounding: Rounding) -> TableRow:
    return _index_columns(school.composite.index, rounding) | {
        "audience": "composite",
        "dimension": "OVERALL",
        "reliability": rounding.share(school.ranking.reliability),
        "flags": join_flags(school.composite.flags),
    }


def item_columns(report: WaveReport) -> tuple[str, ...]:
    """The columns of the item table; one count for each option code that any instrument of the wave uses."""
    codes: dict[str, None] = {}
    for school in report.schools:
        for cell in school.cells.values():
            for _, figures in cell.items:
                codes |= dict.fromkeys(figures.codes)
    follow_ups = (figures for school in report.schools for cell in school.cells.values()
                  for _name, figures in cell.follow_ups)  # fmt: skip
    for found in follow_ups:
        codes |= dict.fromkeys(found.codes)
    at = ITEM_COLUMNS.index("index")
    promoters = ("nps", "nps_se") if report.asks_for_promoters else ()
    return (
        *ITEM_COLUMNS[:at],
        *(f"count_{code}" for code in codes),
        *ITEM_COLUMNS[at:-1],
        *promoters,
        ITEM_COLUMNS[-1],
    )


def item_rows(report: WaveReport) -> Iterator[TableRow]:
    """One row a school × audience × item, then × follow-up."""
    rounding = Rounding(report)
    blank: TableRow = dict.fromkeys(item_columns(report))
    texts = labels.item_texts(report)
    for school in report.schools:
        for cell in school.cells.values():
            cell_columns = {
                "wave": report.wave, "school_code": school.code, "audience": cell.cell.audience,
                "instrument": cell.cell.instrument,
            }  # fmt: skip
            for name, figures in cell.items:
                text = texts[school.category, cell.cell.audience, name]
                item_names = {"item": name, "text": text, "concept": figures.concept, "flags": ""}
                yield blank | cell_columns | item_names | _item_figures(figures, rounding)
            for name, found in cell.follow_ups:
                text = texts[school.category, cell.cell.audience, name]
                yield blank | cell_columns | {"item": name, "text": text, "concept": ""} | _follow_up_figures(found)


def _item_figures(figures: ItemFigures, rounding: Rounding) -> TableRow:
    if isinstance(figures, HiddenItem):
        return {"flags": SUPPRESSED}
    if isinstance(figures, ItemRange):
        return {
            "rate_low": rounding.share(figures.rate_low),
            "rate_high": rounding.share(figures.rate_high),
            "flags": "range",
        }
    if isinstance(figures, PublishableItem):
        distribution = figures.distribution
        counts = {f"count_{code}": n for code, n in zip(figures.codes, distribution.counts, strict=True)}
        return (
            {
                "n": distribution.n,
                "na": distribution.not_applicable,
                "blank": distribution.blank,
                "not_shown": distribution.not_shown,
                "index": rounding.points(distribution.index),
                "rate": rounding.share(distribution.rate),
                "rate_low": rounding.share(distribution.rate_low),
                "rate_high": rounding.share(distribution.rate_high),
            }
            | counts
            | _promoter_columns(distribution.promoters, rounding)
        )
    assert_never(figures)


def _follow_up_figures(found: FollowUpFigures) -> TableRow:
    """Counts by option; where several may be chosen they add up to more than ``n``."""
    if isinstance(found, HiddenFollowUp):
        return {"flags": f"{FOLLOW_UP}|{SUPPRESSED}"}
    counts = {f"count_{code}": count for code, count in zip(found.codes, found.counts, strict=True)}
    return {"n": found.n, "flags": FOLLOW_UP} | counts


def _promoter_columns(found: PromoterScore | None, rounding: Rounding) -> TableRow:
    return {} if found is None else {"nps": rounding.points(found.score), "nps_se": rounding.points(found.se)}


def ranking_columns(report: WaveReport) -> tuple[str, ...]:
    """The columns of the ranking; that of the error is named after what schools were ranked by."""
    error = _ERROR_COLUMNS[report.ranking_errors]
    return tuple(error if name == "se_level" else name for name in RANKING_COLUMNS)


def ranking_rows(report: WaveReport) -> Iterator[TableRow]:
    """One row a school, by category, ranked schools first."""
    rounding, error = Rounding(report), _ERROR_COLUMNS[report.ranking_errors]
    for category in report.categories:
        for school in report.in_category(category.id):
            entry = school.ranking
            yield {
                "wave": report.wave, "category": category.id, "school_code": school.code, "school_name": school.name,
                "composite": entry.points, error: rounding.points(entry.se), "ranked": entry.rank is not None,
                "reason": entry.reason, "rank": entry.rank, "rank_low": entry.low, "rank_high": entry.high,
                "rank_low_simultaneous": entry.low_simultaneous, "rank_high_simultaneous": entry.high_simultaneous,
                "expected_rank": rounding.points(entry.expected_rank), "band": entry.band,
            }  # fmt: skip
