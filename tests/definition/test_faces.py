"""R §3, 3: a face beside the words for children; never instead of them, and never where it would say something else."""

import re

import pytest

from survey_app.authoring.sheet.writer import write_sheets
from survey_app.definition.canonical import canonical_text, structure_hash, wording_hash
from survey_app.definition.form import form_for
from survey_app.definition.languages import Text
from survey_app.definition.model import Option, Scale, ScalePoint
from survey_app.definition.version_difference import version_difference
from survey_app.distribution.paper import paper_pdf
from survey_app.foundation.stored_settings import Office
from survey_app.measurement.scoring import OVERALL, build_scoring
from survey_app.reporting.analysis.change import same_items
from testing.instruments import CATEGORIES, QUESTIONNAIRES, faults_of, read
from tests.authoring.test_sheet_writer import read_back

FACES = (QUESTIONNAIRES / "compulsory-student-faces.yaml").read_text("utf-8")
WORDS = FACES.replace("    show: faces\n", "")


def test_faces_change_the_structure_and_nothing_that_is_read() -> None:
    """So a wave freezes them, and a wave with them is not compared with one without before somebody knows it may be."""
    faces, words = read(FACES), read(WORDS)
    assert structure_hash(faces) != structure_hash(words)
    assert wording_hash(faces) == wording_hash(words)
    assert read(canonical_text(faces)) == faces
    before, after = (build_scoring(instrument, "student") for instrument in (words, faces))
    assert not same_items(before, after, OVERALL)
    assert same_items(after, after, OVERALL)
    changed = {part.id: part.changes for part in version_difference(words, faces).scales}
    assert set(changed) == {"satisfaction5", "agreement5"}


def test_the_shipped_version_with_faces_asks_what_the_one_with_words_asks() -> None:
    """A second file, so that a split ballot can compare them: the words are the same in all but title and version."""
    plain = read((QUESTIONNAIRES / "compulsory-student.yaml").read_text("utf-8"))
    faces = read(FACES)
    assert [item.text for item in faces.scored_items()] == [item.text for item in plain.scored_items()]
    assert [item.concept for item in faces.scored_items()] == [item.concept for item in plain.scored_items()]
    assert {scale.id for scale in faces.scales if scale.faces} == {"satisfaction5", "agreement5"}
    assert not any(scale.faces for scale in plain.scales)


@pytest.mark.parametrize(
    ("points", "faces"),
    [((100, 50, 0), (4, 2, 0)), ((0, 33, 67, 100), (0, 1, 3, 4)), ((100, 75, 50, 25, 0), (4, 3, 2, 1, 0))],
)
def test_a_face_follows_what_a_point_is_worth(points: tuple[int, ...], faces: tuple[int, ...]) -> None:
    listed = tuple(ScalePoint(str(number), Text(), points=value) for number, value in enumerate(points))
    scale = Scale("s", listed, Option("9", Text()), faces=True)
    assert tuple(scale.face(point.code) for point in listed) == faces
    assert scale.face("9") is None, "not beside the one that says nothing"
    assert Scale("s", listed).face("0") is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  amount5:\n", "  amount5:\n    show: faces\n", "不能画表情"),
        ("show: faces", "show: smileys", "“show”的值“smileys”不在 words, faces 之中"),
        ("        scale: satisfaction5\n", "        scale: satisfaction5\n        reverse: true\n", "旁边却是笑脸"),
    ],
)
def test_faces_that_would_say_something_else_are_refused(old: str, new: str, said: str) -> None:
    faults = faults_of(FACES.replace(old, new, 1))
    assert any(said in fault for fault in faults), faults


def test_two_points_are_too_few_for_faces() -> None:
    with_faces, rest = FACES.split("  frequency5", 1)
    two = re.sub(r'      - \{code: "[234]".*?\n', "", with_faces) + "  frequency5" + rest
    assert any("3 到 5 个点" in fault for fault in faults_of(two))


def test_the_workbook_keeps_faces_and_the_paper_draws_them() -> None:
    faces = read(FACES)
    again, _draft = read_back(write_sheets(faces, CATEGORIES))
    assert {scale.id for scale in again.scales if scale.faces} == {"satisfaction5", "agreement5"}
    office = Office("督导室")
    drawn, plain = (
        paper_pdf(form_for(instrument, "student"), (), office, "试", "12-01", "zh")
        for instrument in (faces, read(WORDS))
    )
    assert len(drawn) > len(plain) + 1000
