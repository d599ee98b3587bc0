"""Many submissions in one commit."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import event

from survey_app.foundation.write_lock import write_lock
from testing.district import District


def test_who_comes_while_another_process_has_its_turn_shares_the_next_commit(small_district: District) -> None:
    """Before, only the first waited for its turn, and all that came meanwhile needed a turn and a commit more."""
    database = small_district.app.extensions["database"]
    if not database.is_sqlite:
        pytest.skip("PostgreSQL lets processes write side by side")
    statements: list[str] = []

    def watch(connection: Any, _record: object) -> None:
        connection.set_trace_callback(statements.append)

    link, before = small_district.link("parent"), small_district.count("response")
    forms = [small_district.answer(link) for _ in range(4)]
    database.dispose()
    event.listen(database.engine, "connect", watch)

    def post(form: dict[str, Any]) -> int:
        time.sleep(0.05 * forms.index(form))
        return small_district.app.test_client().post(f"/s/{link.slug}", data=form).status_code

    try:
        with ThreadPoolExecutor(len(forms)) as pool:
            with write_lock(database.path.with_name(f"{database.path.name}-turn")):
                sent = [pool.submit(post, form) for form in forms]
                time.sleep(0.6)
            assert [answer.result(30) for answer in sent] == [303] * 4
    finally:
        event.remove(database.engine, "connect", watch)
        database.dispose()
    assert small_district.count("response") == before + 4
    writes = [line.partition(" (")[0] for line in statements if line.startswith("INSERT INTO")]
    assert writes == ["INSERT INTO submission_receipt", "INSERT INTO response"], "all four in one statement each"
