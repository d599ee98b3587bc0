"""你说我改 as anybody reads it: one request without scripts, small, the same 404 for every school without an entry."""

import re

from survey_app.followup.models import PublicImprovement
from survey_app.followup.public_improvements import confirm_entry, propose_entry, withdraw_entry, words_digest
from survey_app.followup.public_words import MAX_DONE, MAX_SAID, PublicWords
from testing.district import District
from testing.rectification import closed_case

WORDS = PublicWords("午餐太凉<b>", "换了保温箱", "Lunch was cold", "New boxes")


def release(district: District, code: str = "0101", words: PublicWords = WORDS) -> int:
    categories, now = district.app.extensions["categories"], district.clock.at
    with district.app.extensions["database"].write_session() as session:
        case = closed_case(session, district, code, item=f"T{district.count('rectification_case') + 1}")
        entry = propose_entry(session, case.id, words, categories, "王督导", now)
        confirm_entry(session, case.id, words_digest(entry), "局长", now)
        return case.id


def test_anybody_reads_what_was_released_of_the_district_and_of_a_school(district: District) -> None:
    """On both engines: one of them refuses to look for some signs."""
    small_district, client = district, district.client
    unknown = client.get("/improved/9999")
    assert unknown.status_code == 404
    for path in ("/improved", "/improved/0101", "/improved/" + "9" * 60, "/improved/a%00", "/improved/%ED%A0%80"):
        empty = client.get(path)
        assert (empty.status_code, empty.data) == (404, unknown.data), path
    release(small_district)
    page = client.get("/improved")
    assert page.status_code == 200
    assert "午餐太凉&lt;b&gt;" in page.text
    assert 'href="/improved/0101"' in page.text
    assert "王督导" not in page.text
    assert "局长" not in page.text
    school = client.get("/improved/0101?lang=en")
    assert "Lunch was cold" in school.text
    assert 'lang="en"' in school.text
    assert "You said, we did" in school.text
    other = client.get("/improved/0201")
    assert (other.status_code, other.data) == (404, unknown.data)
    english = client.get("/improved", headers={"Accept-Language": "en"})
    assert "Lunch was cold" in english.text


def test_the_page_is_one_request_small_without_scripts_and_asked_about_each_time(small_district: District) -> None:
    for _number in range(13):
        release(
            small_district, words=PublicWords("凉" * MAX_SAID, "换" * MAX_DONE, "c" * 2 * MAX_SAID, "d" * 2 * MAX_DONE)
        )
    client = small_district.client
    page = client.get("/improved")
    assert len(page.data) <= 20_000
    assert page.text.count("<article>") == 12
    assert 'href="/improved?page=2"' in page.text
    assert client.get("/improved?page=2").text.count("<article>") == 1
    assert "<script" not in page.text
    assert not re.search(r'\b(?:src|href)="(?!/improved)', page.text)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("public, no-cache", "no-referrer")
    again = client.get("/improved", headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_what_was_withdrawn_is_gone_at_once(small_district: District) -> None:
    case_id = release(small_district)
    page = small_district.client.get("/improved")
    with small_district.app.extensions["database"].write_session() as session:
        withdraw_entry(session, case_id)
        assert session.get(PublicImprovement, case_id) is None
    gone = small_district.client.get("/improved", headers={"If-None-Match": page.headers["ETag"]})
    assert gone.status_code == 404
