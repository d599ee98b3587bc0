"""The roster in the browser: template, preview in numbers, faults back, one click, and what is refused."""

import io

import openpyxl

from testing.console import TWO_SCHOOLS, Clerk, roster_csv


def test_an_empty_roster_says_what_to_do(clerk: Clerk) -> None:
    page = clerk.open("/staff/roster")
    assert "名册是空的" in page
    book = openpyxl.load_workbook(io.BytesIO(clerk.client.get("/staff/roster/template.xlsx").data))
    assert book.sheetnames == ["名册", "填写说明"]


def test_a_fault_comes_back_in_the_same_sheet_and_nothing_is_imported(clerk: Clerk) -> None:
    clerk.open("/staff/roster/upload")
    faulty = roster_csv("0101,河东小学,小学,东片,abc,40,600", "0201,河东中学,初中,西片,500,40,600")
    place = clerk.upload("/staff/roster/upload", "名册.csv", faulty).headers["Location"]
    page = clerk.open(place)
    assert "“abc”不是整数人数" in page
    assert "第 2 行" in page
    assert "apply" not in page, "nothing to click on while there are faults"
    book = openpyxl.load_workbook(io.BytesIO(clerk.client.get(f"{place}/problems.xlsx").data))
    rows = list(book.active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert rows[0][0] == "问题"
    assert "不是整数人数" in str(rows[1][0])
    refused = clerk.send(f"{place}/apply")
    assert refused.status_code == 409
    assert clerk.district.count("school") == 0


def test_the_preview_says_old_and_new_totals_and_one_click_imports(clerk: Clerk) -> None:
    """K12: the dry run showed names and no numbers."""
    assert clerk.import_roster().status_code == 303
    clerk.open("/staff/roster/upload")
    changed = roster_csv("0101,河东小学,小学,东片,650,40,600", "0201,河东中学,初中,西片,500,40,600")
    place = clerk.upload("/staff/roster/upload", "名册.csv", changed).headers["Location"]
    page = clerk.open(place)
    assert "家长数 600 → 650" in page
    assert "1,100" in page
    assert "1,150" in page
    assert clerk.send(f"{place}/apply").headers["Location"].endswith("applied=2")
    assert "650" in clerk.open("/staff/roster/schools/0101")
    again = clerk.send(f"{place}/apply")
    assert again.status_code == 409
    assert "已经导入过了" in again.text, "a double click imports once"


def test_schools_that_are_gone_need_a_tick(clerk: Clerk) -> None:
    clerk.import_roster(roster_csv("0101,河东小学,小学,,600,40,600", "0102,河西小学,小学,,500,40,600"))
    clerk.open("/staff/roster/upload")
    fewer = roster_csv("0101,河东小学,小学,,600,40,600")
    place = clerk.upload("/staff/roster/upload", "名册.csv", fewer).headers["Location"]
    assert "这 1 所学校确实不再参加" in clerk.open(place)
    assert "请选择保留，还是不再参加" in clerk.send(f"{place}/apply").text
    assert clerk.send(f"{place}/apply", missing="remove").status_code == 303
    listed, _mark, former = clerk.open("/staff/roster").partition("不在名册里的学校：1 所")
    assert "河西小学" not in listed
    assert "河西小学" in former, "its card and its history can still be found"


def test_a_sheet_that_only_adds_a_school_leaves_the_others(clerk: Clerk) -> None:
    """A school was forgotten in the middle of a wave (C18-1): its row alone is enough."""
    clerk.import_roster(TWO_SCHOOLS)
    clerk.open("/staff/roster/upload")
    one_more = roster_csv("0103,新城小学,小学,,240,18,240")
    place = clerk.upload("/staff/roster/upload", "一所.csv", one_more).headers["Location"]
    page = clerk.open(place)
    assert "保留：这份表只是补充" in page
    assert "学区小学 · 家长数 240 · 教师数 18 · 学生数 240" in page, "a wrong digit is seen before the import"
    assert ("1,340" in page, "240" in page) == (True, True), "the sums with and without the others"
    assert clerk.send(f"{place}/apply", missing="keep").status_code == 303
    assert clerk.district.count("school WHERE in_roster") == 3
    assert "(+1 ~0 -0)" in clerk.open("/staff/audit")


def test_a_total_that_the_schools_do_not_add_up_to_is_pointed_out(clerk: Clerk) -> None:
    """The office's own 合计 is compared, not left to the clerk; a subtotal that is right is no news (C18-2)."""
    clerk.open("/staff/roster/upload")
    rows = ("0101,河东小学,小学,,600,40,600", "0102,河西小学,小学,,500,40,500", ",小计,,,1100,80,1100",
            "0201,河东中学,初中,,300,30,300", ",小计,,,300,30,30", ",合计,,,1400,110,9999")  # fmt: skip
    place = clerk.upload("/staff/roster/upload", "名册.csv", roster_csv(*rows)).headers["Location"]
    page = clerk.open(place)
    assert "第 7 行的合计写着学生数 9,999，各校加起来是 1,400" in page
    assert "第 6 行的合计写着学生数 30，各校加起来是 300" in page, "of its own section"
    assert page.count("各校加起来是") == 2


def test_a_stale_preview_is_refused_and_says_who_was_first(clerk: Clerk) -> None:
    """Two clerks at once: the second is told what the first did."""
    clerk.open("/staff/roster/upload")
    place = clerk.upload("/staff/roster/upload", "我的.csv", TWO_SCHOOLS).headers["Location"]
    clerk.open(place)
    other = Clerk(clerk.district, "李老师")
    other.import_roster(roster_csv("0301,第三中学,高中,,500,40,600"))
    late = clerk.send(f"{place}/apply")
    assert late.status_code == 409
    assert "名册在这次上传之后被改过" in late.text
    assert "李老师" in late.text
    assert clerk.district.count("school") == 1
    clerk.page = late.text
    assert clerk.send(f"{place}/renew").status_code == 303
    clerk.open(place)
    assert clerk.send(f"{place}/apply").status_code == 303
    assert clerk.district.count("school") == 3


def test_what_is_no_roster_is_refused_beside_the_field(clerk: Clerk) -> None:
    clerk.open("/staff/roster/upload")
    for name, content, said in (
        ("", b"", "请选择一个文件"),
        ("空.csv", b"", "是空的"),
        ("名册.xlsx", b"not a workbook", "名册.xlsx"),
        ("照片.png", b"\x89PNG\r\n", "照片.png"),
        ("别的.csv", b"a,b\n1,2\n", "找不到名册的表头"),
    ):
        response = clerk.upload("/staff/roster/upload", name, content)
        assert response.status_code == 422, name
        assert said in response.text, name
        assert "flask" not in response.text, "no page tells a clerk to run a command"
    too_much = clerk.client.post(
        "/staff/roster/upload", data=b"x" * (4 * 1024 * 1024), content_type="multipart/form-data; boundary=x"
    )
    assert too_much.status_code == 413


def test_the_list_is_searched_paged_and_downloaded(clerk: Clerk) -> None:
    clerk.import_roster(roster_csv(*(f"{1000 + n},第{n}小学,小学,东片,100,10,100" for n in range(60))))
    first = clerk.open("/staff/roster")
    assert first.count('scope="row"') == 26, "twenty-five schools and the total"
    assert "第 1 / 3 页，共 60 行" in first
    assert "第 3 / 3 页" in clerk.open("/staff/roster?page=99")
    assert "合计 1 所" in clerk.open("/staff/roster?q=1007")
    assert "没有这样的学校" in clerk.open("/staff/roster?q=火星")
    assert "没有这样的学校" in clerk.open("/staff/roster?category=senior")
    lines = clerk.client.get("/staff/roster.csv").text.splitlines()
    assert len(lines) == 61
    assert clerk.client.get("/staff/roster/schools/9999").status_code == 404
    assert clerk.client.get("/staff/roster/uploads/99").status_code == 404


def test_the_card_of_a_school_shows_its_grades(running: Clerk) -> None:
    page = running.open("/staff/roster/schools/0101")
    assert "一年级" in page
    assert "学区小学" in page


def test_the_card_of_a_school_tells_its_history(running: Clerk) -> None:
    """console.md §2, 名册: renamed, corrected, merged, and the waves it took part in."""
    place = "/staff/roster/schools/0101"
    page = running.open(place)
    assert "2026秋" in page
    assert "家长 60" in page
    changes = "/staff/waves/1/changes/amend"
    running.open(f"{changes}?school=0101")
    amended = {"school": "0101", "group": "parent/4/", "population": "12", "reason": "转来两人"}
    running.page = running.send(changes, **amended).text
    assert running.send(changes).status_code == 303
    assert "转来两人" in running.open(place)
    assert "转来两人" not in running.open("/staff/roster/schools/0201")
    running.import_roster(roster_csv("0101,河东中心小学,小学,,60,12,30"))
    page = running.open(place)
    assert "河东小学 → 河东中心小学" in page


def test_a_merged_school_leads_to_the_one_that_came_after_it(running: Clerk) -> None:
    running.open("/staff/roster/upload")
    roster = roster_csv("0201,河东中学,初中,,60,12,30", "0102,新小学,小学,,9,9,9")
    preview = running.upload("/staff/roster/upload", "名册.csv", roster).headers["Location"]
    running.open(preview)
    assert running.send(f"{preview}/apply", missing="remove").status_code == 303
    assert "不在名册里的学校：1 所" in running.open("/staff/roster")
    gone, place = "/staff/roster/schools/0101", "/staff/roster/schools/0101/successor"
    assert "现在的名册里没有这所学校" in running.open(gone)
    mistyped = running.send(place, successor="9999")
    assert (mistyped.status_code, 'value="9999"' in mistyped.text) == (422, True), "what was typed stays"
    assert running.send(place, successor="0101").status_code == 422
    assert running.send(place, successor="0102").status_code == 303
    assert "新小学（0102）" in running.open(gone)
    assert "河东小学（0101）" in running.open("/staff/roster/schools/0102")
    circle = running.send("/staff/roster/schools/0102/successor", successor="0101")
    assert circle.status_code == 422, "a school does not come after itself"
    running.open(gone)
    assert running.send(place, successor="").status_code == 303
    assert "新小学（0102）" not in running.open(gone)
    assert running.district.count("audit_entry WHERE action = 'roster.successor' AND result = 'done'") == 2


def test_schools_that_left_the_roster_are_listed_in_pages(clerk: Clerk) -> None:
    many = roster_csv(*(f"{code},第{code}小学,小学,,60,12,30" for code in range(1001, 1053)))
    assert clerk.import_roster(many).status_code == 303
    clerk.open("/staff/roster/upload")
    content = roster_csv("0102,新小学,小学,,60,12,30")
    preview = clerk.upload("/staff/roster/upload", "名册.csv", content).headers["Location"]
    clerk.open(preview)
    assert clerk.send(f"{preview}/apply", missing="remove").status_code == 303
    first = clerk.open("/staff/roster")
    assert "不在名册里的学校：52 所" in first
    assert ("第1025小学" in first, "第1026小学" in first) == (True, False)
    second = clerk.open("/staff/roster?former=3")
    assert ("第1050小学" in second, "第1052小学" in second) == (False, True)
