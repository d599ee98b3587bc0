"""After the seal two people leave a group of responses out of the count, and nobody can choose one response."""

import csv
import re
from pathlib import Path

import pytest

from survey_app.accounts.passwords import hash_new_password
from survey_app.accounts.staff import create_staff
from survey_app.definition.form import form_for
from survey_app.definition.model import Item
from survey_app.integrity.private_counts_store import load_private_counts
from testing.answers import write_answers
from testing.console import Clerk
from testing.district import PASSWORD, WAVE, District
from tests.integrity.test_changes import records, typed

COPIES = 12
WHY = ("--reason", "同一只手填的", "--user")


def people_of_two_schools(district: District, tmp_path: Path) -> list[dict[str, str]]:
    with write_answers(district, tmp_path / "answers.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def imported(district: District, path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    district.command("responses", "import", "--wave", WAVE, str(path))


def index_of(district: District, school: str = "0101", audience: str = "parent") -> dict[str, str]:
    table = list(csv.DictReader(district.command("results", "indices", "--wave", WAVE).splitlines()))
    return next(row for row in table if (row["school_code"], row["audience"]) == (school, audience))


def told(district: District) -> int:
    """How many parents of 0101 stand in the counts of the private question."""
    with district.app.extensions["database"].read_session() as session:
        counts = load_private_counts(session, 1)
    return sum(counts[1, "parent"]["pressed"].values())


@pytest.fixture
def copied(district: District, tmp_path: Path) -> District:
    """Honest people of two schools, and then a file in which one parent of 0101 stands twelve times."""
    for name in ("王督导", "李督导"):
        with district.app.extensions["database"].write_session() as session:
            create_staff(session, name, hash_new_password(PASSWORD, name), "office", district.clock.at)
    rows = people_of_two_schools(district, tmp_path)
    imported(district, tmp_path / "honest.csv", rows)
    one = next(row for row in rows if (row["school_code"], row["audience"]) == ("0101", "parent"))
    imported(district, tmp_path / "copies.csv", [one] * COPIES)
    return district


def test_a_file_is_left_out_as_if_it_had_never_come(copied: District, tmp_path: Path) -> None:
    exclude = ("wave", "exclude", WAVE, "--file", "2", *WHY, "王督导")
    assert "还没有封存" in typed(copied, *exclude)[1]
    copied.sealed()
    before = index_of(copied)
    code, said = typed(copied, *exclude)
    assert code == 0, said
    assert "不计入 12 份，剩 48 份" in said
    assert index_of(copied) == before, "nothing changes until a second person agrees"
    assert "另一个账号" in typed(copied, "wave", "confirm", "1", "--user", "王督导")[1]
    assert typed(copied, "wave", "confirm", "1", "--user", "李督导")[0] == 0
    after = index_of(copied)
    assert (before["received"], after["received"]) == ("60", "48")
    assert index_of(copied, "0201") is not None
    assert records(copied)[-1] == ("exclude", "同一只手填的", ["王督导", "李督导"])
    copied.command("verify")
    people = [row for row in people_of_two_schools(copied, tmp_path)
              if (row["school_code"], row["audience"]) == ("0101", "parent")]  # fmt: skip
    items = csv.DictReader(copied.command("results", "items", "--wave", WAVE).splitlines())
    mine = [row for row in items if (row["school_code"], row["audience"]) == ("0101", "parent")]
    parents = form_for(copied.app.extensions["catalogue"].instrument("compulsory-parent"), "parent")
    everybody = {item.id for item in parents.questions() if isinstance(item, Item) and item.show_if is None}
    assert len(everybody) > 5
    for row in (row for row in mine if row["item"] in everybody):
        answered = sum(person[row["item"]] not in ("", "9") for person in people)
        assert int(row["n"]) == answered, row["item"]


def test_copies_are_left_out_together_and_signals_are_counted_anew(copied: District) -> None:
    copied.sealed()
    duplicates = "signals WHERE audience = 'parent' AND duplicates >= 12"
    assert copied.count(duplicates) == 1
    assert told(copied) == 60
    groups = "form_sums WHERE audience = 'parent' AND school_id = 1"
    assert copied.count(groups) > 0
    exclude = ("wave", "exclude", WAVE, "--school", "0101", "--audience", "家长", *WHY, "王督导")
    assert "不计入 13 份，剩 47 份" in typed(copied, *exclude)[1]
    assert typed(copied, "wave", "confirm", "1", "--user", "李督导")[0] == 0
    assert index_of(copied)["received"] == "47"
    assert copied.count(duplicates) == 0
    assert told(copied) == 47, "answers to the private question too"
    assert copied.count(groups) == 0, "sums before and after would tell what those answered who are in both groups"
    assert copied.count("excluded_response") == 13
    assert "没有可以排除的一组" in typed(copied, *exclude)[1]


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        (("--file", "9"), "没有可以排除的一组"),
        (("--school", "0201", "--audience", "parent"), "没有可以排除的一组"),
        (("--school", "0999", "--audience", "parent"), "0999"),
        (("--school", "0101"), "--file 编号"),
        (("--file", "1", "--school", "0101", "--audience", "parent"), "--file 编号"),
        (("--file", "1"), "至少 10 份"),
    ],
)
def test_nothing_else_can_be_chosen(copied: District, tmp_path: Path, chosen: tuple[str, ...], why: str) -> None:
    rows = [row for row in people_of_two_schools(copied, tmp_path) if row["school_code"] == "0201"]
    parents = [row for row in rows if row["audience"] == "parent"]
    imported(copied, tmp_path / "third.csv", [parents[0] | {"grade": "8"}, *parents[1:3]])
    copied.sealed()
    code, said = typed(copied, "wave", "exclude", WAVE, *chosen, *WHY, "王督导")
    if chosen == ("--file", "1"):  # three parents of 0201 came otherwise: the file is not known there any more
        assert code == 0
        assert "0201 parent" not in said
    else:
        assert code != 0
        assert why in said


def test_the_file_is_not_kept_where_it_would_show_a_small_group(copied: District, tmp_path: Path) -> None:
    """Teachers never; a group of fewer than ten never; where fewer than ten came otherwise, not after the seal."""
    assert copied.count("response WHERE audience = 'teacher' AND imported_file > 0") == 0
    rows = [row for row in people_of_two_schools(copied, tmp_path) if row["audience"] == "student"]
    imported(copied, tmp_path / "few.csv", [row for row in rows if row["school_code"] == "0101"][3:6])
    assert copied.count("response WHERE imported_file = 3") == 0
    assert copied.count("response WHERE imported_file = 1 AND audience = 'student'") == 48
    copied.sealed()
    assert copied.count("response WHERE imported_file = 1 AND audience = 'student'") == 24, "0201 only"
    assert copied.count("response WHERE imported_file = 2") == COPIES


def test_the_office_does_it_in_the_browser(copied: District) -> None:
    copied.sealed()
    first, second = Clerk(copied, "赵督导"), Clerk(copied, "钱督导")
    place = "/staff/waves/1/changes/exclude"
    page = first.open(place)
    assert "copies.csv" in page
    assert "河东小学 家长：一字不差的答卷" in page
    assert "请选择要排除的一组答卷" in first.send(place, exclusion="", reason="x").text
    shown = first.send(place, exclusion="file/2", reason="代填").text
    assert "不计入 12 份，剩 48 份" in shown
    assert copied.count("change_request") == 0, "only shown so far"
    fields = first.hidden(shown)
    assert first.client.post(place, data=fields).status_code == 303
    waiting = second.open("/staff/waves/1/changes")
    assert "12 份答卷不计入" in waiting
    (request,) = re.findall(r"requests/(\d+)/confirm", waiting)
    assert second.send(f"/staff/waves/1/changes/requests/{request}/confirm").status_code == 303
    assert copied.count("job WHERE state = 'waiting'") == 1, "confirming asks for the job, not the page"
    assert first.client.get("/staff/waves/1/results").status_code == 202, "counted anew by a job"
    copied.command("run-due")
    assert "另有 12 份经两人决定不计入" in first.open("/staff/waves/1/results")


def speeds(district: District, audience: str) -> dict[str, int]:
    """How many forms of an audience of 0101 were on paper or from a file, and by phone."""
    of_audience = f"response WHERE school_id = 1 AND audience = '{audience}' AND response_speed"
    return {
        name: district.count(f"{of_audience} {test} ('p', '-')")
        for name, test in (("paper", "IN"), ("phone", "NOT IN"))
    }


def test_a_few_on_paper_cannot_be_told_from_the_others_after_the_seal(district: District, tmp_path: Path) -> None:
    """The one teacher whose form was typed in, and the one parent among many papers who used a phone."""
    rows = people_of_two_schools(district, tmp_path)
    teachers = [row for row in rows if (row["school_code"], row["audience"]) == ("0101", "teacher")][:1]
    parents = [row for row in rows if (row["school_code"], row["audience"]) == ("0101", "parent")]
    imported(district, tmp_path / "paper.csv", teachers + parents)
    district.send_many(district.link("teacher"), 11)
    district.send(district.link("parent"))
    assert speeds(district, "teacher") == {"paper": 1, "phone": 11}
    assert speeds(district, "parent") == {"paper": len(parents), "phone": 1}
    district.sealed()
    assert speeds(district, "teacher") == {"paper": 0, "phone": 12}
    assert speeds(district, "parent") == {"paper": len(parents) + 1, "phone": 0}
