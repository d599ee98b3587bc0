"""Help: one page for each, in the words of who reads it; and the letter that goes with the slips."""

import pytest

from survey_app.admin.help.manuals import MANUALS
from survey_app.foundation.roles import Role
from testing.console import Clerk
from testing.district import District


def test_the_office_finds_the_three_manuals(small_district: District) -> None:
    clerk = Clerk(small_district)
    page = clerk.open("/staff/help")
    for manual_id, manual in MANUALS.items():
        assert f'href="/staff/help/{manual_id}"' in page
        text = clerk.open(f"/staff/help/{manual_id}")
        for section in manual.sections:
            assert str(section.title) in text
        assert "测试区教育督导室" in text
    assert clerk.client.get("/staff/help/nothing").status_code == 404


@pytest.mark.parametrize(("role", "manual"), [(Role.PRINCIPAL, "school"), (Role.INSPECTOR, "inspections")])
def test_who_has_a_manual_of_his_own_sees_it_first(small_district: District, role: Role, manual: str) -> None:
    page = small_district.staff(str(role), "某人").get("/staff/help").text
    assert str(MANUALS[manual].title) in page


def test_manuals_are_whole_in_english(small_district: District) -> None:
    client = small_district.staff()
    for manual_id in MANUALS:
        page = client.get(f"/staff/help/{manual_id}", headers={"Accept-Language": "en"}).text
        text = page.partition("<main")[2].replace("测试区教育督导室", "")
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in text), manual_id


def test_the_letter_says_what_parents_may_refuse(small_district: District) -> None:
    page = Clerk(small_district).open("/staff/waves/1/letter")
    for words in ("您可以不填", "不同意孩子参加", "2026-11-12 09:00", "扫学校海报上的二维码", "000-12345678"):
        assert words in page, words
