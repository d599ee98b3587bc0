"""Posters: what is printed can be scanned and read."""

from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from survey_app.foundation.pdf import missing_glyphs
from testing.district import District

DPI = 100


def pages(content: bytes) -> list[tuple[Image.Image, str]]:
    """Each page as a picture at 100 dpi, and its text."""
    document = pypdfium2.PdfDocument(content)
    try:
        return [(page.render(scale=DPI / 72).to_pil(), page.get_textpage().get_text_bounded()) for page in document]
    finally:
        document.close()


def test_every_code_of_a_wave_is_decoded_from_the_page(small_district: District, tmp_path: Path) -> None:
    out = tmp_path / "posters.pdf"
    small_district.command("links", "posters", "--wave", "2026秋", "--out", str(out))
    found = pages(out.read_bytes())
    assert len(found) == len(small_district.links) == 6
    for (picture, text), link in zip(found, small_district.links, strict=True):
        codes = zxingcpp.read_barcodes(picture)
        assert [code.text for code in codes] == [link.url]
        left, right = codes[0].position.top_left.x, codes[0].position.top_right.x
        assert (right - left) / DPI * 25.4 >= 90, "the code is at least 90 mm wide"
        for wanted in (link.school_name, link.url, "测试区教育督导室", "2026-11-12 09:00", link.structure_hash[:8],
                       "匿名", "000-12345678"):  # fmt: skip
            assert wanted in text.replace("\r\n", ""), wanted


def test_a_poster_for_the_computer_room_says_so_in_its_code(small_district: District, tmp_path: Path) -> None:
    """S5, C-F15: no poster carried ``?device=shared``, so that drafts met the next pupil."""
    out = tmp_path / "shared.pdf"
    small_district.command(
        "links", "posters", "--wave", "2026秋", "--school", "0101", "--shared-devices", "--out", str(out)
    )
    found = pages(out.read_bytes())
    assert len(found) == 2, "students and teachers; parents have phones of their own"
    urls = {f"{link.url}?device=shared" for link in small_district.links if link.school_code == "0101"}
    for picture, text in found:
        (code,) = zxingcpp.read_barcodes(picture)
        assert code.text in urls
        assert "公用电脑专用" in text
        page = small_district.client.get(code.text.removeprefix("https://s.example.edu.cn")).text
        assert 'data-draft=""' in page
    staff = small_district.staff()
    assert "机房用的海报" in staff.get("/staff/waves/1/papers/0101").text
    in_browser = pages(staff.get("/staff/waves/1/papers/0101/posters.pdf?shared=1").data)
    assert [text for _picture, text in in_browser] == [text for _picture, text in found]


def test_the_svg_of_a_link_is_decoded_too(small_district: District) -> None:
    from survey_app.distribution.qr import qr_matrix

    link = small_district.link()
    matrix = qr_matrix(link.url)
    picture = Image.new("1", (len(matrix), len(matrix)), 1)
    for row, line in enumerate(matrix):
        for column, black in enumerate(line):
            picture.putpixel((column, row), 0 if black else 1)
    decoded = zxingcpp.read_barcodes(picture.convert("L").resize((len(matrix) * 8,) * 2, Image.Resampling.NEAREST))
    assert [code.text for code in decoded] == [link.url]
    svg = small_district.staff().get(f"/staff/waves/1/links/{link.slug}.svg")
    assert svg.mimetype == "image/svg+xml"
    assert svg.text.count("<path") == 2


@pytest.mark.parametrize(("name", "missing"), [("垚喆中心小学", ""), ("𬭳校", ""), ("龘𠀀校", "𠀀")])
def test_characters_that_the_font_lacks_are_known(name: str, missing: str) -> None:
    assert set(missing) <= set(missing_glyphs(name))
    assert not set(missing_glyphs(name)) - set("龘𠀀")


def test_slugs_tell_nothing(small_district: District) -> None:
    slugs = [link.slug for link in small_district.links]
    assert len(set(slugs)) == len(slugs)
    assert all(len(slug) == 8 and not set(slug) & set("01ilo") for slug in slugs)
