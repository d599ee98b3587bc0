"""The demo district is like a real one, and always the same."""

from collections import Counter

from survey_app.demo.district import (
    GRADES,
    OVERFULL_SCHOOL,
    SILENT_SCHOOL,
    TINY_SCHOOL,
    TWIN_OF,
    schools,
    simulate_people,
    write_roster,
)
from survey_app.foundation.settings import PROJECT
from survey_app.frame.instrument_catalogue import InstrumentCatalogue
from survey_app.frame.roster_reader import read_roster


def test_the_district_has_what_a_district_has(tmp_path) -> None:  # type: ignore[no-untyped-def]
    found = schools()
    assert len(found) == 24
    assert set(GRADES) == {school.category for school in found}
    write_roster(tmp_path / "roster.csv")
    roster = read_roster(tmp_path / "roster.csv", InstrumentCatalogue(PROJECT / "questionnaires").categories())
    assert not roster.errors
    assert len({school.category for school in roster.schools.values()}) == 5


def test_the_answers_are_always_the_same_and_show_every_case() -> None:
    everybody = list(simulate_people())
    assert everybody == list(simulate_people())
    assert 5_500 <= len(everybody) <= 6_500
    counts = Counter((person.school, person.audience) for person in everybody)
    assert 0 < counts[TINY_SCHOOL, "parent"] < 10
    assert not any(school == SILENT_SCHOOL for school, _ in counts)
    on_roster = next(school for school in schools() if school.code == OVERFULL_SCHOOL).per_grade * 3
    assert counts[OVERFULL_SCHOOL, "parent"] > on_roster
    twin, other = next(iter(TWIN_OF.items()))

    def answers(code: str) -> list[tuple[str, str, float, int]]:
        return sorted((p.audience, p.grade, p.mood, p.seed) for p in everybody if p.school == code)

    assert answers(twin) == answers(other) != []
