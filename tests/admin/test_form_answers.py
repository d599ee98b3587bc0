"""What a browser calls a file is not what a file system must take."""

import pytest

from survey_app.admin.form_answers import storable_name
from testing.console import TWO_SCHOOLS, Clerk


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("名册.xlsx", "名册.xlsx"), ("C:\\桌面\\名册.xlsx", "名册.xlsx"), ("../../etc/passwd", "passwd"),
        ("a\0b.csv", "ab.csv"), ("名" * 120 + ".csv", "名" * 60 + ".csv"), ("x." + "y" * 400, "x." + "y" * 9), ("", ""),
    ],
)  # fmt: skip
def test_a_name_is_cut_to_what_every_file_system_takes(name: str, kept: str) -> None:
    assert storable_name(name) == kept


def test_a_roster_with_a_very_long_name_is_read(clerk: Clerk) -> None:
    clerk.open("/staff/roster/upload")
    sent = clerk.upload("/staff/roster/upload", "名" * 150 + ".csv", TWO_SCHOOLS)
    assert sent.status_code == 303
    assert clerk.client.get(sent.headers["Location"]).status_code == 200
