"""What is promised to be kept for a day goes by itself, whether or not somebody asks for the next one."""

import os

from survey_app.distribution.print_files import KEPT_SECONDS, print_directory
from testing.console import Clerk
from testing.district import District


def test_a_day_later_nothing_of_prints_and_uploads_is_left(small_district: District) -> None:
    clerk = Clerk(small_district)
    clerk.open("/staff/waves/1/paper/import")
    sent = clerk.upload("/staff/waves/1/paper/import", "答卷.csv", b"school_code,audience,T1\n0101,parent,5\n")
    assert sent.status_code == 303, sent.text
    with small_district.app.app_context():
        folder = print_directory()
    folder.mkdir(parents=True, exist_ok=True)
    old, new = folder / "1-old.zip", folder / "1-new.zip"
    for path in (old, new):
        path.write_bytes(b"codes")
    past = new.stat().st_mtime - KEPT_SECONDS - 1
    os.utime(old, (past, past))
    small_district.command("run-due")
    assert (old.exists(), new.exists()) == (False, True)
    assert small_district.count("answer_upload") == 1
    small_district.clock.advance(days=1, minutes=1)
    small_district.command("run-due")
    assert small_district.count("answer_upload") == 0
