"""The application of a test or benchmark: settings of a small office, and a clock that is set by hand."""

from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from survey_app import create_app
from survey_app.foundation.clock import ManualClock
from survey_app.foundation.settings import PROJECT, Settings

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


def make_app(url: str, home: Path, clock: ManualClock, questionnaires: Path | None = None) -> Flask:
    settings = Settings(
        database_url=url,
        secrets_dir=home / "secrets",
        base_url="https://s.example.edu.cn",
        questionnaires_dir=questionnaires or PROJECT / "questionnaires",
        office_name="测试区教育督导室",
        office_contact="000-12345678",
        link_cache_seconds=0,
        denial_seconds=0,
    )
    app = create_app(settings, clock)
    app.testing = True
    return app
