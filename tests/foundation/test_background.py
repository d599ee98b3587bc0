"""A page waits for work only so long; the next request takes it up, and what fails is told once."""

import threading

import pytest

from survey_app.foundation.background import Background, StillRunning


def test_what_takes_long_goes_on_and_is_taken_up() -> None:
    background: Background[str] = Background("test")
    go, calls = threading.Event(), []

    def work() -> str:
        calls.append(1)
        go.wait(10)
        return "done"

    with pytest.raises(StillRunning):
        background.wait_for("a", work, patience=0.01)
    with pytest.raises(StillRunning):
        background.wait_for("a", work, patience=0.01)
    go.set()
    assert background.wait_for("a", work, patience=10) == "done"
    assert len(calls) == 1
    assert background.wait_for("a", work, patience=10) == "done", "handed out once, then made again"
    assert len(calls) == 2


@pytest.mark.parametrize("error", [ValueError("why"), TimeoutError("the work gave up")])
def test_what_fails_says_so_and_can_be_tried_again(error: Exception) -> None:
    background: Background[str] = Background("test")

    def fail() -> str:
        raise error

    with pytest.raises(type(error), match=str(error)):
        background.wait_for("a", fail)
    assert background.wait_for("a", lambda: "done") == "done"
