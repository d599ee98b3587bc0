"""What is printed arrives: margins, long names, fonts, deadline, office, the slip (X-F9–F11, K9, K13, K21, K22)."""

import re
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from PIL import Image, ImageChops

from survey_app.distribution.access_codes import IssuedCodes
from survey_app.distribution.code_format import format_code, new_code
from survey_app.distribution.posters import poster_pdf
from survey_app.distribution.slips import MARGIN, WIDTH, slips_pdf
from survey_app.foundation.clock import ManualClock, parse_local_end
from survey_app.foundation.pdf import mark_missing_glyphs
from survey_app.foundation.stored_settings import Office
from survey_app.frame.roster import RosterSchool
from testing.district import WAVE, District

OFFICE = Office("临江区人民政府教育督导委员会办公室", "0512-12345678", "https://survey.linjiang-edu.cn")
ENDS = parse_local_end("2026-12-15")
LONG_NAME = "临江区高新技术产业开发区第一实验小学附属幼儿园（东校区）"
PAPER = (210, 297)


def rendered(content: bytes, dpi: int) -> list[tuple[Image.Image, str]]:
    document = pypdfium2.PdfDocument(content)
    try:
        return [
            (page.render(scale=dpi / 72).to_pil().convert("L"), page.get_textpage().get_text_bounded())
            for page in document
        ]
    finally:
        document.close()


def batch(name: str = "河东小学", count: int = 24, **more: object) -> IssuedCodes:
    return IssuedCodes("k3m9pq2x", name, "parent", "code", tuple(new_code() for _ in range(count)), 0, **more)  # type: ignore[arg-type]


def ink_box(picture: Image.Image, dpi: int) -> tuple[float, ...]:
    """Left, top, right and bottom of what is printed, in mm from the edges of the paper."""
    box = ImageChops.invert(picture).point(lambda grey: 255 if grey > 40 else 0).getbbox()
    assert box is not None
    left, top, right, bottom = (value / dpi * 25.4 for value in box)
    return left, top, PAPER[0] - right, PAPER[1] - bottom


@pytest.mark.parametrize("name", ["河东小学", LONG_NAME])
def test_slips_leave_the_edge_free_and_every_code_decodes(name: str) -> None:
    """X-F10: with 6.35 mm unprintable edge 14 of 24 codes decoded."""
    issued = batch(name)
    ((picture, _text),) = rendered(slips_pdf([issued], OFFICE, "2026年秋季", ENDS), 100)
    assert min(ink_box(picture, 100)) >= 9.9
    codes = zxingcpp.read_barcodes(picture)
    assert {code.text for code in codes} == {f"{OFFICE.address}/s/k3m9pq2x#{code}" for code in issued.codes}
    width = min(code.position.top_right.x - code.position.top_left.x for code in codes) / 100 * 25.4
    assert width >= 25.5, "26 mm wide, less one pixel of the picture"


def test_a_slip_says_what_one_needs_and_has_its_code_in_one_line() -> None:
    """X-F10, K22: no deadline, audience, office, telephone; one lone character of the code on line 2."""
    issued = batch(count=1)
    ((_picture, text),) = rendered(slips_pdf([issued], OFFICE, "2026年秋季", ENDS), 72)
    assert format_code(issued.codes[0]) in text.splitlines()
    for part in ("河东小学", "家长问卷", "2026年秋季", "截止 2026-12-15 24:00", "0512-12345678", "只能用一次"):
        assert part in text
    assert OFFICE.name in text.replace("\r\n", "")


@pytest.mark.parametrize("length", [22, 29, 60, 200])
def test_long_names_stay_in_their_slip(length: int) -> None:
    """X-F11: names from 22 characters ran into the neighbour's QR code."""
    issued = batch("临江" * (length // 2), 3)
    ((picture, _text),) = rendered(slips_pdf([issued], OFFICE, "2026年秋季", ENDS), 200)
    for column in (1, 2):
        border = round((MARGIN + column * WIDTH) / 25.4 * 200)
        beside = picture.crop((border + 3, round(11 / 25.4 * 200), border + 12, round(44 / 25.4 * 200)))
        assert min(beside.tobytes()) > 200, "nothing reaches over the border into the quiet zone"
    assert len(zxingcpp.read_barcodes(picture)) == 3


@pytest.mark.parametrize("length", [30, 72, 100, 200])
def test_long_names_stay_on_the_poster(district_links: list[object], length: int) -> None:
    """X-F11: posters overflowed above 72 characters; now two lines, then "…"."""
    from dataclasses import replace

    link = replace(district_links[0], school_name="临江" * (length // 2))  # type: ignore[type-var]
    ((picture, text),) = rendered(poster_pdf([link], OFFICE, "x"), 100)  # type: ignore[list-item]
    assert min(ink_box(picture, 100)) >= 10
    assert ("…" in text) is (length > 80)
    assert len(zxingcpp.read_barcodes(picture)) == 1


@pytest.fixture
def district_links(small_district: District) -> list[object]:
    return list(small_district.links)


def test_characters_that_the_font_lacks_are_visible_boxes(small_district: District, tmp_path: Path) -> None:
    """X-F9: 𠮷㛃䶮小学 printed "㛃䶮小学" without a box; names of wave and office are checked as well."""
    lacking = mark_missing_glyphs("𠮷小学")
    assert lacking == "□小学"
    ((_picture, text),) = rendered(slips_pdf([batch("𠮷小学", 1)], OFFICE, "x", ENDS), 72)
    assert "□小学" in text
    small_district.command("settings", "set", "office=𠮷区教育督导室")
    result = small_district.app.test_cli_runner().invoke(
        args=["links", "posters", "--wave", WAVE, "--out", str(tmp_path / "p.pdf")]
    )
    assert "字体里没有“𠮷”，印出来是方框" in result.stderr


def with_classes(code: str = "0101") -> RosterSchool:
    school = RosterSchool(code, "河东小学", "primary", "")
    for audience in ("parent", "student"):
        for grade in "46":
            for class_name in ("1班", "2班"):
                school.populations[audience, grade, class_name, ""] = 40
    return school


@pytest.fixture
def coded(sqlite_app: Flask, clock: ManualClock) -> District:
    return District(sqlite_app, clock).opened(
        schools=(with_classes(),), access={"parent": "code", "student": "class", "teacher": "open"}
    )


def test_class_sheets_say_their_grade(coded: District, tmp_path: Path) -> None:
    """K9: six sheets "1班 / 2班 / 1班 / 2班", nobody could tell 四年级1班 from 六年级1班."""
    out = tmp_path / "k.pdf"
    coded.command("codes", "issue", "--wave", WAVE, "--school", "0101", "--audience", "student", "--count", "45",
                  "--out", str(out))  # fmt: skip
    texts = [text for _picture, text in rendered(out.read_bytes(), 72)]
    labels = [re.search(r"[四六]年级 [12]班", text) for text in texts]
    assert sorted(label[0] for label in labels if label) == ["六年级 1班", "六年级 2班", "四年级 1班", "四年级 2班"]
    assert all("学生问卷" in text and "截止时间" in text and "000-12345678" in text for text in texts)


def test_posters_of_coded_audiences_mention_the_slip(coded: District, tmp_path: Path) -> None:
    """K21: a parent without a slip learnt it on the form."""
    out = tmp_path / "p.pdf"
    coded.command("links", "posters", "--wave", WAVE, "--out", str(out))
    texts = [text for _picture, text in rendered(out.read_bytes(), 72)]
    parents = [text for text in texts if "请家长" in text]
    students = [text for text in texts if "请学生" in text]
    assert parents
    assert all("纸条" in text for text in parents)
    assert students
    assert all("班级口令" in text and "纸条" not in text for text in students)


@pytest.mark.parametrize(
    ("school", "audience", "said"),
    [
        ("0101", "家长", None),
        ("河东小学", "parent", "学校要写代码：“河东小学”的代码是 0101"),
        ("0999", "parent", "学校代码“0999”不在本批次名册里"),
        ("0101", "teacher", "使用开放链接，不需要码；参与方式在新建批次时决定"),
        ("0101", "邻居", "没有对象“邻居”；可用：parent"),
    ],
)
def test_issuing_codes_says_what_is_wrong(
    coded: District, tmp_path: Path, school: str, audience: str, said: str | None
) -> None:
    """K13: both sentences of the refusal were false."""
    command = ["codes", "issue", "--wave", WAVE, "--school", school, "--audience", audience, "--count", "3",
               "--out", str(tmp_path / "k.pdf")]  # fmt: skip
    if said is None:
        coded.command(*command)
    else:
        assert said in coded.command(*command, code=1)


def test_the_blank_form_on_paper_has_every_question_and_every_option(small_district: District, tmp_path: Path) -> None:
    """issue 9, kind 7: a blank paper form per audience."""
    out = tmp_path / "paper.pdf"
    small_district.command("links", "paper", "--wave", WAVE, "--audience", "家长", "--out", str(out))
    pages = rendered(out.read_bytes(), 60)
    text = "".join(text for _picture, text in pages).replace("\r\n", "")
    catalogue = small_district.app.extensions["catalogue"]
    instrument = catalogue.instrument("compulsory-parent")
    for item in (item for dimension in instrument.dimensions for item in dimension.items):
        assert item.text_for_audience("parent").in_language("zh") in text
    assert text.count("□ 非常满意 (5)") >= 10
    assert "2026-11-12 09:00 前交回" in text
    assert f"1 / {len(pages)}" in text
    assert all(min(ink_box(picture, 60)) >= 7 for picture, _text in pages), "page numbers stand lowest"
    assert "现有：" in small_district.command(
        "links", "paper", "--wave", WAVE, "--audience", "inspector", "--out", str(out), code=1
    )
