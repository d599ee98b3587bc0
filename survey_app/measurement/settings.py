"""The conventions of a measurement, as a scheme states them."""

from dataclasses import dataclass, field

from survey_app.definition.audiences import AUDIENCES, AudienceId

MIN_N_FLOOR = 5
POINT_MAPS: dict[str, tuple[float, ...] | None] = {
    "linear": None,  # the points of the instrument
    "cn100": (100, 80, 60, 40, 20),
    "cn100_0": (100, 80, 60, 30, 0),
}


@dataclass(frozen=True, slots=True)
class MeasurementSettings:
    """Thresholds and conventions; the defaults are those of ``docs/method.md``.

    Attributes
    ----------
    valid_share : float
        Share (0–1) of the answerable items that a person must have scored for a dimension to count.
    map : str
        ``linear`` keeps the instrument's points; ``cn100`` and ``cn100_0`` replace those of five-point scales.
    min_n, min_n_for : int, dict
        Fewer valid persons are not shown; per audience where stated, never below 5.
    stratify_from, min_cell : int
        Valid persons from which grades are weighted by enrolment, and in each collapsed group.
    main : str
        The audience whose participation decides whether a school is ranked.
    rank_from, rank_response : int, float
        Valid persons and response rate of the main audience below which a school is listed without a rank.
    rank_unverified : str
        The stated reason for ranking waves with open links; empty: they are not ranked.
    decimals : int
        Decimals of published points.
    nonresponse : float
        By what one standard deviation of satisfaction is assumed to multiply the odds of answering, 1 or more.
    class_correlation : dict
        Assumed correlation (0–1) of persons of one class, per audience; the defaults are in AUDIENCES.
    class_size : int
        Persons of a class where the roster has no classes.
    rater_sd : float
        Assumed standard deviation, in points, of what two inspectors say of one school; above 0.
    conditional_items : str
        ``exclude`` keeps items that only some persons are asked out of the scores; ``include`` does not.
    """

    valid_share: float = 0.5
    map: str = "linear"
    min_n: int = 10
    min_n_for: dict[str, int] = field(default_factory=dict, hash=False)
    stratify_from: int = 1
    min_cell: int = 5
    main: str = AudienceId.PARENT.value
    rank_from: int = 20
    rank_response: float = 0.3
    rank_unverified: str = ""
    decimals: int = 2
    nonresponse: float = 1.1
    class_correlation: dict[str, float] = field(default_factory=dict, hash=False)
    class_size: int = 40
    rater_sd: float = 6.0
    conditional_items: str = "exclude"

    def correlation_in_classes(self, audience: str) -> float:
        """The assumed correlation of persons of one class, where none could be measured."""
        row = AUDIENCES.get(audience)
        return self.class_correlation.get(audience, row.class_correlation if row else 0.0)

    def audience_min_n(self, audience: str) -> int:
        """The number of valid persons from which figures of this audience are shown."""
        return max(MIN_N_FLOOR, self.min_n_for.get(audience, self.min_n))
