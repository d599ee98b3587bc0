"""Shipped questionnaires are clean; what is accepted is kept; errors stop a wave and cannot be accepted away."""

from pathlib import Path

import pytest

from survey_app.authoring.review.file_review import FileReview, review_file
from survey_app.authoring.review.finding import Severity
from survey_app.definition.canonical import canonical_text, structure_hash, wording_hash
from survey_app.definition.categories import Categories, read_categories
from survey_app.definition.parse import read_instrument_text
from survey_app.foundation.settings import PROJECT
from testing.processes import cpu_seconds

FOLDER = PROJECT / "questionnaires"
SHIPPED = sorted(path for path in FOLDER.glob("*.yaml") if path.name != "categories.yaml")


@pytest.fixture(scope="module")
def categories() -> Categories:
    return read_categories(FOLDER / "categories.yaml")


@pytest.fixture
def changed(tmp_path: Path, categories: Categories) -> "Changed":
    return Changed(tmp_path / "senior.yaml", categories)


class Changed:
    """The shipped questionnaire of senior high schools with something else in it."""

    def __init__(self, path: Path, categories: Categories) -> None:
        self.path, self.categories = path, categories
        self.text = (FOLDER / "senior.yaml").read_text("utf-8")

    def review(self, *changes: tuple[str, str], more: str = "") -> FileReview:
        text = self.text
        for before, after in changes:
            assert before in text
            text = text.replace(before, after, 1)
        self.path.write_text(text + more, "utf-8")
        return review_file(self.path, self.categories)


def rules(review: FileReview) -> dict[str, str | None]:
    return {
        one.finding.rule: one.finding.accepted
        for one in review.findings
        if one.finding.severity is not Severity.HINT or one.finding.rule == "accepted-in-vain"
    }


TWO_THINGS = ('zh: "课堂教学的质量"', 'zh: "课堂教学和食堂的质量"')
COACHED = ('intro:\n  zh: "', 'intro:\n  zh: "请务必选择“非常满意”。')
LATE = ('zh: "学校作息时间的安排"', 'zh: "老师经常拖堂。"')


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_nothing_is_said_of_a_shipped_questionnaire_but_hints(path: Path, categories: Categories) -> None:
    review = review_file(path, categories)
    assert [
        f"{one.finding.rule} {one.finding.message}" for one in review.findings if one.finding.rule in rules(review)
    ] == []
    assert review.stopping() == ()


def test_a_finding_names_the_line_of_its_question(changed: Changed) -> None:
    review = changed.review(TWO_THINGS)
    (placed,) = [one for one in review.findings if one.finding.rule == "double-barrelled"]
    line = changed.path.read_text("utf-8").splitlines()[placed.position.line - 1]
    assert "id: T1" in line


def test_a_warning_stops_nothing_and_keeps_its_reason(changed: Changed) -> None:
    assert rules(changed.review(TWO_THINGS)) == {"double-barrelled": None}
    accepted = changed.review(TWO_THINGS, more='accepted: {T1: {double-barrelled: "照去年的问法"}}\n')
    assert rules(accepted) == {"double-barrelled": "照去年的问法"}
    assert accepted.stopping() == ()


def test_an_error_cannot_be_accepted_away(changed: Changed) -> None:
    review = changed.review(COACHED, more='accepted: {form-wide: {coaching: "领导要求"}}\n')
    assert rules(review) == {"coaching": None, "accepted-in-vain": None}
    assert [str(issue) for issue in review.stopping()] != []


def test_an_item_that_seems_the_wrong_way_round_is_mended_or_accepted(changed: Changed) -> None:
    agreement = ("  frequency5:\n", AGREEMENT + "  frequency5:\n")
    scale = ('zh: "老师经常拖堂。", en: "The school\'s daily timetable"}\n        scale: satisfaction5', None)
    text = changed.text.replace(*LATE).replace(*agreement)
    assert scale[0] in text
    changed.text = text.replace(scale[0], scale[0].replace("satisfaction5", "agreement5").replace(
        "The school's daily timetable", "Teachers often go on after the bell."))  # fmt: skip
    (issue,) = changed.review().stopping()
    assert "同意的人却得高分" in str(issue)
    assert changed.review(more='accepted: {M1: {reverse-mismatch: "这里拖堂是好事"}}\n').stopping() == ()


def test_a_reason_for_nothing_is_reported_and_one_for_nobody_is_a_fault(changed: Changed) -> None:
    assert rules(changed.review(more='accepted: {T1: {leading: "为什么"}}\n')) == {"accepted-in-vain": None}
    (issue,) = changed.review(more='accepted: {T99: {leading: "为什么"}}\n').issues
    assert "T99" in str(issue)
    (empty,) = changed.review(more='accepted: {T1: {leading: ""}}\n').issues
    assert "是空的" in str(empty)


def test_accepting_changes_neither_structure_nor_wording(changed: Changed, categories: Categories) -> None:
    plain = read_instrument_text(changed.text, "plain", categories)
    more = 'accepted: {form-wide: {no-overall: "b"}, T1: {leading: "a"}}\n'
    accepted = read_instrument_text(changed.text + more, "accepted", categories)
    assert structure_hash(plain) == structure_hash(accepted)
    assert wording_hash(plain) == wording_hash(accepted)
    again = read_instrument_text(canonical_text(accepted), "again", categories)
    assert again.accepted == accepted.accepted == {"form-wide": {"no-overall": "b"}, "T1": {"leading": "a"}}


AGREEMENT = """  agreement5:
    points:
      - {code: "5", points: 100, favourable: true, label: {zh: "完全同意", en: "Completely agree"}}
      - {code: "3", points: 50, label: {zh: "说不上", en: "Neither"}}
      - {code: "1", points: 0, label: {zh: "完全不同意", en: "Completely disagree"}}
"""


HOSTILE = ("、", "和", "不", "(", "如、", "有没有", "a and ", "请选", "not ", "1-", "您")


@pytest.mark.parametrize("piece", HOSTILE)
def test_texts_of_any_length_are_reviewed_quickly(piece: str, changed: Changed) -> None:
    """A quarter of a megabyte of what the rules look for in one question."""
    long = piece * (200_000 // len(piece.encode()))
    started = cpu_seconds()
    review = changed.review(('zh: "课堂教学的质量"', f'zh: "课堂教学的质量{long}"'))
    assert cpu_seconds() - started < 5
    assert "too-long" in rules(review) or piece in "(、"
