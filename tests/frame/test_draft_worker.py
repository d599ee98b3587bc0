"""What the limited process of an import does, here without its limits: drafts as JSON, or a refusal in sentences."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from survey_app.foundation.settings import PROJECT
from survey_app.frame import draft_worker
from survey_app.frame.draft_readers import ReadOptions

SHIPPED = PROJECT / "questionnaires"
OPTIONS = "A.非常满意 B.满意 C.一般 D.不满意"
TEXT = f"1. 您对课堂教学是否满意？\n{OPTIONS}\n2. 您对食堂是否满意？\n{OPTIONS}\n"
TABLE = "序号,题目,选项\n1,课堂教学,非常满意、满意、一般、不满意\n2,食堂,同上\n"


def asked(monkeypatch: pytest.MonkeyPatch, path: Path, **words: Any) -> dict[str, Any]:
    """What the process prints."""
    usual = {"lines": [], "audience": "", "sheet": "", "directory": str(SHIPPED), "name": "", "previous": ""}
    printed = io.StringIO()
    monkeypatch.setattr(draft_worker, "limit_resources", lambda: None)
    monkeypatch.setattr("sys.argv", ["draft_worker", str(path)])
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(usual | {"with_sheets": True} | words)))
    monkeypatch.setattr("sys.stdout", printed)
    draft_worker.main()
    monkeypatch.undo()
    answer: dict[str, Any] = json.loads(printed.getvalue())
    return answer


@pytest.mark.parametrize(("name", "content"), [("家长.txt", TEXT), ("家长.csv", TABLE)])
def test_a_source_becomes_a_draft_with_its_items(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, content: str
) -> None:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    read = asked(monkeypatch, path)
    assert [item["kind"] for item in read["items"]] == ["scale", "scale"]
    assert len(read["sheets"]) == (1 if name.endswith("csv") else 0)


def test_an_earlier_file_is_gone_on_from(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "家长.txt"
    path.write_text(TEXT, "utf-8")
    assert "revision" in asked(monkeypatch, path, previous=str(SHIPPED / "compulsory-parent.yaml"))


def test_the_lines_of_a_source_are_given_before_anybody_reads_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "家长.txt"
    path.write_text(TEXT, "utf-8")
    assert asked(monkeypatch, path, only_lines=True) == {"lines": TEXT.splitlines()}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", b'{"pages": [{"elements": [{"type": "rating", "name": "q1"}]}]}'), ("b.json", b"[1]"),
        ("c.lss", b"<!DOCTYPE d [<!ENTITY a 'b'>]><document>&a;</document>"), ("d.xlsx", b"no workbook"),
        ("e.csv", b"\xef\xbb\xbfVariable / Field Name,Form Name,Field Type,Field Label\nq1,f,text,Name\n"),
        ("f.odt", b"?"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_sentences(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    read = draft_worker.read_source(path, ReadOptions(directory=str(SHIPPED)), "", "")
    assert read["refused"], read
