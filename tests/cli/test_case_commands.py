"""``flask cases``: the ledger for scripts; what is done in between is done by people in the browser."""

import csv
import io

from testing.district import District

OPEN = ("cases", "open", "--year", "2026")
CASE = (
    "--school", "0101", "--subject", "食堂留样不全", "--findings", "抽查三天，两天没有留样。", "--requirement",
    "补齐留样和登记。", "--owner", "陈督学",
)  # fmt: skip


def test_a_case_is_opened_listed_and_closed_only_when_it_was_verified(district: District) -> None:
    district.command("year", "create", "2026", "--wave", district.wave)
    assert "没有学校代码" in district.command(*OPEN, "--school", "9999", *CASE[2:], code=1)
    assert district.command(*OPEN, *CASE) == "已立案：第 1 项\n"
    listed = district.command("cases", "list", "--year", "2026").lstrip("\ufeff")
    row = next(csv.DictReader(io.StringIO(listed)))
    assert (row["case_id"], row["school_code"], row["state"], row["overdue"]) == ("1", "0101", "proposed", "false")
    assert "不能“销号”" in district.command("cases", "close", "--year", "2026", "1", code=1)
    assert "没有第 7 项" in district.command("cases", "close", "--year", "2026", "7", code=1)
    assert district.count("audit_entry WHERE action LIKE 'case%'") >= 2
