"""What is to be known of a figure, as codes that exports print and :mod:`.labels` puts into words."""

from survey_app.measurement.estimate import FLAGS

from .disclosure.figures import Cell
from .wave_report import WaveReport


def join_flags(*flags: frozenset[str]) -> str:
    present = frozenset().union(*flags)
    return "|".join(flag for flag in FLAGS if flag in present)


def participation_flags(report: WaveReport, cell: Cell) -> frozenset[str]:
    """Return the flags of a cell that do not depend on the dimension."""
    flags = set(cell.flags)
    minimum_response = report.scheme.minimum_response.get(cell.audience)
    if minimum_response is not None and cell.response_rate is not None and cell.response_rate < minimum_response:
        flags.add("low_response")
    if report.access.get(cell.audience) == "open" and cell.audience != "inspector":
        flags.add("unverified")
    return frozenset(flags)
