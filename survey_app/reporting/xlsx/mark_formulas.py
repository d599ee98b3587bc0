"""Mark functions as live formulas of a workbook: what ``measurement.marks`` computes, said in the words of a sheet."""

from dataclasses import dataclass

from survey_app.measurement.marks import Band, Proportional, Standardised, Threshold

ALIKE = "1E-9"  # a smaller standard deviation is what rounding leaves of none


@dataclass(frozen=True, slots=True)
class MarkCells:
    """Addresses of what a mark is computed from; ``values``: the figures of all schools of the category."""

    value: str
    error: str
    full: str
    zero_at: str
    full_at: str
    values: str


def expected_mark_formula(function: str, cells: MarkCells) -> str:
    """Return the expected mark, without the equals sign."""
    return f"{cells.full}*MIN(1,MAX(0,{SHARE_FORMULAS[function](cells)}))"


def _threshold(cells: MarkCells) -> str:
    return _threshold_share(cells.value, cells.error, cells.zero_at, cells.full_at)


def _threshold_share(value: str, error: str, zero_at: str, full_at: str) -> str:
    """F·{1 − Φ(b) + (C − T₀)/(T₁ − T₀)·(Φ(b) − Φ(a)) + s/(T₁ − T₀)·(φ(a) − φ(b))}; without an error the plain line."""
    span, exact = f"({full_at}-{zero_at})", f"({value}-{zero_at})/({full_at}-{zero_at})"
    a, b = f"({zero_at}-{value})/{error}", f"({full_at}-{value})/{error}"
    expected = (
        f"{_normal(f'-({b})')}+{exact}*({_normal(b)}-{_normal(a)})"
        f"+{error}/{span}*({_normal(a, False)}-{_normal(b, False)})"
    )
    return f"IF({error}=0,{exact},{expected})"


def _normal(z: str, is_cumulative: bool = True) -> str:
    return f"_xlfn.NORM.S.DIST({z},{'TRUE' if is_cumulative else 'FALSE'})"


def _proportional(cells: MarkCells) -> str:
    return f"{cells.value}/100"


def _band(cells: MarkCells) -> str:
    """The value is the distance from the others."""
    return f"IF({cells.error}=0,(1+SIGN({cells.value}))/2,{_normal(f'{cells.value}/{cells.error}')})"


def _standardised(cells: MarkCells) -> str:
    mean, sd = f"AVERAGE({cells.values})", f"_xlfn.STDEV.S({cells.values})"
    below, above = Standardised.CENTRE / Standardised.SLOPE, (1 - Standardised.CENTRE) / Standardised.SLOPE
    share = _threshold_share(cells.value, cells.error, f"({mean}-{below:.10g}*{sd})", f"({mean}+{above:.10g}*{sd})")
    return f"IF({sd}<{ALIKE},{Standardised.CENTRE:g},{share})"


SHARE_FORMULAS = {  # of every mark function
    Threshold.name: _threshold, Proportional.name: _proportional, Band.name: _band, Standardised.name: _standardised,
}  # fmt: skip
