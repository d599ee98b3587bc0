"""Two versions of a questionnaire: what is new, gone and changed, by the ids that results are compared by."""

from dataclasses import replace

import pytest

from survey_app.definition.languages import Text
from survey_app.definition.model import Instrument
from survey_app.definition.version_difference import version_difference
from survey_app.foundation.settings import PROJECT
from survey_app.frame.instrument_catalogue import InstrumentCatalogue


@pytest.fixture(scope="module")
def parents() -> Instrument:
    return InstrumentCatalogue(PROJECT / "questionnaires").instrument("compulsory-parent")


def test_a_version_differs_from_itself_in_nothing(parents: Instrument) -> None:
    assert version_difference(parents, replace(parents, version="another")).is_empty


def test_questions_are_new_gone_and_changed_by_their_ids(parents: Instrument) -> None:
    first, second, *others = parents.dimensions
    item, *items = first.items
    reworded = replace(item, text=Text.of(item.text, zh="别的话"), required=False)
    after = replace(
        parents,
        dimensions=(replace(first, items=(reworded, *items[1:]), weight=first.weight + 1), second, *others),
        comments=(),
    )
    difference = version_difference(parents, after)
    states = {entry.id: entry.state for entry in difference.questions}
    assert states == {item.id: "changed", items[0].id: "gone", **{one.id: "gone" for one in parents.comments}}
    changes = {
        (change.field, change.place): (change.before, change.after) for change in difference.questions[0].changes
    }
    assert changes["text", "zh"] == (item.text["zh"], "别的话")
    assert changes["required", ""] == ("true", "false")
    assert [entry.id for entry in difference.dimensions] == [first.id]
    assert [change.field for change in difference.dimensions[0].changes] == ["weight"]
    back = version_difference(after, parents)
    assert {entry.id: entry.state for entry in back.questions}[items[0].id] == "new"


def test_options_points_order_and_the_rest_are_named_where_they_stand(parents: Instrument) -> None:
    scale = parents.scales[0]
    point, *points = scale.points
    other_scale = replace(scale, points=(replace(point, label=Text.of(point.label, zh="很好")), *points))
    first, *others = parents.dimensions
    after = replace(
        parents,
        scales=(other_scale, *parents.scales[1:]),
        dimensions=(replace(first, items=tuple(reversed(first.items))), *others),
        title=Text.of(parents.title, en="Another title"),
    )
    difference = version_difference(parents, after)
    assert difference.is_reordered
    assert [(entry.id, entry.state) for entry in difference.scales] == [(scale.id, "changed")]
    assert difference.scales[0].changes[0].place == f"{point.code} label zh"
    assert [(change.field, change.place, change.after) for change in difference.rest] == [
        ("title", "en", "Another title")
    ]
