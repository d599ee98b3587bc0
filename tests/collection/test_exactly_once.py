"""One person, one ballot: under parallel posts, with four worker processes, on both engines."""

from pathlib import Path

import pytest

from testing.codes import issued
from testing.district import District, Fields
from testing.workers import served

pytestmark = pytest.mark.xdist_group("workers")


def forms(district: District, audience: str, count: int, **more: str) -> list[Fields]:
    """Complete forms, each with a submission id of its own."""
    link = district.link(audience)
    return [district.answer(link, dict(more), seed=number) for number in range(count)]


def test_fifty_parallel_posts_of_one_code_are_one_ballot(
    present_district: District, database_url: str, tmp_path: Path
) -> None:
    code = issued(present_district, "parent", 1)[0]
    path = f"/s/{present_district.link('parent').slug}"
    with served(database_url, tmp_path) as server:
        statuses = server.post_all(path, forms(present_district, "parent", 50, _code=code))
    assert sorted(statuses) == [303] + [409] * 49
    assert present_district.count("response") == present_district.count("submission_receipt") == 1


def test_one_submission_sent_fifty_times_is_one_row_and_fifty_thanks(
    present_district: District, database_url: str, tmp_path: Path
) -> None:
    form = forms(present_district, "teacher", 1)[0]
    with served(database_url, tmp_path) as server:
        statuses = server.post_all(f"/s/{present_district.link('teacher').slug}", [form] * 50)
    assert statuses == [303] * 50
    assert present_district.count("response") == present_district.count("submission_receipt") == 1


def test_a_cap_of_thirty_under_forty_parallel_posts_gives_thirty(
    present_district: District, database_url: str, tmp_path: Path
) -> None:
    code = issued(present_district, "student", 30)[0]
    path = f"/s/{present_district.link('student').slug}"
    with served(database_url, tmp_path) as server:
        statuses = server.post_all(path, forms(present_district, "student", 40, _code=code))
    assert sorted(statuses) == [303] * 30 + [409] * 10
    assert present_district.count("response") == present_district.count("submission_receipt") == 30


def test_a_whole_school_behind_one_address_gets_in(
    present_district: District, database_url: str, tmp_path: Path
) -> None:
    codes = issued(present_district, "parent", 60)
    path = f"/s/{present_district.link('parent').slug}"
    sent = [form | {"_code": code} for form, code in zip(forms(present_district, "parent", 60), codes, strict=True)]
    wrong = [form | {"_code": "0000000000000"} for form in sent[:40]]
    with served(database_url, tmp_path) as server:
        refused = server.post_all(path, wrong)
        assert set(refused) == {422, 429}, "wrong codes are slowed down"
        assert server.post_all(path, sent) == [303] * 60
    assert present_district.count("response") == 60


def test_a_killed_worker_loses_nothing_that_was_acknowledged(
    present_district: District, database_url: str, tmp_path: Path
) -> None:
    import threading
    import time

    sent = forms(present_district, "teacher", 120)
    path = f"/s/{present_district.link('teacher').slug}"
    with served(database_url, tmp_path) as server:

        def kill_a_few() -> None:
            for _ in range(3):
                time.sleep(0.25)
                server.kill_worker()

        killer = threading.Thread(target=kill_a_few)
        killer.start()
        first = server.post_all(path, sent, threads=8)
        killer.join()
        time.sleep(1)
        acknowledged = sum(status == 303 for status in first)
        assert present_district.count("response") >= acknowledged
        again = [form for form, status in zip(sent, first, strict=True) if status != 303]
        for _ in range(5):
            statuses = server.post_all(path, again, threads=8)
            again = [form for form, status in zip(again, statuses, strict=True) if status != 303]
    assert again == []
    assert present_district.count("response") == present_district.count("submission_receipt") == 120
