"""Codes: easy to type, useless twice, never burnt by a mistake."""

import json
import re
import zipfile
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from survey_app.distribution.code_format import (
    ALPHABET,
    check_character,
    format_code,
    is_well_formed,
    new_class_code,
    new_code,
    normalize_code,
)
from survey_app.foundation.clock import ManualClock
from survey_app.frame.access_modes import ACCESS_MODES, CodeScope
from testing.codes import issued
from testing.district import District


@pytest.fixture
def coded(sqlite_app, clock: ManualClock) -> District:  # type: ignore[no-untyped-def]
    return District(sqlite_app, clock).opened(access={"parent": "code", "student": "class"})


def test_a_code_is_read_back_however_it_is_typed() -> None:
    code = new_code()
    assert len(code) == 13
    for typed in (
        code,
        code.lower(),
        format_code(code),
        format_code(code).replace(" ", "-"),
        f"　{format_code(code)}\t",
        code.replace("0", "O").replace("1", "l"),
    ):
        assert normalize_code(typed) == code
        assert is_well_formed(normalize_code(typed))


@given(st.text(ALPHABET, min_size=12, max_size=12), st.integers(0, 12), st.sampled_from(ALPHABET))
def test_the_check_character_finds_every_single_wrong_letter(body: str, place: int, letter: str) -> None:
    code = body + check_character(body)
    wrong = code[:place] + letter + code[place + 1 :]
    assert is_well_formed(wrong) == (wrong == code)


def test_a_code_lets_in_once(coded: District) -> None:
    code = issued(coded, "parent", 2)[0]
    link = coded.link("parent")
    first = coded.answer(link, {"_code": format_code(code).lower()})
    assert coded.send(link, first).status_code == 303
    assert coded.send(link, first).status_code == 303, "the same submission again"
    second = coded.send(link, coded.answer(link, {"_code": code}, seed=1))
    assert second.status_code == 409
    assert "此邀请码已使用" in second.text
    assert coded.count("response") == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("", "请填写邀请码"), ("ABCD EFGH", "错字"), ("0000 0000 0000 0", "不适用于本问卷")],
)
def test_a_wrong_code_is_explained_and_burns_nothing(coded: District, typed: str, sentence: str) -> None:
    code = issued(coded, "parent", 1)[0]
    link = coded.link("parent")
    form = coded.answer(link, {"_code": typed})
    response = coded.send(link, form)
    assert response.status_code == 422
    assert sentence in response.text
    assert re.search(rf'name="T1" value="{form["T1"]}"[^>]* checked', response.text)
    assert coded.send(link, form | {"_code": code}).status_code == 303


def test_a_code_of_another_school_does_not_fit(coded: District) -> None:
    code = issued(coded, "parent", 1, school="0201")[0]
    response = coded.send(coded.link("parent"), coded.answer(coded.link("parent"), {"_code": code}))
    assert response.status_code == 422
    other = coded.link("parent", "0201")
    assert coded.send(other, coded.answer(other, {"_code": code})).status_code == 303


def test_looking_at_the_form_spends_nothing(coded: District) -> None:
    code = issued(coded, "parent", 1)[0]
    link = coded.link("parent")
    for _ in range(5):
        assert coded.client.get(f"/s/{link.slug}?code={code}").status_code == 200
    assert coded.send(link, coded.answer(link, {"_code": code})).status_code == 303


def test_printing_again_voids_the_first_slips(coded: District) -> None:
    link = coded.link("parent")
    used, unused = issued(coded, "parent", 2)
    assert coded.send(link, coded.answer(link, {"_code": used})).status_code == 303
    fresh = issued(coded, "parent", 2)
    assert coded.send(link, coded.answer(link, {"_code": unused}, seed=1)).status_code == 422
    assert coded.send(link, coded.answer(link, {"_code": fresh[0]}, seed=2)).status_code == 303
    assert coded.count("response") == 2


def test_slips_carry_a_code_and_nothing_that_tells_who_has_it(coded: District, tmp_path: Path) -> None:
    out = tmp_path / "slips.pdf"
    coded.command("codes", "issue", "--wave", "2026秋", "--school", "0101", "--audience", "parent", "--count", "30",
                  "--out", str(out))  # fmt: skip
    document = pypdfium2.PdfDocument(out)
    assert len(document) == 2
    codes = [code.text for page in document for code in zxingcpp.read_barcodes(page.render(scale=150 / 72).to_pil())]
    text = document[0].get_textpage().get_text_bounded()
    document.close()
    url = f"https://s.example.edu.cn/s/{coded.link('parent').slug}"
    fragments = [code.removeprefix(f"{url}#") for code in codes]
    assert len(set(fragments)) == 30
    assert all(is_well_formed(fragment) for fragment in fragments), "the code is in the fragment, never in the path"
    assert fragments != sorted(fragments)
    printed = set(re.findall(r"[0-9A-Z]{4} [0-9A-Z]{4}", text))
    assert {format_code(fragment)[:9] for fragment in fragments[:24]} <= printed
    assert not re.search(r"年级|班|第 ?\d+ ?号|No\.", text)


def test_open_links_get_no_codes_and_numbers_are_sensible(coded: District, tmp_path: Path) -> None:
    base = ("codes", "issue", "--wave", "2026秋", "--school", "0101", "--out", str(tmp_path / "x.pdf"))
    assert "不需要码" in coded.command(*base, "--audience", "teacher", "--count", "5", code=1)
    assert "数量" in coded.command(*base, "--audience", "parent", "--count", "0", code=1)
    assert not (tmp_path / "x.pdf").exists()


def test_a_class_is_full_at_its_cap(coded: District) -> None:
    code = issued(coded, "student", 2)[0]
    link = coded.link("student")
    statuses = [coded.send(link, coded.answer(link, {"_code": code}, seed=n)).status_code for n in range(3)]
    assert statuses == [303, 303, 409]
    assert coded.count("response") == coded.count("submission_receipt") == 2


def guess(district: District, code: str, address: str, **chosen: str) -> int:
    link = district.link("student")
    fields = district.answer(link) | {"_code": code} | chosen
    return district.client.post(f"/s/{link.slug}", data=fields, environ_base={"REMOTE_ADDR": address}).status_code


def test_a_class_code_has_forty_bits_and_is_not_looked_at_without_answers(coded: District) -> None:
    """S5: 25 bits, and a post without answers told right from wrong."""
    code = issued(coded, "student", 30)[0]
    assert len(code) == 9
    link = coded.link("student")
    token = coded.token(link.slug)
    pages = [
        coded.client.post(f"/s/{link.slug}", data={"_token": token, "_code": typed})
        for typed in (code, new_class_code())
    ]
    assert [page.status_code for page in pages] == [422, 422]
    assert len({page.text.replace(typed, "") for page, typed in zip(pages, (code, ""), strict=True)}) <= 2
    assert not [page for page in pages if "不适用于本问卷" in page.text]
    assert coded.app.extensions["buckets"].count("wrong-codes:0") == 0


def test_a_guesser_is_stopped_and_a_computer_room_is_not(coded: District, monkeypatch: pytest.MonkeyPatch) -> None:
    """S5: the limit changed only the message; a right code passed after 751 wrong ones."""
    monkeypatch.setattr("survey_app.collection.access.LINK_WRONG_BURST", 30.0)
    code = issued(coded, "student", 30)[0]
    answers = [guess(coded, new_class_code(), "10.9.9.9") for _ in range(31)]
    assert set(answers) == {422, 429}
    assert guess(coded, code, "10.9.9.9") == 429, "the guesser does not learn that this one was right"
    assert guess(coded, code, "10.1.1.1") == 303
    assert guess(coded, code[:-1] + ("0" if code[-1] != "0" else "1"), "10.1.1.1") == 422, "mistyped does not count"
    assert guess(coded, code, "10.1.1.1") == 303
    coded.command("run-due")
    assert coded.count("link WHERE wrong_codes = 30") == 1


def test_codes_on_slips_are_never_refused_because_of_an_address(coded: District) -> None:
    code, link = issued(coded, "parent", 1)[0], coded.link("parent")
    for _ in range(40):
        coded.client.post(f"/s/{link.slug}", data=coded.answer(link, {"_code": new_code()}))
    assert coded.send(link, coded.answer(link, {"_code": code})).status_code == 303


ISSUE = ("codes", "issue", "--wave", "2026秋", "--school", "0101", "--audience", "parent", "--out")


def test_printing_again_asks_and_can_top_up(coded: District, tmp_path: Path) -> None:
    """K4: 80 slips that were handed out let nobody in, without a question."""
    out, link = str(tmp_path / "slips.pdf"), coded.link("parent")
    first = issued(coded, "parent", 3)
    assert coded.send(link, coded.answer(link, {"_code": first[0]})).status_code == 303
    said = coded.command(*ISSUE, out, "--count", "2", code=1)
    assert "已经印发 3 张，其中 1 张已用。再次印发后，没有用的 2 张全部作废" in said
    assert "--top-up" in said
    coded.command(*ISSUE, out, "--count", "2", "--top-up")
    assert coded.send(link, coded.answer(link, {"_code": first[1]}, seed=1)).status_code == 303
    assert "前一批已作废" in coded.command(*ISSUE, out, "--count", "2", "--yes")
    assert coded.send(link, coded.answer(link, {"_code": first[2]}, seed=2)).status_code == 422
    rows = json.loads(coded.command("codes", "list", "--wave", "2026秋", "--json"))
    assert [(row["printed"], row["used"], bool(row["voided_at"])) for row in rows] == [
        (3, 2, True), (2, 0, True), (2, 0, False),
    ]  # fmt: skip


def test_one_printing_is_voided_with_a_reason(coded: District) -> None:
    """K4: no way to void one batch that was lost."""
    lost = issued(coded, "parent", 2)
    void = ("codes", "void", "--wave", "2026秋")
    assert "没有编号为 9" in coded.command(*void, "9", "--reason", "丢失", code=1)
    coded.command(*void, "1", "--reason", "丢失")
    assert "已经作废" in coded.command(*void, "1", "--reason", "丢失", code=1)
    link = coded.link("parent")
    assert coded.send(link, coded.answer(link, {"_code": lost[0]})).status_code == 422
    assert coded.count("audit_entry WHERE action = 'codes.void' AND detail LIKE '%丢失'") == 1


def test_the_roster_says_how_many_slips_and_all_schools_come_as_one_file(coded: District, tmp_path: Path) -> None:
    """K22, K13: a count was asked, the roster's not proposed; one school at a time."""
    out = tmp_path / "slips.zip"
    everywhere = ("codes", "issue", "--wave", "2026秋", "--audience", "家长", "--out", str(out))
    assert "--reserve 写法如 5%" in coded.command(*everywhere, "--reserve", "五", code=1)
    coded.command(*everywhere, "--reserve", "5%")
    assert sorted(zipfile.ZipFile(out).namelist()) == ["0101.pdf", "0201.pdf"]
    rows = json.loads(coded.command("codes", "list", "--wave", "2026秋", "--json"))
    assert [row["printed"] for row in rows] == [63, 63], "60 parents and three more"


def test_a_class_code_is_not_topped_up(coded: District, tmp_path: Path) -> None:
    arguments = [part if part != "parent" else "student" for part in (*ISSUE, str(tmp_path / "x.pdf"))]
    assert "班级口令不能追加" in coded.command(*arguments, "--count", "2", "--top-up", code=1)


def test_the_form_shows_codes_of_the_length_that_is_printed() -> None:
    shown = {mode.code_scope: len(mode.code_example.replace(" ", "")) for mode in ACCESS_MODES if mode.needs_code}
    assert shown == {CodeScope.PERSON: len(new_code()), CodeScope.CLASS: len(new_class_code())}
