"""The report as rows: what ``flask results`` prints and scripts of the office read."""

from collections.abc import Callable, Iterator
from typing import Any

from survey_app.measurement.estimate import FLAGS, CellEstimate, Estimate
from survey_app.measurement.rounding import half_up
from survey_app.measurement.strata import Index

from ..wave_report import CellReport, SchoolReport, WaveReport, is_hidden

Row = dict[str, Any]
FULL_DECIMALS = 10
INDICES = (
    "wave", "school_code", "school_name", "category", "audience", "instrument", "dimension", "population", "received",
    "respondents", "response_rate", "n", "index", "se", "se_corrected", "ci_low", "ci_high", "index_plain", "se_plain",
    "se_plain_corrected", "answers", "favourable", "rate", "rate_se_corrected", "rate_low", "rate_high",
    "dissatisfied_share", "na_share", "strata", "flags",
)  # fmt: skip
RANKING = (
    "wave", "category", "school_code", "school_name", "composite", "se", "ranked", "reason", "rank", "rank_low",
    "rank_high", "rank_low_simultaneous", "rank_high_simultaneous", "band",
)  # fmt: skip


class Rounding:
    """How figures are printed: published decimals, or ten in the office's full export."""

    def __init__(self, report: WaveReport) -> None:
        decimals = report.scheme.method.decimals
        self.point_decimals = FULL_DECIMALS if report.full else decimals
        self.share_decimals = FULL_DECIMALS if report.full else decimals + 2
        self._round: Callable[[float, int], float] = round if report.full else half_up

    def points(self, value: float | None) -> float | None:
        return None if value is None else self._round(value, self.point_decimals)

    def share(self, value: float | None) -> float | None:
        return None if value is None else self._round(value, self.share_decimals)


def joined_flags(*flags: frozenset[str]) -> str:
    present = frozenset().union(*flags)
    return "|".join(flag for flag in FLAGS if flag in present)


def index_rows(report: WaveReport) -> Iterator[Row]:
    """One row a school × audience × dimension, then the school's composite."""
    rounding = Rounding(report)
    for school in report.schools:
        for cell in school.cells.values():
            flags = participation_flags(report, cell.estimate)
            for estimate in cell.estimate.estimates:
                yield _place(report, school) | _index_row(cell, estimate, flags, rounding)
        yield _place(report, school) | _composite_row(school, rounding)


def participation_flags(report: WaveReport, cell: CellEstimate) -> frozenset[str]:
    """Flags of a cell that do not depend on the dimension."""
    found = set(cell.flags)
    least = report.scheme.minimum_response.get(cell.audience)
    if least is not None and cell.response_rate is not None and cell.response_rate < least:
        found.add("low_response")
    if report.access.get(cell.audience) == "open" and cell.audience != "inspector":
        found.add("unverified")
    return frozenset(found)


def _place(report: WaveReport, school: SchoolReport) -> Row:
    blank: Row = dict.fromkeys(INDICES)
    return blank | {
        "wave": report.wave,
        "school_code": school.code,
        "school_name": school.name,
        "category": school.category,
    }


def _index_columns(index: Index, rounding: Rounding) -> Row:
    return {
        "index": rounding.points(index.points), "se": rounding.points(index.se),
        "se_corrected": rounding.points(index.se_corrected), "ci_low": rounding.points(index.low),
        "ci_high": rounding.points(index.high),
    }  # fmt: skip


def _index_row(cell: CellReport, estimate: Estimate, flags: frozenset[str], rounding: Rounding) -> Row:
    whole = cell.estimate
    row: Row = {
        "audience": whole.audience, "instrument": whole.instrument, "dimension": estimate.dimension,
        "population": whole.population, "received": whole.received, "respondents": whole.respondents,
        "response_rate": rounding.share(whole.response_rate), "flags": joined_flags(estimate.flags, flags),
    }  # fmt: skip
    if is_hidden(estimate):
        return row
    rate = estimate.rate
    return row | _index_columns(estimate.index, rounding) | {
        "n": estimate.n, "index_plain": rounding.points(estimate.plain.points),
        "se_plain": rounding.points(estimate.plain.se),
        "se_plain_corrected": rounding.points(estimate.plain.se_corrected), "answers": rate.answers,
        "favourable": rate.favourable, "rate": rounding.share(rate.share),
        "rate_se_corrected": rounding.share(rate.se_corrected), "rate_low": rounding.share(rate.low),
        "rate_high": rounding.share(rate.high), "dissatisfied_share": rounding.share(rate.dissatisfied),
        "na_share": rounding.share(rate.not_applicable), "strata": len(estimate.strata),
    }  # fmt: skip


def _composite_row(school: SchoolReport, rounding: Rounding) -> Row:
    return _index_columns(school.composite.index, rounding) | {
        "audience": "composite",
        "dimension": "OVERALL",
        "flags": joined_flags(school.composite.flags),
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


def item_rows(report: WaveReport) -> Iterator[Row]:
    """One row a school × audience × item."""
    rounding = Rounding(report)
    blank: Row = dict.fromkeys(item_columns(report))
    for school in report.schools:
        for cell in school.cells.values():
            place = {
                "wave": report.wave, "school_code": school.code, "audience": cell.estimate.audience,
                "instrument": cell.estimate.instrument,
            }  # fmt: skip
            for name, figures in cell.items:
                row: Row = blank | place | {
                    "item": name, "concept": figures.concept, "rate_low": rounding.share(figures.rate_low),
                    "rate_high": rounding.share(figures.rate_high),
                    "flags": "suppressed" if figures.hidden else "range" if figures.is_range else "",
                }  # fmt: skip
                found = figures.distribution
                if found is not None:
                    row |= {
                        "n": found.n, "na": found.not_applicable, "blank": found.blank, "not_shown": found.not_shown,
                        "index": rounding.points(found.index), "rate": rounding.share(found.rate),
                    }  # fmt: skip
                    row |= {f"count_{code}": n for code, n in zip(figures.codes, found.counts, strict=True)}
                yield row


def ranking_rows(report: WaveReport) -> Iterator[Row]:
    """One row a school, by category, ranked schools first."""
    rounding = Rounding(report)
    for category in report.categories:
        for school in report.in_category(category.id):
            line = school.ranked
            yield {
                "wave": report.wave, "category": category.id, "school_code": school.code, "school_name": school.name,
                "composite": line.points, "se": rounding.points(line.se), "ranked": line.rank is not None,
                "reason": line.reason, "rank": line.rank, "rank_low": line.low, "rank_high": line.high,
                "rank_low_simultaneous": line.low_simultaneous, "rank_high_simultaneous": line.high_simultaneous,
                "band": line.band,
            }  # fmt: skip
