"""What identifies is covered however it is written, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.comments.masking import COVER, mask

NAMES = ("王小明", "王小", "Li Lei")


@pytest.mark.parametrize(
    "number",
    [
        "13812345678", "138 1234 5678", "138-1234-5678", "１３８１２３４５６７８", "+86 138 1234 5678", "010-62345678",
        "(0755) 8234-5678", "11010119900307123X", "110101 19900307 123x", "一三八一二三四五六七八",
        "幺三八〇零零零一二三四",
        "zhang@example.com", "QQ:123456789", "微信号：abc_12345", "wechat abcde", "https://example.com/x?id=1",
    ],
)  # fmt: skip
def test_numbers_and_addresses_are_covered(number: str) -> None:
    masked = mask(f"请联系{number}，谢谢")
    assert COVER in masked
    assert masked.startswith("请联系")
    assert masked.endswith("，谢谢")
    assert not any(part in masked for part in (number, number[-5:]))


@pytest.mark.parametrize(
    "text",
    [
        "2026年春季，六年级 3 班交了 1200 元", "一、作业多；二、睡得晚；三、累", "每天 7:30 到校，16:30 放学",
        "第12教学楼 305 室",
        "微信群里老师不回复", "一二三年级都没有操场",
    ],
)  # fmt: skip
def test_what_tells_nothing_of_anybody_stays(text: str) -> None:
    assert mask(text, NAMES) == text


def test_names_of_the_list_are_covered_the_longest_first_and_with_blanks_between() -> None:
    assert mask("王小明、王 小 明、王小和 LI LEI 都在", NAMES) == f"{COVER}、{COVER}、{COVER}和 {COVER} 都在"
    assert mask("王小明", ()) == "王小明"


@given(st.text(max_size=60), st.text("0123456789", min_size=7, max_size=20), st.text(max_size=60))
def test_no_run_of_seven_digits_is_left(before: str, digits: str, after: str) -> None:
    assert digits not in mask(before + digits + after)


@given(st.text(max_size=80))
def test_covering_twice_is_covering_once(text: str) -> None:
    once = mask(text, NAMES)
    assert mask(once, NAMES) == once
