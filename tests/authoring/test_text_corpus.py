"""The texts of the corpus, as an office would paste them, against what a careful reader finds in them."""

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from survey_app.authoring.draft_json import draft_json
from survey_app.authoring.text.reader import read_text
from testing.shared_inputs import shared_folder, shared_names

COUNTED = {"scale": "single", "choice": "single", "grade": "single", "choices": "several", "text": "text"}


@pytest.fixture
def corpus() -> Path:
    return shared_folder("corpus")


def fold(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words).split()).rstrip("。．.!?:;,、，：；？！")


def summary(item: dict[str, Any]) -> tuple[object, ...]:
    return (
        item["line"],
        fold(item["text"]),
        item["kind"],
        [fold(option) for option in item["options"]],
        item["required"],
    )


@pytest.mark.parametrize("name", shared_names("pasted", "*.json"))
def test_a_pasted_text_is_read_as_a_careful_reader_reads_it(corpus: Path, name: str) -> None:
    expected = json.loads((corpus / "pasted" / name).read_text("utf-8"))
    printed = draft_json(read_text((corpus / "pasted" / expected["file"]).read_text("utf-8")), name)
    assert list(map(summary, printed["items"])) == list(map(summary, expected["items"]))
    for item, wanted in zip(printed["items"], expected["items"], strict=True):
        assert (item["number"], item["section"]) == (wanted["number"], wanted["section"])
        for key in ("lead", "other", "exclusive", "at_most", "show_if", "overall", "ends", "unit", "text_en"):
            if wanted.get(key) is not None:
                assert item[key] == wanted[key], (key, item["text"])


@pytest.mark.parametrize("name", shared_names("text-zh", "*.txt"))
def test_a_real_questionnaire_has_as_many_questions_as_it_has(corpus: Path, name: str) -> None:
    counts = json.loads((corpus / "text-zh" / "counts.json").read_text("utf-8"))[name]
    printed = draft_json(read_text((corpus / "text-zh" / name).read_text("utf-8")), name)
    kinds = [COUNTED[item["kind"]] for item in printed["items"]]
    assert len(kinds) == counts["items"]
    assert {kind: kinds.count(kind) for kind in ("single", "several", "text")} == {
        kind: counts[kind] for kind in ("single", "several", "text")
    }
