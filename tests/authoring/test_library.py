"""The questionnaires that are shipped: who is asked what, on which occasion, and what can be compared."""

from pathlib import Path

import pytest

from survey_app.definition.agreement import disagreements
from survey_app.definition.audiences import roster_audiences
from survey_app.definition.categories import Categories, read_categories
from survey_app.definition.model import Instrument, Occasion
from survey_app.definition.parse import read_instrument
from survey_app.foundation.settings import PROJECT
from survey_app.frame.instrument_catalogue import InstrumentCatalogue
from survey_app.frame.instrument_uploads import yearly_instruments

FOLDER = PROJECT / "questionnaires"
VARIANT = "compulsory-student-faces"  # the same questions, chosen by hand for a split ballot
TOPICS = {"pulse-canteen": "meals", "pulse-after-school": "after_school", "pulse-bullying": "bullying",
          "pulse-homework": "homework_load"}  # fmt: skip


@pytest.fixture(scope="module")
def categories() -> Categories:
    return read_categories(FOLDER / "categories.yaml")


@pytest.fixture(scope="module")
def library(categories: Categories) -> dict[str, Instrument]:
    paths = [path for path in sorted(FOLDER.glob("*.yaml")) if path.stem != "categories"]
    return {path.stem: read_instrument(path, categories) for path in paths}


def concepts(instrument: Instrument) -> set[str]:
    return {item.concept for item in instrument.scored_items() if item.concept}


def test_every_category_has_a_questionnaire_of_the_year(library: dict[str, Instrument], categories: Categories) -> None:
    yearly = [one for one in library.values() if one.occasion == Occasion.YEARLY]
    asked = {category for one in yearly for category in one.categories}
    assert asked == {category.id for category in categories.all}
    proposed = [one for one in yearly if one.id != VARIANT]
    pairs = [(category, audience) for one in proposed for category in one.categories for audience in one.audiences]
    assert len(pairs) == len(set(pairs)), "nobody is asked by two"
    listed = [one.id for one in yearly_instruments(InstrumentCatalogue(FOLDER))]
    assert listed.index("compulsory-student") < listed.index(VARIANT), (
        "of two for the same pupils the first is proposed"
    )


def test_one_name_means_one_thing_throughout_the_library(library: dict[str, Instrument]) -> None:
    assert [str(one) for one in disagreements(list(library.values()))] == []


@pytest.mark.parametrize("name", TOPICS)
def test_a_pulse_has_five_to_eight_items_and_asks_why(name: str, library: dict[str, Instrument]) -> None:
    pulse = library[name]
    assert pulse.occasion == Occasion.PULSE
    for audience in pulse.audiences:
        assert 5 <= sum(audience in item.audiences for item in pulse.scored_items()) <= 8, audience
    assert pulse.follow_up
    assert TOPICS[name] in concepts(pulse)
    yearly = set().union(*(concepts(one) for one in library.values() if one.occasion == Occasion.YEARLY))
    assert concepts(pulse) & yearly, "it can be compared with the survey of the year"


def test_recognition_is_asked_of_each_group_that_can_be_asked(library: dict[str, Instrument]) -> None:
    papers = [one for one in library.values() if one.occasion == Occasion.RECOGNITION]
    assert len(papers) == 3
    assert {audience for one in papers for audience in one.audiences} == {row.id for row in roster_audiences()}
    yearly = set().union(*(concepts(one) for one in library.values() if one.occasion == Occasion.YEARLY))
    shared = set().union(*map(concepts, papers)) & yearly
    assert {"lessons", "respect", "fairness", "safety", "training"} <= shared


def test_a_pulse_covers_nobody_in_place_of_the_survey_of_the_year(library: dict[str, Instrument]) -> None:
    listed = {one.id for one in yearly_instruments(InstrumentCatalogue(FOLDER))}
    assert listed == {name for name, one in library.items() if one.occasion == Occasion.YEARLY}


def test_an_unknown_occasion_is_a_fault(tmp_path: Path, categories: Categories) -> None:
    text = (FOLDER / "pulse-canteen.yaml").read_text("utf-8").replace("occasion: pulse", "occasion: monthly")
    path = tmp_path / "pulse-canteen.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(Exception, match="yearly, pulse, recognition"):
        read_instrument(path, categories)
