"""Refusals name the command that helps on the command line only; the browser shows the same sentences without it."""

from survey_app.cli.hints import HINTS
from survey_app.foundation.settings import PROJECT
from testing.district import WAVE, District


def test_every_hint_belongs_to_a_sentence_of_a_service() -> None:
    """A sentence that is reworded must not lose its hint silently."""
    source = "".join(
        path.read_text("utf-8").replace('"\n                "', "")
        for path in (PROJECT / "survey_app").rglob("*.py")
        if path.name != "hints.py"
    )
    assert [template for template in HINTS if template not in source] == []


def test_the_command_line_says_the_command(small_district: District) -> None:
    said = small_district.command("wave", "reopen", WAVE, "--closes", "2026-12-01", "--reason", "x", code=1)
    assert "要推迟截止，请延长" in said
    assert f"flask wave extend {WAVE}" in said
