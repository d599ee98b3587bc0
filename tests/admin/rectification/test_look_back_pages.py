"""回头看 in the browser: one button drafts the wave; the case says what it found, to the school once it is released."""

import pytest

from survey_app.accounts.grants import Node, NodeKind, replace_grants
from survey_app.accounts.models import Staff
from survey_app.distribution.queries import list_links
from survey_app.frame.queries import wave_by_name
from survey_app.integrity.lifecycle import close_and_seal
from testing.console import Clerk
from testing.district import District
from testing.rectification import closed_case

PLACE = "/staff/rectification"
AGAIN = "河东小学 回头看 · 2026秋"


def answer_again(district: District, codes: str) -> None:
    """A form for each answer to the item."""
    for number, code in enumerate(codes):
        link = district.link()
        district.send(link, district.answer(link, {"T1": code}, seed=number))


@pytest.fixture
def case_id(small_district: District) -> int:
    """An item of the first wave was to be put right; the wave is sealed and the case is closed."""
    district = small_district
    answer_again(district, "1112223344" * 2)
    district.clock.advance(days=11)
    district.sealed()
    with district.app.extensions["database"].write_session() as session:
        closed_case(session, district, "0201", "T5")
        return closed_case(session, district).id


def test_one_button_drafts_the_wave_and_the_case_says_before_and_after(small_district: District, case_id: int) -> None:
    district, case = small_district, f"{PLACE}/{case_id}"
    office = Clerk(district)
    assert "回头看：再问一次" in office.open(case)
    page = office.open(f"{case}/look-back/new")
    assert f'value="{AGAIN}"' in page
    assert "家长的其他题" in page
    assert "河东中学" in page, "may be looked back at together"
    fields = {"name": AGAIN, "opens_on": "2026-11-14", "opens_time": "08:00", "closes_on": "2026-11-20"}
    refused = office.send(f"{case}/look-back/new", **fields | {"item-student": "T1", "closes_on": "2026-11-01"})
    assert "截止时间必须晚于开始时间" in refused.text
    office.open(f"{case}/look-back/new")
    made = office.send(f"{case}/look-back/new", **fields | {"item-parent": "T1"})
    assert made.status_code == 303, made.text
    check = office.open(made.headers["Location"])
    assert "（回头看）" in check
    assert "河东中学" not in check
    wave = made.headers["Location"].removesuffix("/setup/check")
    assert office.client.get(f"{wave}/setup/questionnaires").status_code == 303, "what is asked cannot be chosen"
    assert "家长" in office.open(f"{wave}/setup/ways")
    assert "还是草稿" in office.open(case)
    trial = office.open(f"{wave}/trial")
    address = trial.split('href="/staff/questionnaires/')[1].split('"')[0].replace("&amp;", "&")
    assert "课堂教学的质量" in office.client.get(f"/staff/questionnaires/{address}").text
    office.open(f"{wave}/setup/check")
    assert office.send(f"{wave}/setup/check", accept="yes").status_code == 303
    district.clock.advance(days=2)
    with district.app.extensions["database"].read_session() as session:
        again = wave_by_name(session, AGAIN)
        district.links = list_links(session, again, district.app.extensions["categories"], "https://s.example.edu.cn")
    answer_again(district, "5544455354" * 2)
    district.clock.advance(days=11)
    with district.app.extensions["database"].write_session() as session:
        again = wave_by_name(session, AGAIN)
        close_and_seal(session, again, district.app.extensions["categories"], "test", district.clock.at,
                       lose_open_forms=True)  # fmt: skip
    office.log_in()
    page = office.open(case)
    assert "家长：课堂教学的质量：可以确定好转。指数从 32.50 到 85.00，变化 +52.50 分" in page
    assert "回头看没有反弹" in page, "the office decides"
    assert page.count("变化 +52.50 分") == 1, "the school reads reasons: no figures before it may see them"
    assert "1 项回头看有了结果，等决定" in office.open("/staff/")
    assert "这个批次不是回头看" in office.open("/staff/waves/1/look-back")
    _who_else_reads_it(district, wave, f"/staff/schools/0101/notices/{case_id}")
    assert office.open(case).count("变化 +52.50 分") == 3, "what was found is proposed as the reason, either way"


def release(district: District, **is_released: bool) -> None:
    with district.app.extensions["database"].write_session() as session:
        for name, value in ((district.wave, is_released["first"]), (AGAIN, is_released["again"])):
            wave_by_name(session, name).released_at = district.clock.at if value else None


def _who_else_reads_it(district: District, wave: str, notice: str) -> None:
    """School and leader, once both waves were released: what it was before is a result of the first."""
    school, leader = Clerk(district, "张校长", "principal"), Clerk(district, "局长", "leader")
    with district.app.extensions["database"].write_session() as session:
        staff = session.query(Staff).filter_by(username="张校长").one()
        replace_grants(session, staff, [Node(NodeKind.SCHOOL, "0101")])
    assert leader.client.get(f"{wave}/look-back").status_code == 404
    for first, again in ((True, False), (False, True)):
        release(district, first=first, again=again)
        page = school.open(notice)
        assert "已经封存，等公布给学校" in page
        assert "32.50" not in page
    assert "32.50" not in leader.open(f"{wave}/look-back")
    release(district, first=True, again=True)
    assert "可以确定好转" in school.open(notice)
    assert f"{wave}/look-back" in leader.open("/staff/")
    assert "可以确定好转" in leader.open(f"{wave}/look-back")
