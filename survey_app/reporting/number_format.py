"""Figures as they are published: how they are rounded and printed."""

from collections.abc import Callable

from survey_app.measurement.rounding import round_half_up

from .wave_report import WaveReport

FULL_DECIMALS = 10


class Rounding:
    """How figures are printed: published decimals, or ten in the office's full export."""

    def __init__(self, report: WaveReport) -> None:
        decimals = report.scheme.settings.decimals
        self.point_decimals = FULL_DECIMALS if report.is_full else decimals
        self.share_decimals = FULL_DECIMALS if report.is_full else decimals + 2
        self._round: Callable[[float, int], float] = round if report.is_full else round_half_up

    def points(self, value: float | None) -> float | None:
        return None if value is None else self._round(value, self.point_decimals)

    def share(self, value: float | None) -> float | None:
        return None if value is None else self._round(value, self.share_decimals)


class NumberFormat:
    """Numbers as they are printed; ``blank`` stands for a figure that is missing."""

    def __init__(self, report: WaveReport, blank: str = "—") -> None:
        self.blank = blank
        self.decimals = report.scheme.settings.decimals
        self.rounding = Rounding(report)

    def points(self, value: float | None) -> str:
        rounded = self.rounding.points(value)
        return self.blank if rounded is None else f"{rounded:.{self.decimals}f}"

    def share(self, value: float | None) -> str:
        rounded = self.rounding.share(value)
        return self.blank if rounded is None else f"{rounded * 100:.{self.decimals}f}%"

    def decimal(self, value: float | None) -> str:
        return self.blank if value is None else f"{round_half_up(value, 2):.2f}"

    def interval(self, low: float | None, high: float | None) -> str:
        return self.blank if low is None or high is None else f"{self.points(low)}–{self.points(high)}"

    def signed(self, value: float | None) -> str:
        """Return a difference in points with its sign."""
        rounded = self.rounding.points(value)
        return self.blank if rounded is None else f"{rounded + 0.0:+.{self.decimals}f}"

    def signed_interval(self, low: float | None, high: float | None) -> str:
        return self.blank if low is None or high is None else f"{self.signed(low)}–{self.signed(high)}"
