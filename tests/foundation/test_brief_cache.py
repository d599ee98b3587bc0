"""What takes long is shown a little old; what is quick is made anew."""

import time

import pytest

from survey_app.foundation import brief_cache
from survey_app.foundation.brief_cache import BriefCache


def test_what_is_made_quickly_is_made_each_time() -> None:
    cache: BriefCache[int] = BriefCache()
    made: list[int] = []

    def make() -> int:
        made.append(len(made))
        return made[-1]

    assert [cache.get_or_make("a", make) for _ in range(3)] == [0, 1, 2]


def test_what_takes_long_is_kept_for_twenty_times_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([0.0, 1.0, 20.9, 21.1, 22.0, 30.0])  # began, made, asked, asked and began, made, asked
    monkeypatch.setattr("survey_app.foundation.brief_cache.time.monotonic", lambda: next(moments))
    cache: BriefCache[str] = BriefCache()
    assert cache.get_or_make("a", lambda: "first") == "first"
    assert cache.get_or_make("a", lambda: "second") == "first"
    assert cache.get_or_make("a", lambda: "third") == "third"
    assert cache.get_or_make("a", lambda: "fourth") == "third"


def test_it_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brief_cache, "MIN_SECONDS", 0.0)
    monkeypatch.setattr(brief_cache, "MAX_ENTRIES", 2)
    cache: BriefCache[float] = BriefCache()
    for key in range(5):
        cache.get_or_make(key, time.monotonic)
    assert len(cache._entries) == 2
