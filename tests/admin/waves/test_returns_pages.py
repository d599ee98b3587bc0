"""Who answers: by category, school and class; who is behind; what may not be seen."""

from testing.console import Clerk


def test_returns_go_from_category_to_school_to_link(running: Clerk) -> None:
    """K19: numbers were cut at 1280 and invisible at 360."""
    link = running.district.link("teacher")
    running.district.send_many(link, 6)
    page = running.log_in().open("/staff/waves/1")
    assert "按类别" in page
    assert "6 / 12（50.0%）" in page
    assert 'data-label="教师"' in page
    school = running.open("/staff/waves/1/schools/0101")
    assert "6 / 12（50.0%）" in school
    assert "《2026秋》将于 2026-11-12 09:00 截止" in school
    assert running.client.get("/staff/waves/1/schools/9999").status_code == 404


def test_schools_behind_are_found(running: Clerk) -> None:
    running.district.send_many(running.district.link("teacher"), 6)
    page = running.log_in().open("/staff/waves/1?behind=1")
    rows = page.partition("落后的学校")[2]
    assert "河东中学" in rows
    assert "河东小学" not in rows
    assert "有 1 所学校回收不到全区的一半" in running.open("/staff/")
    assert "河东中学" not in running.open("/staff/waves/1?category=primary")


def test_schools_behind_come_first_and_the_pace_says_where_it_leads(running: Clerk) -> None:
    clock = running.district.clock
    running.district.send_many(running.district.link("teacher"), 3)
    page = running.log_in().open("/staff/waves/1")
    assert "照此到截止约" not in page, "the first day says little"
    clock.advance(days=5)
    page = running.log_in().open("/staff/waves/1")
    rows = page.partition("按学校")[2]
    assert 0 < rows.find("河东中学") < rows.find("河东小学")
    assert "照此到截止约 25%" in page, "3 of 24 when half of the time is over"


def test_a_school_is_found_among_many(running: Clerk) -> None:
    page = running.open("/staff/waves/1?q=中学")
    assert "河东中学" in page
    assert "河东小学" not in page
    assert "没有这样的学校" in running.open("/staff/waves/1?q=河中")


def test_the_same_numbers_are_a_table(running: Clerk) -> None:
    running.district.send_many(running.district.link("teacher"), 6)
    lines = running.log_in().client.get("/staff/waves/1/counts.csv").text.splitlines()
    assert lines[0].startswith("\ufeff学校代码,学校名称,类别,家长收到,家长应答")
    assert any(line.startswith("0101,河东小学,学区小学,0,60,6,12") for line in lines)


def test_nobody_is_behind_before_anybody_came(running: Clerk) -> None:
    assert "没有落后的学校" in running.open("/staff/waves/1?behind=1")


def test_the_end_that_is_shown_is_the_real_one(running: Clerk) -> None:
    """K26: after an early end, the planned one was shown everywhere."""
    running.open("/staff/waves/1/changes/close")
    running.send("/staff/waves/1/close")
    assert "2026-11-02 09:00 — 2026-11-02 09:00" in running.open("/staff/waves/1")
