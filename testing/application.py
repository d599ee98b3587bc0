"""The application of a test or benchmark: settings of a small office, and a clock that is set by hand."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from survey_app import create_app
from survey_app.foundation.clock import ManualClock
from survey_app.foundation.settings import PROJECT, Settings

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


class CompiledTemplates(BytecodeCache):
    """Templates that an application of this process compiled; they are the same for the next one."""

    def __init__(self) -> None:
        self.by_key: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (compiled := self.by_key.get(bucket.key)) is not None:
            bucket.bytecode_from_string(compiled)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.by_key[bucket.key] = bucket.bytecode_to_string()


class CompiledRule(Rule):
    """An address whose builder an application of this process compiled: two hundred take longer than all the rest."""

    _compiled: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (self.rule, append_unknown, *self._trace, *sorted((self.defaults or {}).items()))
        if key not in self._compiled:
            self._compiled[key] = super()._compile_builder(append_unknown)
        return self._compiled[key]


_compiled = CompiledTemplates()
Flask.url_rule_class = CompiledRule


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
    app.jinja_env.bytecode_cache = _compiled
    return app
