"""Every column of every table that leaves the program is explained in docs/, in both languages."""

import re

import pytest

from survey_app.reporting.published_counts import COUNT_COLUMNS, REQUIRED_COLUMNS
from survey_app.reporting.tabular.mark_tables import (
    AWARD_COLUMNS,
    LINE_TRIAL_COLUMNS,
    MARK_COLUMNS,
    PROPOSAL_COLUMNS,
    SCHOOL_TRIAL_COLUMNS,
    TRIGGER_TRIAL_COLUMNS,
)
from survey_app.reporting.tabular.quality_table import QUALITY_COLUMNS
from survey_app.reporting.tabular.roster_sample import SAMPLE_COLUMNS
from survey_app.reporting.tabular.sample_estimate import ESTIMATE_COLUMNS
from survey_app.reporting.tabular.tables import INDEX_COLUMNS, ITEM_COLUMNS, RANKING_COLUMNS
from survey_app.reporting.tabular.year_ranking import YEAR_RANKING_COLUMNS
from testing.documents import document

METHOD = {"indices": INDEX_COLUMNS, "items": ITEM_COLUMNS, "ranking": RANKING_COLUMNS, "quality": QUALITY_COLUMNS}
ASSESSMENT = {
    "marks": MARK_COLUMNS, "awards": AWARD_COLUMNS, "proposals": PROPOSAL_COLUMNS,
    "school trial": SCHOOL_TRIAL_COLUMNS, "line trial": LINE_TRIAL_COLUMNS, "trigger trial": TRIGGER_TRIAL_COLUMNS,
    "year ranking": YEAR_RANKING_COLUMNS,
}  # fmt: skip
FILES = {
    "counts": COUNT_COLUMNS, "needed counts": REQUIRED_COLUMNS, "sample": SAMPLE_COLUMNS,
    "estimate": ESTIMATE_COLUMNS,
}  # fmt: skip
TABLES = {
    (page, name): columns
    for page, tables in (("method", METHOD), ("assessment", ASSESSMENT), ("files", FILES))
    for name, columns in tables.items()
}


@pytest.mark.parametrize("ending", [".md", ".en.md"])
@pytest.mark.parametrize(("page", "name"), TABLES)
def test_the_columns_are_explained(page: str, name: str, ending: str) -> None:
    """E16: column names of the exports were explained in no document for users."""
    text = document(f"{page}{ending}") + document(f"method{ending}")
    named = {word for code in re.findall(r"`([^`]+)`", text) for word in re.findall(r"\w+", code)}
    assert [column for column in TABLES[page, name] if column not in named] == []
