"""What an import reads is reviewed as the draft that it is, at the lines of the source."""

from typing import Any

import pytest

from survey_app.authoring.draft_json import draft_json
from survey_app.authoring.review.draft_review import review_draft
from survey_app.authoring.text.reader import read_text
from survey_app.definition.audiences import AudienceId
from survey_app.definition.categories import Categories, read_categories
from survey_app.foundation.settings import PROJECT

PASTED = """学校满意度调查
1. 您对老师认真负责的工作是否满意？
A. 非常满意
B. 满意
2. 您的孩子是否喜欢学校的伙食和课间活动？
A. 非常喜欢
B. 喜欢
C. 一般
D. 不喜欢
E. 非常不喜欢
"""


@pytest.fixture(scope="module")
def categories() -> Categories:
    return read_categories(PROJECT / "questionnaires" / "categories.yaml")


def read(audience: str) -> dict[str, Any]:
    return draft_json(read_text(PASTED, audience), "pasted.txt")


def test_a_draft_is_reviewed_with_the_lines_of_its_source(categories: Categories) -> None:
    review = review_draft(read(AudienceId.PARENT.value), "pasted.txt", categories)
    seen = {(one.finding.rule, one.position.line) for one in review.findings}
    assert {("leading", 2), ("no-negative-option", 2), ("double-barrelled", 5)} <= seen
    assert review.issues == ()


def test_nobody_knows_what_is_right_for_whom_where_nobody_says_who_is_asked(categories: Categories) -> None:
    content = read("")
    for instrument in content["instruments"]:
        instrument["audiences"] = None
    (issue,) = review_draft(content, "pasted.txt", categories).issues
    assert "请写明对象" in str(issue)


def test_what_holds_no_question_has_nothing_to_be_reviewed(categories: Categories) -> None:
    (issue,) = review_draft(draft_json(read_text("通知\n", ""), "n.txt"), "n.txt", categories).issues
    assert "没有可以审阅的" in str(issue)
