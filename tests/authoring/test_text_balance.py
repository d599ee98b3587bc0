"""Whatever is pasted: each line that says something is in one list, nothing fails, and the same text gives the same."""

import unicodedata

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from survey_app.authoring.draft_instrument import draft_instruments
from survey_app.authoring.draft_json import draft_json
from survey_app.authoring.draft_yaml import write_yaml
from survey_app.authoring.text.reader import MAX_LINE_LENGTH, MAX_LINES, read_text

LISTS = ("taken", "asked", "left", "furniture")
WORDS = (
    "1. ", "2、", "（1）", "①", "A．", "B.", "□", "○", "[单选题]", "【多选】", "*", "（   ）", "______", "非常满意",
    "满意", "一般", "不满意", "不了解", "您对食堂满意吗？", "课堂教学", "\t", "  ", "　", "：", "请跳至第3题",
    "（第1题选“否”的回答）", "如果有，", "第 1 页 共 2 页", "感谢您的支持", "0 1 2 3 4 5", "☆☆☆", "姓名：", "其他",
    "以上都没有", "一、", "【学校】", "5非常同意、4同意、3一般、2不同意、1非常不同意", "Very satisfied", "😀", "\u200b",
    "\ufeff", "—" * 5, "(", "]", "10分", "最多选3项", "排序",
)  # fmt: skip
lines_of_words = st.lists(st.lists(st.sampled_from(WORDS), max_size=7).map("".join), max_size=24).map("\n".join)


def lines_with_something(text: str) -> set[int]:
    numbered = enumerate(text.replace("\r\n", "\n").split("\n"), 1)
    return {
        number for number, line in numbered
        if any(not sign.isspace() and unicodedata.category(sign) != "Cf" for sign in line)
    }  # fmt: skip


def check_account(text: str) -> None:
    printed = draft_json(read_text(text), "a.txt")
    listed = [entry["line"] for name in LISTS for entry in printed[name]]
    assert sorted(listed) == sorted(lines_with_something(text))
    assert printed["counts"]["source"] == len(listed) == sum(printed["counts"][name] for name in LISTS)
    left = {entry["line"] for entry in printed["left"]}
    assert all(item["id"] or item["line"] in left for item in printed["items"])
    assert (printed["outcome"] == "refused") == (not printed["instruments"])
    assert draft_json(read_text(text), "a.txt") == printed


@given(st.text(max_size=400))
@example("1.\r\n\r\n\u2028\x1f")
@settings(max_examples=150, deadline=None)
def test_every_line_of_any_text_is_accounted_for(text: str) -> None:
    check_account(text)


@given(lines_of_words)
@settings(max_examples=150, deadline=None)
def test_every_line_of_a_scrambled_questionnaire_is_accounted_for(text: str) -> None:
    check_account(text)


@given(lines_of_words)
@settings(max_examples=100, deadline=None)
def test_what_is_written_is_read_back_and_always_the_same(text: str) -> None:
    draft = read_text(text)
    for instrument, again in zip(draft_instruments(draft), draft_instruments(read_text(text)), strict=True):
        written = write_yaml(instrument.content)
        assert yaml.safe_load(written) == instrument.content
        assert written == write_yaml(again.content)


def test_a_text_that_is_no_questionnaire_says_so() -> None:
    for text in ("", "\n \n", "今天天气很好。", "各位家长：\n明天放假。\n教导处"):
        printed = draft_json(read_text(text), "a.txt")
        assert printed["outcome"] == "refused"
        assert "no_questions" in [fault["code"] for fault in printed["faults"]]


def test_a_text_beyond_all_measure_is_refused_before_it_is_read() -> None:
    printed = draft_json(read_text("\n".join(f"{n}. 您满意吗？" for n in range(MAX_LINES + 1))), "a.txt")
    assert [fault["code"] for fault in printed["faults"]] == ["text_too_long"]
    printed = draft_json(read_text("1. 问\n" + "(" * (MAX_LINE_LENGTH + 1)), "a.txt")
    assert [(fault["code"], fault["line"]) for fault in printed["faults"]] == [("line_too_long", 2)]
