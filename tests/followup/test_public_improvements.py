"""你说我改 in public: two people, one takes it back, nothing that tells who, and no figure."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from survey_app.assessment.years import list_years
from survey_app.followup.cases import StepWords, take_step
from survey_app.followup.public_improvements import (
    confirm_entry,
    count_waiting,
    find_entry,
    is_linked,
    list_entries,
    propose_entry,
    proposed_words,
    public_entries,
    public_min_n,
    switch_link,
    withdraw_entry,
    words_digest,
)
from survey_app.followup.public_words import PublicWords, check_public_words
from survey_app.foundation.errors import UserError
from testing.district import District
from testing.rectification import closed_case, delivered_case, office, open_year

WORDS = PublicWords(
    "希望课后服务多一些课程", "新开了围棋和合唱两门课，每周三下午上", "More courses after school", "Chess and choir"
)


@pytest.fixture
def session(small_district: District) -> Iterator[Session]:
    with small_district.app.extensions["database"].write_session() as session:
        yield session


def test_two_people_release_an_entry_and_one_takes_it_back(session: Session, small_district: District) -> None:
    district, categories = small_district, small_district.app.extensions["categories"]
    now, case = district.clock.at, closed_case(session, district)
    assert proposed_words(session, case.id).done == "已整改"
    with pytest.raises(UserError, match="还没有公开的条目"):
        switch_link(session, True)
    entry = propose_entry(session, case.id, WORDS, categories, "王督导", now)
    assert (count_waiting(session), public_entries(session)) == (1, [])
    assert proposed_words(session, case.id) == WORDS
    with pytest.raises(UserError, match="要由另一个账号确认"):
        confirm_entry(session, case.id, words_digest(entry), "王督导", now)
    seen = words_digest(entry)
    propose_entry(session, case.id, PublicWords("午餐太凉", "换了保温箱"), categories, "王督导", now)
    with pytest.raises(UserError, match="刚刚被改过"):
        confirm_entry(session, case.id, seen, "局长", now)
    confirm_entry(session, case.id, words_digest(list_entries(session)[0]), "局长", now)
    [shown] = public_entries(session)
    assert (shown.school_code, shown.words.said, shown.year) == ("0101", "午餐太凉", 2026)
    assert public_entries(session, "0101") == [shown]
    assert public_entries(session, "0201") == []
    with pytest.raises(UserError, match="已经公开"):
        propose_entry(session, case.id, WORDS, categories, "王督导", now)
    with pytest.raises(UserError, match="已经确认过了"):
        confirm_entry(session, case.id, words_digest(entry), "张三", now)
    switch_link(session, True)
    assert is_linked(session)
    withdraw_entry(session, case.id)
    assert (public_entries(session), find_entry(session, case.id), is_linked(session)) == ([], None, False)
    with pytest.raises(UserError, match="已经撤下"):
        withdraw_entry(session, case.id)


def test_what_is_open_again_is_not_shown_and_what_was_never_done_cannot_be(
    session: Session, small_district: District
) -> None:
    district, categories = small_district, small_district.app.extensions["categories"]
    case = closed_case(session, district)
    entry = propose_entry(session, case.id, WORDS, categories, "王督导", district.clock.at)
    confirm_entry(session, case.id, words_digest(entry), "局长", district.clock.at)
    take_step(session, case.id, "reopen", case.step_count, StepWords("又有家长反映"), office(district))
    assert public_entries(session) == []
    for unfinished in (case, delivered_case(session, district, list_years(session)[0], "0201", 7)):
        with pytest.raises(UserError, match="还没有核验通过并且销号"):
            propose_entry(session, unfinished.id, WORDS, categories, "王督导", district.clock.at)


@pytest.mark.parametrize(
    ("said", "done", "reason"),
    [
        ("", "换了保温箱", "“大家说”要有 1 到 100 个字"), ("午餐太凉", "好" * 201, "“学校做了”要有 1 到 200 个字"),
        ("不满意的占 12.5%", "换了", "测评的数字（“5%”）"), ("只有 62 分", "换了", "测评的数字"),
        ("满意率低", "换了", "测评的数字"), ("全区倒数第三名", "换了", "名次"), ("排名靠后", "换了", "名次"),
        ("有 3 名学生受伤", "换了", "不到 20 人"), ("十二位家长反映", "换了", "不到 20 人"),
        ("凉", "走访了两个家长", "不到 20 人"),
        ("凉", "请打 138-1234-5678", "姓名、电话"), ("凉", "由李督学负责", "姓名、电话"),
    ],
)  # fmt: skip
def test_what_may_not_be_said_in_public_is_named(said: str, done: str, reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        check_public_words(PublicWords(said, done), 20, ["李督学", "王"])


def test_what_may_be_said() -> None:
    for said, done in (
        ("午餐太凉", "换了保温箱，退还 46 名学生的费用，每周三下午 20 分钟"),
        ("作业多", "三年级起每天不超过一小时，一人一案"),
        ("希望开放操场", "二十五位老师轮流值守，十分热闹"),
    ):  # fmt: skip
        check_public_words(PublicWords(said, done), 20, ["李督学"])
    with pytest.raises(UserError, match="英文要么两句都写"):
        check_public_words(PublicWords("凉", "换了", "Cold"), 20, [])
    with pytest.raises(UserError, match="不到 20 人"):
        check_public_words(PublicWords("凉", "换了", "Cold", "We asked 5 parents"), 20, [])


def test_how_few_people_may_be_counted_stands_in_the_scheme(session: Session, small_district: District) -> None:
    year = open_year(session, small_district)
    case = delivered_case(session, small_district, year)
    assert public_min_n(session, case, small_district.app.extensions["categories"]) == 20
