"""An audience, a kind of question and a language that nobody knew before, each from file to workbook and poster."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from jinja2 import ChoiceLoader, DictLoader

from survey_app.definition.audiences import AUDIENCES, Audience
from survey_app.definition.canonical import canonical_text, structure_hash, wording_hash
from survey_app.definition.kinds import KINDS
from survey_app.definition.messages import message
from survey_app.foundation.settings import PROJECT
from survey_app.foundation.translation import extra_catalogues
from survey_app.frame.access_modes import ACCESS_MODES, AccessMode, CodeScope
from survey_app.measurement.settings import MeasurementSettings
from testing.codes import issued
from testing.district import token_in
from testing.instruments import read
from testing.number_kind import NUMBER_MACRO, NUMBER_QUESTION, NumberInBands
from testing.walk import INSTRUMENT, Walk, prepare

PEOPLE = 12
COMMUNITY = Audience(
    id="community",
    label=message("社区代表"),
    count_label=message("社区代表数"),
    poster_line=message("请社区代表扫码填写"),
    synonyms=("社区代表", "居民代表"),
    wide_columns=("社区代表数",),
    default_min_n=5,
    has_grades=False,
)


@pytest.fixture
def community(tmp_path: Path, migrated: Path) -> Iterator[Walk]:
    text = INSTRUMENT.replace("audiences: [parent]", "audiences: [community]")
    with AUDIENCES.extended(COMMUNITY):
        walk = prepare(tmp_path, migrated, text, "community")
        yield walk
        walk.district.app.extensions["database"].dispose()


@pytest.mark.parametrize(
    "roster",
    [
        "学校代码,学校名称,类别,对象,人数\n0101,河东小学,小学,居民代表,40\n",
        "学校代码,学校名称,类别,社区代表数\n0101,河东小学,小学,40\n",
    ],
    ids=["long", "wide"],
)
def test_a_new_audience_goes_from_roster_to_workbook(community: Walk, roster: str) -> None:
    community.open(roster, "community=open")
    for number in range(PEOPLE):
        community.answer(A1="321"[number % 3], C1="多来走走")
    community.seal()
    assert community.strings() == sorted(["1", "2", "3"] * 4)
    assert "社区代表" in community.results_page()
    assert any("社区代表" in cell for cell in community.workbook_cells())
    assert "请社区代表扫码填写" in community.poster_text()
    indices = community.district.command("results", "indices", "--wave", "2026秋")
    assert re.search(r"0101,河东小学,primary,community,quarter,OVERALL,40,12,", indices), indices


def test_a_new_audience_gets_codes_like_the_others(community: Walk) -> None:
    community.open("学校代码,学校名称,类别,对象,人数\n0101,河东小学,小学,社区代表,40\n", "community=code")
    page = community.district.staff().get("/staff/waves/1/links").text
    assert '<option value="community">社区代表</option>' in page
    slips = community.home / "slips.pdf"
    community.district.command(
        "codes", "issue", "--wave", "2026秋", "--school", "0101", "--audience", "community", "--count", "3",
        "--out", str(slips),
    )  # fmt: skip
    assert slips.read_bytes().startswith(b"%PDF")
    assert "邀请码" in community.refused()


RESIDENT = Audience(
    id="resident",
    label=message("住校生"),
    count_label=message("住校生数"),
    poster_line=message("请住校生扫码填写"),
    synonyms=("住校生",),
    wide_columns=("住校生数",),
    counted_like="student",
    class_notice=message("本口令最多接收 {n} 份答卷，只给本班住校生"),
    class_correlation=0.2,
)


@pytest.fixture
def resident(tmp_path: Path, migrated: Path) -> Iterator[Walk]:
    text = INSTRUMENT.replace("audiences: [parent]", "audiences: [resident]")
    with AUDIENCES.extended(RESIDENT):
        walk = prepare(tmp_path, migrated, text, "resident")
        yield walk
        walk.district.app.extensions["database"].dispose()


def pdf_text(path: Path) -> str:
    with pypdfium2.PdfDocument(path.read_bytes()) as document:
        return "".join(page.get_textpage().get_text_bounded() for page in document)


def test_what_is_peculiar_to_an_audience_stands_in_its_row_only(resident: Walk) -> None:
    """Counting by pupils, the words on a class notice, likeness within classes and the template (issue 8)."""
    roster = "学校代码,学校名称,类别,对象,年级,班级,人数\n" + "".join(
        f"0101,河东小学,小学,学生,四年级,{number}班,20\n" for number in (1, 2)
    )
    resident.open(roster, "resident=class", "--parents-by-children")
    notices = resident.home / "notices.pdf"
    resident.district.command(
        "codes", "issue", "--wave", "2026秋", "--audience", "resident", "--school", "0101", "--out", str(notices),
    )  # fmt: skip
    assert "只给本班住校生" in pdf_text(notices)
    assert MeasurementSettings().correlation_in_classes("resident") == 0.2
    template = resident.home / "template.xlsx"
    resident.district.command("roster", "template", "--out", str(template))
    book = openpyxl.load_workbook(template)
    choices = [str(rule.formula1) for rule in book.worksheets[0].data_validations.dataValidation]
    assert any("住校生" in formula for formula in choices), "the list to choose an audience from"
    assert any("住校生数" in str(cell.value) for row in book.worksheets[1].iter_rows() for cell in row)


NAMES_THAT_MAY_STAY = {
    "definition/audiences.py": "the rows themselves",
    "definition/registry.py": "an example in a docstring",
    "collection/models.py": "a guard in the database, below the rule of the registry",
    "foundation/roles.py": "the role of an account, which is not an audience",
    "assessment/rule_reader.py": "groups of public recognition, among them principals, who are no audience",
    "reporting/disclosure/figures.py": "a policy of disclosure, which is not an audience",
    "foundation/route.py": "an area of addresses, which is not an audience",
}


def test_no_room_names_an_audience() -> None:
    """An id of a shipped audience in the code is a rule that an addition would not get."""
    names = re.compile("|".join(f"[\"']{audience_id}[\"']" for audience_id in AUDIENCES.ids()))
    package = PROJECT / "survey_app"
    found = [
        f"{path.relative_to(package)}:{number}: {line.strip()}"
        for path in sorted(package.rglob("*.py"))
        if "demo" not in path.parts and str(path.relative_to(package)) not in NAMES_THAT_MAY_STAY
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if names.search(line)
    ]
    assert found == []


TICKET = AccessMode(
    id="ticket",
    label=message("入场券"),
    guarantee=message("一张券填一次"),
    opening_note=message("入场券：凭券填写，可以排名"),
    code_scope=CodeScope.PERSON,
    is_verified=True,
    code_label=message("券号"),
    code_example="XXXX XXXX XXXX X",
)


def test_a_new_way_in_goes_from_opening_to_workbook(tmp_path: Path, migrated: Path) -> None:
    with ACCESS_MODES.extended(TICKET):
        walk = prepare(tmp_path, migrated, INSTRUMENT, "parent")
        try:
            walk.open("学校代码,学校名称,类别,对象,人数\n0101,河东小学,小学,家长,40\n", "parent=ticket")
            codes = issued(walk.district, "parent", PEOPLE)
            assert "券号" in walk.refused()
            for code in codes:
                walk.answer(_code=code)
            used_again = {"_token": token_in(walk.page()), "A1": "3", "_code": codes[0]}
            assert walk.district.client.post(f"/s/{walk.slug}", data=used_again).status_code == 409
            walk.seal()
            assert len(walk.strings()) == PEOPLE, "one ticket, one answer"
            assert any("入场券" in cell for cell in walk.workbook_cells())
        finally:
            walk.district.app.extensions["database"].dispose()


def test_an_unknown_audience_is_named_with_those_that_exist(tmp_path: Path, migrated: Path) -> None:
    walk = prepare(tmp_path, migrated, INSTRUMENT)
    roster = tmp_path / "roster.csv"
    roster.write_text("学校代码,学校名称,类别,对象,人数\n0101,河东小学,小学,社区代表,40\n", "utf-8")
    said = walk.district.command("roster", "import", str(roster), code=1)
    assert "没有对象“社区代表”；可用：家长、教师、学生" in said


@pytest.fixture
def number(tmp_path: Path, migrated: Path) -> Iterator[Walk]:
    with KINDS.extended(NumberInBands()):
        walk = prepare(tmp_path, migrated, INSTRUMENT + NUMBER_QUESTION)
        app = walk.district.app
        cards = (PROJECT / "survey_app" / "templates" / "collection" / "cards.html").read_text("utf-8")
        assert app.jinja_loader is not None
        app.jinja_env.loader = ChoiceLoader(
            [DictLoader({"collection/cards.html": cards + NUMBER_MACRO}), app.jinja_loader]
        )
        yield walk
        app.extensions["database"].dispose()


def test_a_new_kind_of_question_goes_from_file_to_workbook(number: Walk) -> None:
    number.open("学校代码,学校名称,类别,对象,人数\n0101,河东小学,小学,家长,60\n")
    page = number.page("?lang=en")
    assert 'name="homework" inputmode="numeric"' in page
    assert "minutes" in page
    refused = number.refused(homework="an hour")
    assert "请填写整数" in refused
    assert 'value="an hour"' in refused
    for index in range(4 * PEOPLE):  # as many in each band as rows may tell
        number.answer(homework=str(index % PEOPLE * 10), tired="a", A1="321"[index % 3])
    assert number.strings() == sorted(f"{item}{band}" for item in "123" for band in ("1-", "2-", "3-", "41") * 4)
    number.seal()
    exported = number.district.command("responses", "export", "--wave", "2026秋").splitlines()
    assert exported[0] == "school_code,audience,grade,homework,tired,A1"
    assert sorted(exported[1:])[-1] == "0101,parent,,90,a,3"
    assert "总指数" in number.results_page()
    assert any("开放程度" in cell for cell in number.workbook_cells())
    assert "请家长扫码填写" in number.poster_text()


def test_answers_of_a_new_kind_are_imported(number: Walk, tmp_path: Path) -> None:
    number.open("学校代码,学校名称,类别,对象,人数\n0101,河东小学,小学,家长,40\n")
    file = tmp_path / "answers.csv"
    file.write_text("school_code,audience,homework,A1\n0101,parent,75,3\n", "utf-8")
    number.district.command("responses", "import", "--wave", "2026秋", str(file))
    assert number.strings() == ["13-"]
    file.write_text("school_code,audience,homework,A1\n0101,parent,long,3\n", "utf-8")
    said = number.district.command("responses", "import", "--wave", "2026秋", str(file), code=1)
    assert "homework" in said
    assert "请填写整数" in said


def test_a_new_kind_survives_freezing_and_is_gone_afterwards() -> None:
    with KINDS.extended(NumberInBands()):
        instrument = read(INSTRUMENT + NUMBER_QUESTION)
        assert read(canonical_text(instrument)) == instrument
        other_unit = read((INSTRUMENT + NUMBER_QUESTION).replace("en: minutes", "en: min"))
        assert structure_hash(other_unit) == structure_hash(instrument)
        assert wording_hash(other_unit) != wording_hash(instrument)
    assert "minutes" not in KINDS


UYGHUR: Mapping[str, str] = {
    "en: School and neighbourhood}": "en: School and neighbourhood, ug: مەكتەپ ۋە مەھەللە}",
    "en: Good}": "en: Good, ug: ياخشى}",
    "en: Fair}": "en: Fair, ug: ئوتتۇراھال}",
    "en: Bad}": "en: Bad, ug: ناچار}",
    "en: Openness}": "en: Openness, ug: ئوچۇقلۇق}",
    "en: How open the school is}": "en: How open the school is, ug: مەكتەپ قانچىلىك ئوچۇق}",
    "en: Suggestions}": "en: Suggestions, ug: تەكلىپ}",
}
SUBMIT = "تاپشۇرۇش"


def in_uyghur(text: str) -> str:
    text = text.replace('version: "1"', 'version: "1"\nlanguages: [zh, en, ug]')
    for before, after in UYGHUR.items():
        text = text.replace(before, after)
    return text


@pytest.fixture
def uyghur(tmp_path: Path, migrated: Path) -> Iterator[Walk]:
    catalogues = tmp_path / "catalogues"
    catalogues.mkdir()
    walk = prepare(tmp_path, migrated, in_uyghur(INSTRUMENT))
    walk.district.command("catalogue", "ug", "--write", "--folder", str(catalogues))
    path = catalogues / "ug.po"
    empty = path.read_text("utf-8")
    assert 'msgid "提交"\nmsgstr ""' in empty
    path.write_text(
        "# X-Fallback: en\n" + empty.replace('msgid "提交"\nmsgstr ""', f'msgid "提交"\nmsgstr "{SUBMIT}"'), "utf-8"
    )
    with extra_catalogues(catalogues):
        yield walk
    walk.district.app.extensions["database"].dispose()


def test_a_third_language_goes_from_file_to_workbook(uyghur: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    uyghur.open("学校代码,学校名称,类别,对象,人数\n0101,河东小学,小学,家长,40\n")
    chinese, page = uyghur.page(), uyghur.page("?lang=ug")
    assert 'name="_view" value="ug" lang="ug">ئۇيغۇرچە</button>' in chinese
    assert 'dir="rtl"' not in chinese
    assert '<html lang="ug" dir="rtl"' in page
    for words in ("مەكتەپ ۋە مەھەللە", "ئوتتۇراھال", "ئوچۇقلۇق", SUBMIT, "Large type"):
        assert words in page, words
    assert 'name="_view" value="ug"' not in page
    sent = {"_token": token_in(page), "_lang": "ug", "A1": "3"}
    thanks = uyghur.district.client.post(f"/s/{uyghur.slug}", data=sent, follow_redirects=True).text
    assert '<html lang="ug" dir="rtl"' in thanks
    for _number in range(PEOPLE - 1):
        uyghur.answer(_lang="ug")
    uyghur.seal()
    staff = uyghur.district.staff()
    token = re.search(r'name="csrf_token" value="([^"]+)"', staff.get("/staff/").text)
    assert token
    staff.post("/staff/language", data={"csrf_token": token[1], "language": "ug", "back": "/staff/"})
    results = staff.get("/staff/waves/1/results/all").text
    assert '<html lang="ug" dir="rtl"' in results
    assert "ئوچۇقلۇق" in results
    monkeypatch.setenv("SURVEY_LANGUAGE", "ug")
    assert any("ئوچۇقلۇق" in cell for cell in uyghur.workbook_cells())
    assert "School and neighbourhood" in uyghur.poster_text(), "the font has no Arabic letters: the named fallback"


def test_another_language_is_wording_and_the_first_is_structure() -> None:
    two, three = read(INSTRUMENT), read(in_uyghur(INSTRUMENT))
    assert structure_hash(two) == structure_hash(three)
    assert wording_hash(two) != wording_hash(three)
    assert read(canonical_text(three)) == three
    other_label = read(INSTRUMENT.replace("zh: 一般", "zh: 还行"))
    assert structure_hash(other_label) != structure_hash(two)
    translated = read(INSTRUMENT.replace("en: Fair", "en: So so"))
    assert structure_hash(translated) == structure_hash(two)


def test_the_catalogue_command_says_what_a_language_lacks(uyghur: Walk) -> None:
    said = uyghur.district.command("catalogue", "ug")
    assert "ئۇيغۇرچە\trtl\ten\t" in said
    assert "quarter" in said
    assert "categories.yaml primary: " in said
    assert "\n  提交\n" not in said, "this one is translated"
    assert "\n  大字版\n" in said
    assert "en\tEnglish\tltr\tzh\t" in uyghur.district.command("catalogue")
    assert "不是语言标签" in uyghur.district.command("catalogue", "Uyghur!", code=1)


def test_one_language_is_enough(tmp_path: Path, migrated: Path) -> None:
    only_chinese = re.sub(r", en: [^}]*}", "}", INSTRUMENT).replace('version: "1"', 'version: "1"\nlanguages: [zh]')
    assert "en:" not in only_chinese
    walk = prepare(tmp_path, migrated, only_chinese)
    walk.open("学校代码,学校名称,类别,对象,人数\n0101,河东小学,小学,家长,40\n")
    page = walk.page("?lang=en")
    assert 'lang="zh-Hans-CN"' in page
    assert 'value="en"' not in page
    walk.answer(_lang="en")
