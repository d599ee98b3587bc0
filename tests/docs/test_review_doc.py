"""docs/review.md shows what the checker knows and says now."""

import pytest

from scripts.review_pages import PAGES, bad_questionnaire, page, review_of
from testing.documents import anchors

both = pytest.mark.parametrize("language", PAGES)


@both
def test_the_page_shows_the_rules_and_the_review_as_they_are(language: str) -> None:
    assert PAGES[language].read_text("utf-8") == page(language), "run: python -m scripts.review_pages"


def test_both_pages_review_the_same_questionnaire() -> None:
    texts = [path.read_text("utf-8") for path in PAGES.values()]
    assert bad_questionnaire(texts[0]) == bad_questionnaire(texts[1])
    assert anchors(texts[0]) == anchors(texts[1])


def test_the_questionnaire_that_offers_only_satisfaction_has_errors_in_either_language() -> None:
    """The press case: 满意 and 非常满意 were all there was."""
    questionnaire = bad_questionnaire(PAGES["zh"].read_text("utf-8"))
    for language, word in (("zh", "必改"), ("en", "Error")):
        told = review_of(questionnaire, language)
        for rule in ("coaching", "personal-data", "no-negative-option"):
            assert f"{word} {rule}" in told
