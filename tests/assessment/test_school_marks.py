"""Marks, awards, triggers and trials of made-up schools: each dispute of an assessment has a defined result."""

from dataclasses import replace

import pytest

from survey_app.assessment.award_lists import award_lists
from survey_app.assessment.mark_figures import Figure, MarkImport, SchoolFigures
from survey_app.assessment.mark_report import build_mark_report, marks_of
from survey_app.assessment.mark_sources import MarkSource
from survey_app.assessment.scheme_rules import (
    Awards,
    InterviewTrigger,
    LedgerTrigger,
    MarkLine,
    Marks,
    NoticeTrigger,
    Quota,
    ReminderTrigger,
    SchemeRules,
    Triggers,
    WatchListTrigger,
)
from survey_app.assessment.scheme_trial import try_lines, try_schools, try_triggers
from survey_app.assessment.schemes import Scheme, read_scheme
from survey_app.assessment.school_marks import SchoolMarks, compute_marks
from survey_app.assessment.trigger_facts import (
    CategoryOutlier,
    CellRate,
    IndexChange,
    ItemRates,
    TriggerFigures,
    propose,
)
from survey_app.foundation.errors import UserError
from survey_app.measurement.ranking import RankingEntry
from survey_app.measurement.two_errors import without_sampling
from testing.instruments import CATEGORIES, QUESTIONNAIRES

STATUS = MarkLine("status", MarkSource("composite"), 60, "threshold", 60, 95)
SAFETY = MarkLine("safety", MarkSource("external", "平安"), 40, "proportional")
MARKS = Marks(10, (STATUS, SAFETY), {"rectification_overdue": 0.5, "rectification_failed": 1}, 2)


def school(number: int, value: float | None, se: float = 2.0, rank: int | None = 1, **more: object) -> SchoolFigures:
    """A school whose composite is this value; without one it misses an audience and is not ranked."""
    entry = RankingEntry(number, value, se, "" if rank else "missing_audience", rank, reliability=0.5)
    figures = {} if value is None else {"composite": Figure(value, se)}
    absences = {"composite": "missing_audience"} if value is None else {}
    made = SchoolFigures(number, f"{number:04}", f"第{number}小学", "primary", 100, entry, figures, absences)
    return replace(made, **more)  # type: ignore[arg-type]


def imported(*schools: SchoolFigures, **deductions: int) -> MarkImport:
    return MarkImport({s.code: {"平安": 90.0} for s in schools}, {s.code: deductions for s in schools})


def marks_by_school(marks: Marks, *schools: SchoolFigures, **deductions: int) -> dict[int, SchoolMarks]:
    found = compute_marks(marks, schools, imported(*schools, **deductions))
    return {entry.school.school: entry for entry in found}


def test_the_mark_is_the_expected_one_of_the_method() -> None:
    line = marks_by_school(replace(MARKS, lines=(replace(STATUS, share=100),)), school(1, 94.0))[1].lines[0]
    assert (round(line.expected or 0, 6), round(line.mark or 0, 6)) == (9.601259, 9.714286)


def test_deductions_end_at_the_most_and_the_total_at_nothing() -> None:
    entry = marks_by_school(MARKS, school(1, 80.0), rectification_overdue=3, rectification_failed=4)[1]
    assert (entry.deduction, entry.total) == (2, round(3.43 + 3.6 - 2, 2))
    assert marks_by_school(replace(MARKS, most=None), school(1, 60.0), rectification_failed=9)[1].total == 0


def test_two_schools_exactly_equal_share_the_rank_and_the_next_is_skipped() -> None:
    found = marks_by_school(MARKS, school(1, 80.0), school(2, 80.0), school(3, 70.0, rank=3))
    assert [found[number].rank for number in (1, 2, 3)] == [1, 1, 3]
    assert found[1].total == found[2].total


def test_a_school_without_a_comparable_composite_has_no_total_and_a_reason() -> None:
    found = marks_by_school(MARKS, school(1, 80.0), school(2, None, rank=None))
    assert (found[2].total, found[2].rank, found[2].reasons) == (None, None, ("missing_audience",))
    assert found[1].rank == 1


def test_an_over_counted_school_waits_for_its_roster() -> None:
    over = school(2, 90.0, rank=None, figures={}, absences={"composite": "overcount"})
    assert marks_by_school(MARKS, school(1, 80.0), over)[2].reasons == ("overcount",)


def test_what_was_not_imported_is_named_and_never_counted_as_nothing() -> None:
    entry = compute_marks(MARKS, [school(1, 80.0)])[0]
    assert (entry.total, entry.reasons) == (None, ("not_imported",))


def test_a_category_with_one_school_is_not_compared_with_itself() -> None:
    """Bands and standardised marks need another school; the other lines are then worth more."""
    band = MarkLine("band", MarkSource("composite"), 50, "band")
    entry = compute_marks(Marks(10, (replace(STATUS, share=50), band)), [school(1, 94.0)])[0]
    assert [line.line.id for line in entry.lines] == ["status"]
    assert entry.lines[0].full == 10
    assert entry.total == 9.6


def test_an_audience_without_a_form_makes_the_other_lines_worth_more() -> None:
    response = MarkLine("response", MarkSource("response_rate", "student"), 50, "threshold", 0.1, 0.5)
    asked = school(1, 94.0, absences={"response_rate/student": "not_asked"})
    entry = compute_marks(Marks(10, (replace(STATUS, share=50), response)), [asked])[0]
    assert entry.total == 9.6


def test_a_band_is_the_probability_of_lying_above_the_others() -> None:
    marks = Marks(10, (MarkLine("band", MarkSource("composite"), 100, "band"),))
    found = marks_by_school(marks, school(1, 82.0, 1.0), school(2, 80.0, 1.0), school(3, 80.0, 1.0))
    assert round(found[1].total or 0, 2) == 9.49  # Φ(2/√1.5)
    assert (found[2].total or 0) < 5


def test_standardised_marks_use_the_spread_of_the_category() -> None:
    marks = Marks(10, (MarkLine("z", MarkSource("composite"), 100, "standardised"),))
    found = marks_by_school(marks, school(1, 84.0, 0.0), school(2, 80.0, 0.0), school(3, 76.0, 0.0))
    assert [found[number].total for number in (1, 2, 3)] == [8.0, 6.0, 4.0]


def test_a_quota_is_rounded_down_and_an_open_notice_keeps_a_school_out() -> None:
    schools = [school(number, 95.0 - 3 * number, 0.5, number) for number in range(1, 8)]
    awards = Awards({"primary": Quota("1/3")}, ("notice_open",))
    plain = award_lists(awards, schools, {})[0]
    assert plain.places == 2
    assert [entry.outcome for entry in plain.entries[:3]] == ["certain", "certain", "out"]
    without = award_lists(awards, schools, {"0001": frozenset({"notice_open"})})[0]
    assert without.places == 2
    assert [entry.school.code for entry in without.entries if entry.outcome == "certain"] == ["0002", "0003"]
    assert without.entries[-1].excluded_by == ("notice_open",)


def test_schools_that_cannot_be_told_apart_are_possible_with_a_probability() -> None:
    schools = [school(number, 80.0 + number / 10, 3.0, 7 - number) for number in range(1, 7)]
    found = award_lists(Awards({"primary": Quota("1/3")}), schools, {})[0]
    assert {entry.outcome for entry in found.entries} == {"possible"}
    assert sum(entry.probability or 0 for entry in found.entries) == pytest.approx(2, abs=0.05)
    assert award_lists(Awards({"primary": Quota("1/9")}), schools, {})[0].places == 0
    assert {e.outcome for e in award_lists(Awards({"primary": Quota("6")}), schools, {})[0].entries} == {"certain"}


def rate(number: int, share: float, error: float) -> CellRate:
    return CellRate(number, "parent", share, without_sampling(share, error, 50))


ALL = Triggers(NoticeTrigger(), ReminderTrigger(), LedgerTrigger(), InterviewTrigger(), WatchListTrigger())
FIGURES = TriggerFigures(
    rates=(rate(1, 0.60, 0.02), rate(2, 0.84, 0.02), rate(3, 0.95, 0.01)),
    items=ItemRates.of({(at, "parent"): [("T1", bad, n)] for at, bad, n in ((1, 20, 99), (2, 11, 99), (3, 9, 10))}),
    changes=tuple(IndexChange(number, "parent", by, p) for number, by, p in ((1, -5, 0.001), (2, -5, 0.2), (3, -2, 0))),
    outliers=(CategoryOutlier(1, 0.0005, 30), CategoryOutlier(2, 0.02, 30), CategoryOutlier(3, 0.02, 9)),
)  # fmt: skip


def test_triggers_propose_what_is_sure_and_nothing_else() -> None:
    found = {(proposal.kind, proposal.school) for proposal in propose(ALL, FIGURES)}
    assert found == {
        ("notice", 1), ("reminder", 2), ("interview", 1), ("interview", 3), ("ledger", 1), ("watch_list", 1),
    }  # fmt: skip
    assert propose(Triggers(), FIGURES) == ()
    notice = next(proposal for proposal in propose(ALL, FIGURES) if proposal.kind == "notice")
    assert (notice.days, notice.limit) == (30, 0.85)


def test_a_notice_that_selective_answering_could_explain_is_a_reminder() -> None:
    strict = replace(ALL, notice=NoticeTrigger(tipping=100.0))
    errors = replace(without_sampling(0.60, 0.02, 50), response_rate=0.3, sd=0.49, sampling=0.02)
    figures = TriggerFigures(rates=(CellRate(1, "parent", 0.60, errors),))
    assert [proposal.kind for proposal in propose(strict, figures)][:1] == ["reminder"]
    assert [proposal.kind for proposal in propose(ALL, figures)][:1] == ["notice"]


def scheme_with(marks: Marks, triggers: Triggers = ALL) -> Scheme:
    default = read_scheme(QUESTIONNAIRES / "assessment" / "default.yaml", CATEGORIES)
    return replace(default, rules=SchemeRules(marks, triggers=triggers))


def test_a_trial_says_who_moves_and_how_stable_a_line_is() -> None:
    marks = Marks(10, (replace(STATUS, share=100),))
    schools = [school(1, 94.0, 4.0), school(2, 80.0, 4.0, 2), school(3, 61.0, 0.0, 3)]
    report = build_mark_report(scheme_with(marks), "2026秋", schools, FIGURES)
    line = try_lines(report)[0]
    assert (line.schools, line.near) == (3, 0.5)
    assert 0 < line.moved < 1
    harder = replace(STATUS, share=100, zero_at=70.0)
    other = build_mark_report(scheme_with(Marks(10, (harder,))), "2026秋", schools, FIGURES)
    trials = {trial.after.school.school: trial for trial in try_schools(other, report)}
    assert (trials[2].change or 0) < 0
    assert round(trials[1].surely_full or 0, 4) == 0.4013  # Φ(−1/4)
    assert trials[3].surely_nothing == 1.0
    assert try_schools(report, None)[0].change is None


def test_a_trial_says_how_many_false_alarms_are_to_be_expected() -> None:
    report = build_mark_report(scheme_with(Marks(10, (replace(STATUS, share=100),))), "w", [school(1, 94.0)], FIGURES)
    found = {trial.kind: trial for trial in try_triggers(report)}
    assert set(found) == {"notice", "reminder", "interview", "ledger", "watch_list"}
    assert (found["notice"].looked_at, found["notice"].proposals, found["notice"].false_alarms) == (3, 1, 0.025)
    assert round(found["interview"].false_alarms, 6) == 0.027
    assert found["watch_list"].false_alarms == pytest.approx(0.1)
    silent = build_mark_report(scheme_with(MARKS, Triggers()), "w", [school(1, 94.0)], FIGURES)
    assert try_triggers(silent) == ()


def test_schools_that_can_hardly_be_told_apart_carry_a_banner() -> None:
    report = build_mark_report(scheme_with(MARKS), "w", [school(1, 80.0), school(2, 81.0)], TriggerFigures())
    assert [(warning.reliability, warning.most) for warning in report.warnings] == [(0.5, 3.0)]


def test_a_scheme_of_format_1_gives_no_marks_and_says_what_to_do() -> None:
    with pytest.raises(UserError, match="format: 2"):
        marks_of(read_scheme(QUESTIONNAIRES / "assessment" / "default.yaml", CATEGORIES))
