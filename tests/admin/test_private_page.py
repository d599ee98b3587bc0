"""Whether people were told how to answer: the office and the auditor see it beside the usual share, nobody else."""

import csv
import io
import re

import pytest

from testing.console import Clerk
from testing.district import DEFAULT_SCHOOLS, school

PAGE = "/staff/waves/1/results/private"
SCHOOLS = (*DEFAULT_SCHOOLS, school("0102", "河西小学"), school("0103", "河南小学"), school("0104", "河北小学"))
PRESSED = {"0101": (12, 3), "0102": (11, 6), "0103": (4, 4), "0104": (10, 10)}  # parents, of them told


@pytest.fixture
def sealed(clerk: Clerk) -> Clerk:
    district = clerk.district.opened(SCHOOLS)
    for code, (people, told) in PRESSED.items():
        link = district.link("parent", code)
        for number in range(people):
            answer = district.answer(link, {"pressed": "yes" if number < told else "no"}, seed=number)
            assert district.send(link, answer).status_code == 303
    district.sealed()
    return clerk.log_in()  # the first login ended while people answered


def rows_of(page: str) -> list[list[str]]:
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
        for row in body.split("</tr>")[:-1]
    ]


def test_schools_stand_beside_the_usual_share_the_highest_first(sealed: Clerk) -> None:
    page = sealed.open(f"{PAGE}?category=primary")
    assert "线索，不是结论" in page
    assert "填写前是否有人要求您怎样回答" in page
    assert rows_of(page) == [
        ["同类合计", "家长", "", "9（39.1%）", "0（0.0%）"],
        ["河北小学", "家长", "10", "不低于 90%", "0（0.0%）"],
        ["河西小学", "家长", "11", "6（54.5%）", "0（0.0%）"],
        ["河东小学", "家长", "12", "3（25.0%）", "0（0.0%）"],
        ["河南小学", "家长", "＊", "＊", "＊"],
    ], "of fewer than ten nothing, of nearly all only that; neither is in the total"


def test_the_file_has_what_is_shown_and_the_other_category_says_that_there_is_nothing(sealed: Clerk) -> None:
    rows = list(csv.reader(io.StringIO(sealed.client.get(f"{PAGE}?category=primary&format=csv").text.lstrip("\ufeff"))))
    assert rows[0] == ["学校", "对象", "回答这题的人", "有人要求过", "不愿回答"]
    assert rows[1:] == rows_of(sealed.open(f"{PAGE}?category=primary"))
    assert "没有人回答这道题" in sealed.open(f"{PAGE}?category=direct&question=x&page=-1")


def test_the_auditor_sees_it_and_the_sysadmin_does_not(sealed: Clerk) -> None:
    assert Clerk(sealed.district, "审计", "auditor").client.get(PAGE).status_code == 200
    assert Clerk(sealed.district, "管理", "sysadmin").client.get(PAGE).status_code == 404


def test_it_is_on_no_page_and_in_no_file_that_leaves_the_house(sealed: Clerk) -> None:
    for path in ("results", "results/school/0102", "results/quality", "results/all", "indices.csv", "items.csv"):
        response = sealed.client.get(f"/staff/waves/1/{path}")
        assert response.status_code == 200, path
        assert "有人要求过" not in response.text, path
        assert not re.search(r"\bpressed\b", response.text), path


def test_a_wave_without_private_questions_says_so(clerk: Clerk) -> None:
    folder = clerk.district.app.extensions["settings"].questionnaires_dir
    path = folder / "compulsory-parent.yaml"
    path.write_text(path.read_text("utf-8").replace("    private: true\n", ""), "utf-8")
    district = clerk.district.opened(SCHOOLS, ("compulsory-parent",))
    district.send_many(district.link("parent", "0101"), 12)
    district.sealed()
    assert district.count("private_answer") == 0
    assert "没有不公开的题" in clerk.log_in().open(PAGE)
    assert clerk.client.get("/staff/waves/9/results/private").status_code == 404
