"""Comments are read with their cover, found by what is shown, and passed on only as somebody reviewed them."""

import pytest
from sqlalchemy.orm import Session

from survey_app.comments.queries import (
    RED_LINE,
    CommentFilter,
    CommentWords,
    comment_page,
    count_comments,
    find_comments,
    load_words,
    parse_key,
    released_comments,
)
from survey_app.comments.review import review_comments
from survey_app.comments.topics import DEFAULT_TOPICS, Topic, save_names, save_topics, split_words
from survey_app.foundation.errors import UserError
from survey_app.frame.queries import wave_by_name
from testing.district import District
from tests.comments.conftest import PARENTS, TEACHERS


def texts(district: District, **words: str) -> set[str]:
    with district.app.extensions["database"].read_session() as session:
        wave = wave_by_name(session, district.wave)
        return {found.text for found in find_comments(session, wave, CommentFilter(**words))}


def decide(district: District, session: Session, decision: str, containing: str, by: str = "王督导") -> None:
    wave = wave_by_name(session, district.wave)
    found = next(iter(find_comments(session, wave, CommentFilter(text=containing))))
    outcome = review_comments(session, wave, {found.key: (decision, found.seen)}, by, district.clock.at)
    assert outcome.stale == ()


def test_only_groups_of_ten_are_shown_and_the_rest_is_counted(written: District) -> None:
    with written.app.extensions["database"].read_session() as session:
        wave = wave_by_name(session, written.wave)
        counts = count_comments(session, wave)
        page = comment_page(session, wave, CommentFilter(), "")
    assert (counts.total, counts.hidden, counts.open) == (len(PARENTS), len(TEACHERS), len(PARENTS))
    assert page.total == len(PARENTS)
    assert {row.school_code for row in page.rows} == {"0101"}
    assert texts(written, school="0201") == set()
    assert not any("教师的意见" in text for text in texts(written))


def test_numbers_are_covered_and_search_finds_only_what_is_shown(written: District) -> None:
    assert not any("138" in text or "5678" in text for text in texts(written))
    assert texts(written, text="1381234") == set(), "a search must not tell that a number is there"
    assert len(texts(written, text="作业")) == 1
    assert len(texts(written, text="体罚")) == 2, "blanks between the letters do not help"
    assert texts(written, text="wang_laoshi") == set()
    assert texts(written, text="%") == set()
    assert texts(written, text="ＨＹＰＥＲ") == {"=HYPERLINK(1)"}, "wide letters and large ones are alike"


def test_a_name_of_the_list_is_covered_at_once_and_cannot_be_searched(written: District) -> None:
    assert len(texts(written, text="王小明")) == 1
    with written.app.extensions["database"].write_session() as session:
        assert save_names(session, split_words("王小明，李四\n李四")) == 2
    assert texts(written, text="王小明") == set()
    assert len(texts(written, text="老师不管")) == 1


def test_topics_and_red_lines_find_what_has_a_keyword(written: District) -> None:
    assert len(texts(written, topic="体罚")) == 2
    leads = texts(written, topic=RED_LINE)
    assert {text[:4] for text in leads} == {"老师体罚", "食堂的饭", "周末补课", "体 罚也"}
    assert texts(written, topic="没有的话题") == set()
    with written.app.extensions["database"].write_session() as session:
        save_topics(session, [Topic("操场", ("操场",)), Topic("Good", ("THANK",), True)])
        assert [topic.name for topic in load_words(session).topics] == ["操场", "Good"]
    assert texts(written, topic="操场") == {"操场太小"}
    assert texts(written, topic=RED_LINE) == set()


def test_only_what_was_reviewed_is_passed_on_and_stays_covered(written: District) -> None:
    database = written.app.extensions["database"]
    with database.write_session() as session:
        save_names(session, ["王小明"])
        decide(written, session, "release", "老师不管")
        decide(written, session, "withhold", "作业太多")
    with database.write_session() as session:
        save_names(session, [])
        wave = wave_by_name(session, written.wave)
        released = released_comments(session, wave, "0101")
        counts = count_comments(session, wave)
        assert released_comments(session, wave, "01") == [], "a part of a code is no school"
    assert [comment.text for comment in released] == ["食堂的饭菜里有虫子，＊＊＊老师不管"]
    assert (counts.released, counts.withheld, counts.open) == (1, 1, len(PARENTS) - 2)
    assert texts(written, state="withhold") == {"作业太多"}
    assert len(texts(written, state="open")) == len(PARENTS) - 2
    assert texts(written, state="nonsense") == set()


def test_a_decision_can_be_turned_and_a_second_person_is_told(written: District) -> None:
    with written.app.extensions["database"].write_session() as session:
        wave = wave_by_name(session, written.wave)
        seen = next(iter(find_comments(session, wave, CommentFilter(text="操场"))))
        first = review_comments(session, wave, {seen.key: ("release", seen.seen)}, "王督导", written.clock.at)
        second = review_comments(session, wave, {seen.key: ("withhold", seen.seen)}, "李督导", written.clock.at)
        assert (first.released, second.withheld, second.stale) == (1, 0, (seen.key,))
        again = next(iter(find_comments(session, wave, CommentFilter(text="操场"))))
        assert (again.state, again.reviewed_by) == ("release", "王督导")
        third = review_comments(session, wave, {seen.key: ("withhold", again.seen)}, "李督导", written.clock.at)
        assert third.withheld == 1
        assert released_comments(session, wave, "0101") == []


def test_a_comment_whose_cover_changed_must_be_read_again(written: District) -> None:
    with written.app.extensions["database"].write_session() as session:
        wave = wave_by_name(session, written.wave)
        seen = next(iter(find_comments(session, wave, CommentFilter(text="老师不管"))))
        save_names(session, ["王小明"])
        outcome = review_comments(session, wave, {seen.key: ("release", seen.seen)}, "王督导", written.clock.at)
    assert outcome.stale == (seen.key,)


def test_what_is_hidden_unknown_or_no_decision_cannot_be_reviewed(written: District) -> None:
    with written.app.extensions["database"].write_session() as session:
        wave = wave_by_name(session, written.wave)
        seen = next(iter(find_comments(session, wave, CommentFilter())))
        for key, decision in ((seen.key, "publish"), (f"2-{'0' * 32}", "release"), ("x", "release"), ("", "release")):
            with pytest.raises(UserError):
                review_comments(session, wave, {key: (decision, seen.seen)}, "王督导", written.clock.at)
        with pytest.raises(UserError, match="100"):
            review_comments(session, wave, {str(number): ("release", "") for number in range(101)}, "王", wave.opens_at)


@pytest.mark.parametrize(
    "key", ["", "1", "1-", "x-" + "0" * 32, "1-" + "g" * 32, "²-" + "0" * 32, "9" * 20 + "-" + "0" * 32]
)
def test_what_is_no_name_of_a_comment_is_none(key: str) -> None:
    assert parse_key(key) is None


def test_nothing_is_shown_before_the_seal(district: District) -> None:
    with district.app.extensions["database"].read_session() as session:
        wave = wave_by_name(session, district.wave)
        for read in (lambda: comment_page(session, wave, CommentFilter(), ""), lambda: count_comments(session, wave),
                     lambda: released_comments(session, wave, "0101")):  # fmt: skip
            with pytest.raises(UserError, match="还没有封存"):
                read()


def test_topics_that_contradict_themselves_are_refused_in_words(district: District) -> None:
    wrong = {
        "至少": [], "30": [Topic(str(n), ("x",)) for n in range(31)], "名称": [Topic("", ("x",))],
        "太长": [Topic("题" * 21, ("x",))], "都叫": [Topic("甲", ("x",)), Topic("甲", ("y",))],
        "没有关键词": [Topic("甲", ())], "60": [Topic("甲", tuple(map(str, range(61))))],
        "20 个字": [Topic("甲", ("长" * 21,))],
    }  # fmt: skip
    with district.app.extensions["database"].write_session() as session:
        for words, topics in wrong.items():
            with pytest.raises(UserError, match=words):
                save_topics(session, topics)
        with pytest.raises(UserError, match="王"):
            save_names(session, ["王"])
        with pytest.raises(UserError, match="5000"):
            save_names(session, [f"姓名{number}" for number in range(5001)])
        assert load_words(session) == CommentWords((), DEFAULT_TOPICS)
