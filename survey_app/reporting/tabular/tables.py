"""The report as rows: what ``flask results`` prints and scripts of the office read."""

from collections.abc import Callable, Iterator
from typing import Any

from survey_app.definition.audiences import AUDIENCES
from survey_app.measurement.estimate import FLAGS, DimensionEstimate, SchoolAudienceEstimate
from survey_app.measurement.rounding import round_half_up
from survey_app.measurement.strata import IndexEstimate

from ..wave_report import CellReport, SchoolReport, WaveReport, is_hidden

TableRow = dict[str, Any]
FULL_DECIMALS = 10
INDEX_COLUMNS = (
    "wave", "school_code", "school_name", "category", "audience", "instrument", "dimension", "population", "received",
    "respondents", "response_rate", "n", "index", "se", "se_corrected", "ci_low", "ci_high", "index_plain", "se_plain",
    "se_plain_corrected", "answers", "favourable", "rate", "rate_se_corrected", "rate_low", "rate_high",
    "dissatisfied_share", "na_share", "strata", "flags",
)  # fmt: skip
RANKING_COLUMNS = (
    "wave", "category", "school_code", "school_name", "composite", "se", "ranked", "reason", "rank", "rank_low",
    "rank_high", "rank_low_simultaneous", "rank_high_simultaneous", "band",
)  # fmt: skip


class Rounding:
    """How figures are printed: published decimals, or ten in the office's full export."""

    def __init__(self, report: WaveReport) -> None:
        decimals = report.scheme.settings.decimals
        self.point_decimals = FULL_DECIMALS if report.full else decimals
        self.share_decimals = FULL_DECIMALS if report.full else decimals + 2
        self._round: Callable[[float, int], float] = round if report.full else round_half_up

    def points(self, value: float | None) -> float | None:
        return None if value is None else self._round(value, self.point_decimals)

    def share(self, value: float | None) -> float | None:
        return None if value is None else self._round(value, self.share_decimals)


def join_flags(*flags: frozenset[str]) -> str:
    present = frozenset().union(*flags)
    return "|".join(flag for flag in FLAGS if flag in present)


def index_rows(report: WaveReport) -> Iterator[TableRow]:
    """One row a school × audience × dimension, then the school's composite."""
    rounding = Rounding(report)
    for school in report.schools:
        for cell in school.cells.values():
            flags = participation_flags(report, cell.estimate)
            for estimate in cell.estimate.estimates:
                yield _school_columns(report, school) | _index_row(cell, estimate, flags, rounding)
        yield _school_columns(report, school) | _composite_row(school, rounding)


def participation_flags(report: WaveReport, cell: SchoolAudienceEstimate) -> frozenset[str]:
    """Flags of a cell that do not depend on the dimension."""
    flags = set(cell.flags)
    minimum_response = report.scheme.minimum_response.get(cell.audience)
    if minimum_response is not None and cell.response_rate is not None and cell.response_rate < minimum_response:
        flags.add("low_response")
    if not report.is_audience_verified(cell.audience) and AUDIENCES[cell.audience].is_sample:
        flags.add("unverified")
    return frozenset(flags)


def _school_columns(report: WaveReport, school: SchoolReport) -> TableRow:
    blank: TableRow = dict.fromkeys(INDEX_COLUMNS)
    return blank | {
        "wave": report.wave,
        "school_code": school.code,
        "school_name": school.name,
        "category": school.category,
    }


def _index_columns(index: IndexEstimate, rounding: Rounding) -> TableRow:
    return {
        "index": rounding.points(index.points), "se": rounding.points(index.se),
        "se_corrected": rounding.points(index.se_corrected), "ci_low": rounding.points(index.low),
        "ci_high": rounding.points(index.high),
    }  # fmt: skip


def _index_row(cell: CellReport, estimate: DimensionEstimate, flags: frozenset[str], rounding: Rounding) -> TableRow:
    cell_estimate = cell.estimate
    row: TableRow = {
        "audience": cell_estimate.audience,
        "instrument": cell_estimate.instrument,
        "dimension": estimate.dimension,
        "population": cell_estimate.population,
        "received": cell_estimate.received,
        "respondents": cell_estimate.respondents,
        "response_rate": rounding.share(cell_estimate.response_rate),
        "flags": join_flags(estimate.flags, flags),
    }
    if is_hidden(estimate):
        return row
    rate = estimate.rate
    return row | _index_columns(estimate.index, rounding) | {
        "n": estimate.n, "index_plain": rounding.points(estimate.unweighted_index.points),
        "se_plain": rounding.points(estimate.unweighted_index.se),
        "se_plain_corrected": rounding.points(estimate.unweighted_index.se_corrected), "answers": rate.answers,
        "favourable": rate.favourable, "rate": rounding.share(rate.share),
        "rate_se_corrected": rounding.share(rate.se_corrected), "rate_low": rounding.share(rate.low),
        "rate_high": rounding.share(rate.high), "dissatisfied_share": rounding.share(rate.dissatisfied),
        "na_share": rounding.share(rate.not_applicable), "strata": len(estimate.strata),
    }  # fmt: skip


def _composite_row(school: SchoolReport, rounding: Rounding) -> TableRow:
    return _index_columns(school.composite.index, rounding) | {
        "audience": "composite",
        "dimension": "OVERALL",
        "flags": join_flags(school.composite.flags),
    }


def item_columns(report: WaveReport) -> tuple[str, ...]:
    """The columns of the item table; one count for each option code that any instrument of the wave uses."""
    codes: dict[str, None] = {}
    for school in report.schools:
        for cell in school.cells.values():
            for _, figures in cell.items:
                codes |= dict.fromkeys(figures.codes)
    return (
        "wave", "school_code", "audience", "instrument", "item", "concept", "n", "na", "blank", "not_shown",
        *(f"count_{code}" for code in codes), "index", "rate", "rate_low", "rate_high", "flags",
    )  # fmt: skip


def item_rows(report: WaveReport) -> Iterator[TableRow]:
    """One row a school × audience × item."""
    rounding = Rounding(report)
    blank: TableRow = dict.fromkeys(item_columns(report))
    for school in report.schools:
        for cell in school.cells.values():
            cell_columns = {
                "wave": report.wave, "school_code": school.code, "audience": cell.estimate.audience,
                "instrument": cell.estimate.instrument,
            }  # fmt: skip
            for name, figures in cell.items:
                row: TableRow = blank | cell_columns | {
                    "item": name, "concept": figures.concept, "rate_low": rounding.share(figures.rate_low),
                    "rate_high": rounding.share(figures.rate_high),
                    "flags": "suppressed" if figures.is_hidden else "range" if figures.is_range else "",
                }  # fmt: skip
                distribution = figures.distribution
                if distribution is not None:
                    row |= {
                        "n": distribution.n,
                        "na": distribution.not_applicable,
                        "blank": distribution.blank,
                        "not_shown": distribution.not_shown,
                        "index": rounding.points(distribution.index),
                        "rate": rounding.share(distribution.rate),
                    }
                    row |= {f"count_{code}": n for code, n in zip(figures.codes, distribution.counts, strict=True)}
                yield row


def ranking_rows(report: WaveReport) -> Iterator[TableRow]:
    """One row a school, by category, ranked schools first."""
    rounding = Rounding(report)
    for category in report.categories:
        for school in report.in_category(category.id):
            entry = school.ranking
            yield {
                "wave": report.wave, "category": category.id, "school_code": school.code, "school_name": school.name,
                "composite": entry.points, "se": rounding.points(entry.se), "ranked": entry.rank is not None,
                "reason": entry.reason, "rank": entry.rank, "rank_low": entry.low, "rank_high": entry.high,
                "rank_low_simultaneous": entry.low_simultaneous, "rank_high_simultaneous": entry.high_simultaneous,
                "band": entry.band,
            }  # fmt: skip
