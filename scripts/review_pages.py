"""Writes into ``docs/review.md`` and ``docs/review.en.md`` what the checker knows and says.

``python -m scripts.review_pages``: the table of the rules, and the review of the bad questionnaire that the page shows.
The rest is written by hand. A test compares.
"""

import tempfile
from pathlib import Path

from survey_app.authoring.review.file_review import review_file
from survey_app.authoring.review.finding import SEVERITY_LABELS
from survey_app.authoring.review.review import RULES
from survey_app.authoring.review.rule import Example, Rule
from survey_app.cli.questionnaire_review import review_lines
from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.categories import read_categories
from survey_app.foundation.settings import PROJECT
from survey_app.foundation.translation import render, use_language

PAGES = {"zh": PROJECT / "docs" / "review.md", "en": PROJECT / "docs" / "review.en.md"}
FILE = "lovely.yaml"
HEADS = {
    "zh": "| 规则 | 程度 | 依据 | 会指出 | 不会指出 | 怎么办 |",
    "en": "| Rule | Severity | Source | Flagged | Not flagged | What to do |",
}


def page(language: str) -> str:
    """Return the page with its two generated parts as they are now."""
    text = PAGES[language].read_text("utf-8")
    text = _between(text, "rules", rule_table(language))
    return _between(text, "review", f"```\n{review_of(bad_questionnaire(text), language)}\n```\n")


def bad_questionnaire(text: str) -> str:
    """Return the questionnaire that a page shows."""
    return text.partition(f"```yaml # {FILE}\n")[2].partition("```")[0]


def review_of(questionnaire: str, language: str) -> str:
    """Return what ``flask questionnaires review`` prints."""
    categories = read_categories(PROJECT / "questionnaires" / "categories.yaml")
    with tempfile.TemporaryDirectory() as folder, use_language(language):
        path = Path(folder) / FILE
        path.write_text(questionnaire, "utf-8")
        return "\n".join(review_lines(FILE, review_file(path, categories)))


def rule_table(language: str) -> str:
    """Return a row for each rule."""
    with use_language(language):
        rows = [_row(rule, language) for rule in RULES]
    return "".join(f"{line}\n" for line in (HEADS[language], "|---|---|---|---|---|---|", *rows))


def _row(rule: Rule, language: str) -> str:
    flagged, fine = (_first(examples, language) for examples in (rule.flagged, rule.fine))
    differs = flagged.text != fine.text or flagged.options != fine.options
    cells = (
        f"`{rule.id}`", render(SEVERITY_LABELS[rule.severity]), rule.source, _shown(flagged, differs),
        _shown(fine, differs), render(rule.suggestion),
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _first(examples: tuple[Example, ...], language: str) -> Example:
    """Return the first example, in the language of the page where there is one."""
    return next((one for one in examples if one.language == language), examples[0])


def _shown(example: Example, differs: bool) -> str:
    """Return its words. Examples of the same words differ in who reads them, in direction, or elsewhere."""
    if example.background:
        return " × ".join(example.background)
    words = " / ".join(filter(None, (example.text, example.text_en, *example.more)))
    words += f": {' · '.join(example.options[:6])}" if example.options else ""
    if differs or example.more:
        return words or "–"
    is_about_reader = example.text and not (example.comments or example.items or example.opposite_scale)
    if example.reverse:
        return f"{words} (`reverse: true`)"
    return f"{words} ({render(AUDIENCES[example.audience].label)})" if is_about_reader else words or "–"


def _between(text: str, name: str, content: str) -> str:
    before, begin, rest = text.partition(f"<!-- {name} -->\n")
    end = f"<!-- end of {name} -->\n"
    return before + begin + content + end + rest.partition(end)[2]


def main() -> None:
    for language, path in PAGES.items():
        path.write_text(page(language), "utf-8")


if __name__ == "__main__":
    main()
