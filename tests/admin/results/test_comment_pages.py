"""Comments in the browser: the office reads, decides, sorts and covers; the auditor reads."""

import csv
import io
import re
from html import unescape

import openpyxl
import pytest

from survey_app.comments.queries import PAGE_SIZE
from testing.console import Clerk
from tests.comments.conftest import PARENTS, write_comments

COMMENTS, WORDS = "/staff/waves/1/comments", "/staff/comment-words"


@pytest.fixture
def reader(running: Clerk) -> Clerk:
    """A clerk with the results of a wave in which people wrote something."""
    return Clerk(write_comments(running.district), "周督导")


@pytest.fixture
def running(clerk: Clerk) -> Clerk:
    """Everybody by open link, so that many can write."""
    clerk.district.opened()
    return clerk


def shown(page: str) -> list[str]:
    return re.findall(r'<td class="wrap" data-label="意见">([^<]*)</td>', page)


def hidden_of(page: str, text: str) -> tuple[str, str]:
    """The name of the comment with this text in the form, and what was seen of it."""
    row = next(part for part in page.split("<tr>") if text in part)
    found = re.search(r'name="seen-([^"]+)"\s+value="([^"]+)"', row)
    assert found
    return found[1], found[2]


def test_the_results_say_what_comes_next(reader: Clerk) -> None:
    """Showing the schools their results hid among the changes of the wave (C18-9)."""
    results, release = "/staff/waves/1/results", "/staff/waves/1/changes/release"
    page = reader.open(results)
    assert f"{len(PARENTS)} 条没有审过，审过的才转给学校" in page
    assert f'href="{release}"' in page
    reader.open(release)
    reader.page = reader.send(release, reason="按计划下发").text
    reader.send(release)
    assert "已经提出，等另一个账号或领导确认" in reader.open(results)
    other = Clerk(reader.district, "李老师")
    confirm = re.search(r'action="([^"]+/requests/\d+/confirm)"', other.open("/staff/waves/1/changes"))
    assert confirm
    other.send(confirm[1])
    assert "起学校看得到" in reader.open(results)


def test_the_office_reads_finds_and_decides(reader: Clerk) -> None:
    page = reader.open(COMMENTS)
    assert f"共 {len(PARENTS)} 条：{len(PARENTS)} 条没有审过" in page
    assert "另有 2 条不显示" in page
    assert "138" not in "".join(shown(page))
    key, seen = hidden_of(page, "操场太小")
    other, other_seen = hidden_of(page, "作业太多")
    fields = {f"decision-{key}": "release", f"decision-{other}": "withhold"}
    saved = reader.send(f"{COMMENTS}?audience=parent", **fields)
    assert saved.status_code == 303
    assert (seen, other_seen) != ("", "")
    page = reader.open(saved.headers["Location"])
    assert "已保存：1 条可转给学校，1 条不转。" in page
    assert "audience=parent" in saved.headers["Location"]
    assert shown(reader.open(f"{COMMENTS}?state=release")) == ["操场太小"]
    assert shown(reader.open(f"{COMMENTS}?state=withhold")) == ["作业太多"]
    assert len(shown(reader.open(f"{COMMENTS}?topic=*"))) == 4
    assert "没有这样的意见" in reader.open(f"{COMMENTS}?text=nothing")
    assert "审意见" in reader.open("/staff/audit")
    assert "作业太多" not in reader.open("/staff/audit"), "what people wrote is not in the audit"


def test_two_people_review_at_once_and_the_second_is_told(reader: Clerk) -> None:
    page = reader.open(COMMENTS)
    key, _seen = hidden_of(page, "操场太小")
    second = Clerk(reader.district, "吴督导")
    second.open(COMMENTS)
    reader.send(COMMENTS, **{f"decision-{key}": "release"})
    late = second.send(COMMENTS, **{f"decision-{key}": "withhold"})
    assert "1 条没有保存" in second.open(late.headers["Location"])
    assert shown(reader.open(f"{COMMENTS}?state=release")) == ["操场太小"]
    assert reader.send(COMMENTS, **{f"decision-{key}": "release"}).status_code == 303, "a double click"


def test_bad_fields_are_refused_and_change_nothing(reader: Clerk) -> None:
    key, seen = hidden_of(reader.open(COMMENTS), "操场太小")
    token = {"csrf_token": reader.hidden()["csrf_token"]}
    for fields in (
        {f"decision-{key}": "publish", f"seen-{key}": seen}, {"decision-1-zz": "release"},
        {f"decision-9-{'0' * 32}": "release"},
    ):  # fmt: skip
        refused = reader.client.post(COMMENTS, data=token | fields)
        assert refused.status_code == 409
        assert "没有这条意见" in refused.text
    assert reader.client.post(COMMENTS, data=token).status_code == 303, "nothing was decided"
    assert f"{len(PARENTS)} 条没有审过" in reader.open(f"{COMMENTS}?released=x&stale=²")


def test_long_lists_come_in_pages(running: Clerk) -> None:
    link = running.district.link("parent")
    for number in range(PAGE_SIZE + 1):
        running.district.send(link, running.district.answer(link, {"C1": f"意见{number}号"}, seed=number))
    running.district.sealed()
    reader = Clerk(running.district, "周督导")
    first = shown(reader.open(COMMENTS))
    last = shown(reader.open(f"{COMMENTS}?page=99"))
    assert (len(first), len(last)) == (PAGE_SIZE, 1)
    assert len(shown(reader.open(f"{COMMENTS}?text=意见&page=2"))) == 1
    assert first != [f"意见{number}号" for number in range(PAGE_SIZE)], "the order tells nothing"


def test_who_finds_too_much_is_told_to_narrow_the_search(reader: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("survey_app.comments.queries", "survey_app.admin.results.comments"):
        monkeypatch.setattr(f"{module}.MAX_FOUND", 2)
    assert "只列前 2 条" in reader.open(f"{COMMENTS}?text=太")
    assert "只列前" not in reader.open(f"{COMMENTS}?text=操场")
    assert "只列前" not in reader.open(COMMENTS), "without words all pages are there"
    assert reader.client.get(f"{COMMENTS}.csv?text=太").text.count("太") > 2


def test_the_file_has_what_is_shown(reader: Clerk) -> None:
    book = openpyxl.load_workbook(io.BytesIO(reader.client.get(f"{COMMENTS}.xlsx?topic=*").data)).worksheets[0]
    response = reader.client.get(f"{COMMENTS}.csv?topic=*")
    rows = list(csv.reader(io.StringIO(response.text.removeprefix("\ufeff"))))
    assert [[cell or "" for cell in row] for row in book.iter_rows(values_only=True)] == rows, (
        "the workbook says the same"
    )
    assert rows[0][:5] == ["学校代码", "学校名称", "对象", "题号", "意见"]
    assert len(rows) == 5
    assert "138" not in response.text
    everything = reader.client.get(f"{COMMENTS}.csv").text
    assert "'=HYPERLINK(1)" in everything, "no formula"
    assert "下载意见" in reader.open("/staff/audit")


def test_the_auditor_reads_and_changes_nothing(reader: Clerk) -> None:
    auditor = Clerk(reader.district, "审计", "auditor")
    page = auditor.open(COMMENTS)
    assert len(shown(page)) == len(PARENTS)
    assert '<select name="decision-' not in page
    assert auditor.client.get(WORDS).status_code == 404, "the list of names is for the office"
    assert auditor.client.post(COMMENTS).status_code == 404
    assert auditor.client.get(f"{COMMENTS}.csv").status_code == 200


def test_the_office_edits_topics_and_names(reader: Clerk) -> None:
    page = reader.open(WORDS)
    seen = dict(re.findall(r'action="[^"]*/(topics|names)".*?name="seen"\s+value="([^"]+)"', page, re.S))
    token = {"csrf_token": reader.hidden()["csrf_token"]}
    topics = {"name-0": "操场", "keywords-0": "操场，跑道、运动", "red-0": "1", "name-7": "作业", "keywords-7": "作业"}
    assert reader.client.post(f"{WORDS}/topics", data=token | topics | {"seen": seen["topics"]}).status_code == 303
    assert shown(reader.open(f"{COMMENTS}?topic=*")) == ["操场太小"]
    stale = reader.client.post(f"{WORDS}/topics", data=token | topics | {"name-0": "设施", "seen": seen["topics"]})
    assert stale.status_code == 422
    assert "您打开这一页以后改过" in stale.text
    assert 'value="设施"' in stale.text, "nothing typed is lost"
    names = token | {"names": "王小明\n李四", "seen": seen["names"]}
    assert reader.client.post(f"{WORDS}/names", data=names).status_code == 303
    assert reader.client.post(f"{WORDS}/names", data=names).status_code == 303, "pressed twice"
    others = names | {"names": "王小明\n李四\n赵六"}
    assert reader.client.post(f"{WORDS}/names", data=others).status_code == 422, "the list changed meanwhile"
    assert "王小明" not in reader.open(COMMENTS)
    assert "王小明" not in reader.open("/staff/audit")


@pytest.mark.parametrize(
    ("part", "fields", "words"),
    [
        ("topics", {}, "至少要留一个话题"), ("topics", {"name-0": "甲"}, "没有关键词"),
        ("topics", {"keywords-0": "乙"}, "要有名称"), ("names", {"names": "王"}, "要有 2 到 30 个字"),
        ("names", {"names": "名" * 200_001}, "名单太长"),
    ],
)  # fmt: skip
def test_lists_that_cannot_be_kept_come_back_with_what_was_typed(
    reader: Clerk, part: str, fields: dict[str, str], words: str
) -> None:
    page = reader.open(WORDS)
    seen = dict(re.findall(r'action="[^"]*/(topics|names)".*?name="seen"\s+value="([^"]+)"', page, re.S))
    token = {"csrf_token": reader.hidden()["csrf_token"]}
    refused = reader.client.post(f"{WORDS}/{part}", data=token | fields | {"seen": seen[part]})
    assert refused.status_code == 422
    assert words in refused.text
    assert all(value in unescape(refused.text) for value in fields.values())


def test_before_the_seal_the_page_says_when(running: Clerk) -> None:
    response = running.client.get(COMMENTS)
    assert response.status_code == 409
    assert "还没有封存" in response.text
    assert running.client.get("/staff/waves/99/comments").status_code == 404
