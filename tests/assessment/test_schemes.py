"""Assessment schemes: weights and thresholds, every fault named once."""

import pytest

from survey_app.assessment.schemes import Scheme, read_scheme
from survey_app.definition.nodes import DefinitionError
from testing.district import written
from testing.instruments import CATEGORIES, QUESTIONNAIRES

DEFAULT = QUESTIONNAIRES / "assessment" / "default.yaml"


@pytest.fixture
def read(tmp_path):  # type: ignore[no-untyped-def]
    """The default scheme with one change."""

    def changed(old: str, new: str) -> Scheme:
        text = DEFAULT.read_text("utf-8")
        assert old in text
        return read_scheme(written(tmp_path / "s.yaml", text.replace(old, new, 1)), CATEGORIES)

    return changed


def test_the_shipped_scheme() -> None:
    scheme = read_scheme(DEFAULT, CATEGORIES)
    assert scheme.weights_for("primary") == {"parent": 50, "student": 30, "teacher": 20}
    assert scheme.weights_for("other") == {}
    assert scheme.settings.audience_min_n("teacher") == 5
    assert all(sum(weights.values()) == 100 for weights in scheme.weights.values())


def test_what_the_two_errors_are_made_of(read) -> None:  # type: ignore[no-untyped-def]
    settings = read(
        "min_cell: 5", "min_cell: 5\n  rater_sd: 4\n  class_size: 35\n  conditional_items: include"
    ).settings
    assert (settings.nonresponse, settings.rater_sd, settings.class_size) == (1.1, 4, 35)
    assert settings.conditional_items == "include"
    assert [settings.correlation_in_classes(name) for name in ("student", "parent", "teacher")] == [0.1, 0.05, 0]


def test_the_hash_names_the_content_and_not_the_layout(read) -> None:  # type: ignore[no-untyped-def]
    shipped = read_scheme(DEFAULT, CATEGORIES)
    assert read("format: 1", "# another remark\nformat: 1").sha256 == shipped.sha256
    assert read("min_n: 10", "min_n: 12").sha256 != shipped.sha256


FAULTY = {
    "weights": ("primary: {parent: 50", "primary: {parent: 40", "合计是 90，应当是 100"),
    "category": ("primary:", "primery:", "没有类别“primery”"),
    "audience": ("primary: {parent: 50", "primary: {parents: 50", "是不是“parent”"),
    "threshold": ("min_n: 10", "min_n: 4", "5 到 10000 之间"),
    "map": ("main: parent", "main: parent\n  map: best", "“best”不在 linear"),
    "unknown key": ("rank_from", "rank_form", "是不是“rank_from”"),
    "share": ("minimum_response: {parent: 0.3", "minimum_response: {parent: 30", "0 到 1 之间"),
    "selection below 1": ("nonresponse: 1.1", "nonresponse: 0.5", "“nonresponse”应当是 1 到 10 之间的数"),
    "correlation": ("{student: 0.10", "{student: 1.5", "0 到 1 之间"),
    "inspectors without error": ("min_cell: 5", "min_cell: 5\n  rater_sd: 0", "“rater_sd”应当是 0.01 到 50 之间的数"),
    "classes of nobody": ("min_cell: 5", "min_cell: 5\n  class_size: 0", "1 到 10000 之间"),
    "conditional items": ("min_cell: 5", "min_cell: 5\n  conditional_items: some", "“some”不在 exclude"),
    "method is no mapping": ("method:\n", "method: linear\ncategories2:\n", "应当是“键: 值”的形式"),
}


@pytest.mark.parametrize(("old", "new", "expected"), FAULTY.values(), ids=FAULTY)
def test_faults_are_named_with_their_place(read, old: str, new: str, expected: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DefinitionError) as caught:
        read(old, new)
    assert any(expected in str(fault) for fault in caught.value.issues), caught.value
    assert all(fault.position.line > 1 for fault in caught.value.issues)


def test_each_fault_is_named_once(read) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DefinitionError) as caught:
        read("minimum_response: {parent: 0.3", "minimum_response: {parents: 0.3")
    assert len(caught.value.issues) == 1


def test_a_whole_number_of_people_is_not_cut(read) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DefinitionError):
        read("min_n: 10", "min_n: 7.9")
