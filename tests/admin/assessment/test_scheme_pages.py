"""A scheme is begun from a shipped one, edited in fields and text, and tried, in the browser."""

import csv
import io
import re
from html import unescape
from pathlib import Path

import pytest

from survey_app.foundation.clock import ManualClock
from survey_app.foundation.extensions import job_worker
from survey_app.foundation.settings import PROJECT
from testing.answers import write_answers
from testing.console import Clerk
from testing.district import District

TEMPLATES = PROJECT / "survey_app" / "templates"


@pytest.fixture
def clerk(district: District, tmp_path: Path) -> Clerk:
    district.command("responses", "import", "--wave", district.wave, str(write_answers(district, tmp_path / "a.csv")))
    district.sealed()
    return Clerk(district)


@pytest.fixture
def year(clerk: Clerk) -> str:
    page = clerk.open("/staff/assessment")
    wave = page.partition('<select id="wave"')[2].partition('value="')[2].partition('"')[0]
    return str(clerk.send("/staff/assessment", name="2026年度", wave=wave, earlier="").location)


def form_of(page: str) -> dict[str, str]:
    """What a browser would send of the form that edits a scheme."""
    fields = dict(re.findall(r'<input id="([^"]+)"\s+name="[^"]+"\s+class="[^"]*"\s+value="([^"]*)"', page))
    for name, options in re.findall(r'<select id="([^"]+)"(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    for name in ("title.zh", "title.en", "document", "marks.full"):
        found = re.search(rf'name="{re.escape(name)}"\s+type="text"\s+value="([^"]*)"', page)
        fields[name] = found[1] if found else ""
    for box in re.findall(r'<input id="([^"]+)"\s+name="[^"]+"\s+value="1"\s+type="checkbox"\s+checked', page):
        fields[box] = "1"
    fields["text"] = page.partition('<textarea id="text"')[2].partition(">")[2].partition("</textarea>")[0]
    return {name: unescape(value) for name, value in fields.items()}


def test_a_shipped_scheme_is_edited_in_fields_and_kept(clerk: Clerk, year: str) -> None:
    page = clerk.open(year)
    assert [title in page for title in ("默认考核方案（十分）", "县级考核方案", "千分考核方案", "默认考核方案<")] == [
        True, True, True, False,
    ]  # fmt: skip
    page = clerk.open(f"{year}/scheme/edit?start=shipped/ten-marks")
    fields = form_of(page)
    assert fields["categories.primary.parent"] == "50"
    assert fields["marks.lines.0.function"] == "threshold"
    assert '<option value="threshold" selected>两条线之间</option>' in page
    bare = re.findall(r'<option value="[^"]+"[^>]*>([a-z_0-9]+)</option>', page)
    assert bare == [], "every choice has words"
    typed = fields | {"categories.primary.parent": "40", "document": "临督〔2026〕3号", "do": "update"}
    shown = clerk.send(f"{year}/scheme/edit", **typed)
    assert shown.status_code == 200
    assert "类别“primary”的权重合计是 90，应当是 100" in shown.text
    assert 'href="#categories.primary"' in shown.text
    refused = clerk.send(f"{year}/scheme/edit", **typed | {"do": "save"})
    assert refused.status_code == 422
    clerk.page = refused.text
    fields = form_of(refused.text)
    assert "primary: {parent: 40, student: 30, teacher: 20}" in fields["text"]
    kept = clerk.send(f"{year}/scheme/edit", **fields | {"categories.primary.teacher": "30", "do": "save"})
    assert kept.status_code == 303
    text = clerk.client.get(f"{year}/schemes/1.yaml").text
    assert "primary: {parent: 40, student: 30, teacher: 30}" in text
    assert 'document: "临督〔2026〕3号"' in text
    assert "# Ten marks" in text, "remarks stay"
    assert "编辑草稿" in clerk.open(year)


def test_nothing_typed_is_lost_where_the_text_is_no_yaml(clerk: Clerk, year: str) -> None:
    fields = form_of(clerk.open(f"{year}/scheme/edit?start=shipped/ten-marks"))
    broken = fields["text"].replace("full: 10\n", "full：10\n")
    refused = clerk.send(
        f"{year}/scheme/edit", **fields | {"text": broken, "marks.lines.0.full_at": "91", "do": "save"}
    )
    assert refused.status_code == 422
    assert "全角" in refused.text
    assert "行第" in refused.text
    clerk.page = refused.text
    again = form_of(refused.text)
    assert (again["text"], again["marks.lines.0.full_at"]) == (broken, "91")
    kept = clerk.send(f"{year}/scheme/edit", **again | {"text": fields["text"], "do": "save"})
    assert kept.status_code == 303
    assert "full_at: 91" in clerk.client.get(f"{year}/schemes/1.yaml").text


def test_a_draft_of_a_colleague_is_not_replaced_unseen(clerk: Clerk, year: str) -> None:
    """Two clerks edit one draft at once: the second is told who saved, and what was typed stays."""
    mine = clerk.hidden(clerk.open(f"{year}/scheme/edit?start=shipped/ten-marks")) | form_of(clerk.page)
    colleague = Clerk(clerk.district, "李老师")
    fields = form_of(colleague.open(f"{year}/scheme/edit?start=shipped/ten-marks"))
    assert (
        colleague.send(f"{year}/scheme/edit", **fields | {"document": "李〔2026〕1号", "do": "save"}).status_code == 303
    )
    typed = mine | {"document": "王〔2026〕2号", "do": "save"}
    late = clerk.client.post(f"{year}/scheme/edit", data=typed)
    assert late.status_code == 422
    assert "别人刚刚存了一版方案" in late.text
    assert "李老师 在" in late.text
    assert "李〔2026〕1号" in clerk.client.get(f"{year}/schemes/1.yaml").text
    clerk.page = late.text
    again = form_of(late.text)
    assert again["document"] == "王〔2026〕2号"
    assert clerk.send(f"{year}/scheme/edit", **again | {"do": "save"}).status_code == 303, "now it was seen"
    assert "王〔2026〕2号" in clerk.client.get(f"{year}/schemes/1.yaml").text
    stale = {"csrf_token": mine["csrf_token"], "seen": mine["seen"]}
    upload = stale | {"file": (io.BytesIO(fields["text"].encode()), "s.yaml")}
    refused = clerk.client.post(f"{year}/scheme", data=upload)
    assert refused.status_code == 422, "a file that is sent is held against the same"
    assert "别人刚刚存了一版方案" in refused.text


def test_what_is_wrong_with_a_field_stands_beside_it_and_no_fold_hides_it(clerk: Clerk, year: str) -> None:
    fields = form_of(clerk.open(f"{year}/scheme/edit?start=shipped/ten-marks"))
    wrong = {"minimum_response.parent": "viele", "triggers.notice.days": "bald", "marks.lines.0.zero_at": "tief"}
    shown = clerk.send(f"{year}/scheme/edit", **fields | wrong | {"on.triggers.notice": "1", "do": "update"})
    for name in wrong:
        said = re.search(rf'<span class="bad" id="{re.escape(name)}-error">(.+?)</span>', shown.text, re.DOTALL)
        assert said is not None, name
        assert "行第" in said[1]
        assert f'aria-describedby="{name}-error"' in shown.text
    folds = re.findall(r"<details([^>]*)>\s*<summary>(.*?)</summary>", shown.text)
    assert {title for attributes, title in folds if "open" in attributes} == {"回收率至少多少", "提请", "文件"}


def test_a_button_outside_its_form_names_one_that_is_there() -> None:
    texts = {path.name: path.read_text("utf-8") for path in TEMPLATES.rglob("*.html")}
    named = [(name, form) for name, text in texts.items() for form in re.findall(r'\sform="([^"]+)"', text)]
    assert ("scheme_trial.html", "trial-form") in named
    assert [entry for entry in named if not re.search(rf'<form[^>]*?\sid="{entry[1]}"', texts[entry[0]])] == []


def test_the_scheme_of_last_year_is_offered_and_unknown_ones_are_not_there(clerk: Clerk, year: str) -> None:
    fields = form_of(clerk.open(f"{year}/scheme/edit?start=shipped/ten-marks"))
    assert clerk.send(f"{year}/scheme/edit", **fields | {"do": "save"}).status_code == 303
    clerk.open(year)
    assert clerk.send(f"{year}/adopt").status_code == 303
    clerk.open("/staff/assessment")
    later = str(clerk.send("/staff/assessment", name="2027年度", wave="1", earlier="").location)
    assert "2026年度采用的方案" in clerk.open(later)
    assert "status" in clerk.open(f"{later}/scheme/edit?start=year/1")
    assert clerk.client.get(f"{later}/scheme/edit").status_code == 302, "no version yet: back to where one is chosen"
    for address in (f"{later}/scheme/edit?start=shipped/nothing", "/staff/assessment/99/scheme/edit"):
        assert clerk.client.get(address).status_code == 404


def test_a_scheme_is_tried_and_weights_move_at_once(clerk: Clerk, year: str) -> None:
    assert "试算" in clerk.open(year)
    tried = f"{year}/try?start=shipped/ten-marks"
    page = clerk.open(tried)
    assert page.count("河东小学") == 1
    assert set(re.findall(r'\sform="([^"]+)"', page)) == {"trial-form"} <= set(re.findall(r'<form id="([^"]+)"', page))
    assert "预计误报" in page
    assert "重测会差 1 分以上" in page
    moved = clerk.open(f"{tried}&live=1&categories.primary.parent=40&categories.primary.teacher=30")
    assert "<html" not in moved
    assert "已按新的权重" in moved
    wrong = clerk.open(f"{tried}&live=1&categories.primary.parent=40")
    assert "合计是 90，应当是 100" in wrong
    assert "还是改动以前的得分" in wrong
    marks = clerk.open(f"{tried}&live=1&marks.full=100")
    assert "改动" not in marks
    assert "河东中学" in clerk.open(f"{tried}&tab=direct&against=shipped/thousand-marks")
    forms = set(re.findall(r'\sid="([^"]+)"', clerk.page))
    assert set(re.findall(r'\sform="([^"]+)"', clerk.page)) <= forms, "a button outside its form names it"
    edited = clerk.open(f"{year}/scheme/edit?start=shipped/ten-marks&marks.full=100")
    assert "full: 100" in edited, "what was moved can be taken into the scheme"
    assert clerk.client.get(f"{year}/try").status_code == 302, "nothing to try yet"


def test_a_trial_on_the_wave_of_the_year_gives_the_marks_of_the_year(
    small_district: District, clock: ManualClock, tmp_path: Path
) -> None:
    """A trial left out the scores of inspectors and the first period."""
    app = small_district.app
    for district in (small_district, District(app, clock, wave="12月")):
        if district is not small_district:
            clock.advance(seconds=86400 * 60)
            district.opened()
        answers = write_answers(
            district, tmp_path / "a.csv", {("0101", "parent"): 48 if district.wave == "12月" else 30}
        )
        district.command("responses", "import", "--wave", district.wave, str(answers))
        district.sealed()
    clerk = Clerk(district)
    clerk.open("/staff/assessment")
    year = str(clerk.send("/staff/assessment", name="2026年度", wave="2", first="1", earlier="").location)
    scheme = PROJECT / "questionnaires" / "assessment" / "county-four-evaluators.yaml"
    text = scheme.read_text("utf-8").replace("rank_from: 20", "rank_from: 20\n  rank_unverified: 首年试行")
    table = "学校代码,责任督学,日期,得分\n" + "".join(
        f"{code},{name},{day},{score}\n" for code, name, day, score in (
            ("0101", "王", "2026-11-02", 20), ("0201", "李", "2026-11-02", 95), ("0101", "王", "2027-01-20", 60),
            ("0201", "李", "2027-01-20", 90))
    )  # fmt: skip
    for field, name, content in (("file", "s.yaml", text), ("table", "t.csv", table)):
        clerk.open(year)
        sent = clerk.hidden() | {field: (io.BytesIO(content.encode()), name)}
        address = f"{year}/scheme" if field == "file" else f"{year}/import"
        assert clerk.client.post(address, data=sent).status_code == 303
        if field == "file":
            clerk.send(f"{year}/adopt")
    clerk.open(year)
    clerk.send(f"{year}/compute")
    with app.app_context():
        job_worker().run_all()
    rows = csv.DictReader(io.StringIO(clerk.client.get(f"{year}/ranking.csv").text.lstrip("\ufeff")))
    computed = {row["school_name"]: f"{float(row['total'] or 0):.2f}" for row in rows}
    assert "0.00" not in computed.values()
    for category in ("primary", "direct"):
        page = clerk.open(f"{year}/try?wave=2&category={category}")
        assert "得分按：两期的平均、2 位责任督学的评分。" in page
        name = "河东小学" if category == "primary" else "河东中学"
        assert f">{computed[name]}<" in page.partition('id="trial"')[2], (computed, name)
    alone = clerk.open(f"{year}/try?wave=1&category=primary")
    assert "得分按：2 位责任督学的评分。" in alone


def test_what_changes_the_scores_of_persons_is_counted_by_a_job(clerk: Clerk, year: str) -> None:
    tried = f"{year}/try?start=shipped/ten-marks&method.conditional_items=include"
    live = clerk.open(f"{tried}&live=1")
    assert "请点“试算”" in live
    assert 'class="scroll old"' in live
    shown = clerk.client.get(tried)
    assert "要按这份方案把答卷重新计数" in shown.text
    assert "Refresh" not in shown.headers
    auditor = Clerk(clerk.district, "审计", "auditor")
    assert "由办公室的账号来点" in auditor.open(tried)
    count = tried.replace("/try?", "/try/count?")
    assert auditor.send(count).status_code == 404
    assert clerk.district.count("job") == 0, "a look asks for nothing, whoever looks"
    clerk.open(tried)
    asked = clerk.send(count)
    assert asked.status_code == 303
    waiting = clerk.client.get(str(asked.location))
    assert "正在重新计数" in waiting.text
    assert waiting.headers["Refresh"]
    with clerk.district.app.app_context():
        assert job_worker().run_all() == [("tallies", "done")]
    done = clerk.client.get(tried)
    assert "重新计数" not in done.text.partition('id="trial"')[2]
    assert "Refresh" not in done.headers
