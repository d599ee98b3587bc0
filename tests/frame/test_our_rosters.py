"""Rosters of our own making, for a clone that has nothing beside it; ``test_roster`` reads others' too."""

from testing.instruments import TINY
from tests.frame.test_roster import by_code, read, sentences

ROSTERS = TINY.parent / "data" / "rosters"


def test_a_title_merged_groups_and_a_second_sheet() -> None:
    roster = read(ROSTERS / "deep-heading.xlsx")
    assert sentences(roster) == ([], [])
    assert roster.sheet_name == "名册"
    assert by_code(roster) == {
        "0501": {"parent": 480, "teacher": 32, "student": 240},
        "0502": {"parent": 1020, "teacher": 88, "student": 1020},
        "0503": {"parent": 150, "teacher": 18},
    }


def test_one_row_for_each_class() -> None:
    roster = read(ROSTERS / "by-class.xlsx")
    assert sentences(roster) == ([], [])
    assert by_code(roster) == {"0501": {"parent": 4 * 41, "student": 2 * 41, "teacher": 32}}
    assert roster.schools["0501"].populations["student", "4", "2班", ""] == 41


def test_every_fault_has_its_row_and_column() -> None:
    faults, _warnings = sentences(read(ROSTERS / "faulty.xlsx"))
    expected = ["第 3 行 A", "第 4 行 A", "第 5 行 D", "第 6 行 D", "第 7 行 C", "第 8 行 B"]
    assert len(faults) == len(expected), faults
    assert all(fault.startswith(place) for fault, place in zip(faults, expected, strict=True)), faults


def test_a_csv_as_a_chinese_excel_saves_it() -> None:
    roster = read(ROSTERS / "gbk.csv")
    assert sentences(roster) == ([], [])
    assert by_code(roster) == {
        "0061": {"parent": 433, "teacher": 37, "student": 433},
        "0062": {"parent": 9, "teacher": 3},
    }
    assert roster.schools["0061"].area == "东,北片"
