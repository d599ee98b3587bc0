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
