"""你说我改 for everybody, from the office's proposal to the leader's word and back."""

from survey_app.collection.improvements_link import improvements_address
from testing.console import Clerk
from testing.district import District
from testing.rectification import closed_case

LIST = "/staff/rectification/public"


def test_an_office_proposes_a_leader_confirms_and_the_office_takes_back(small_district: District) -> None:
    district = small_district
    with district.app.extensions["database"].write_session() as session:
        case_id = closed_case(session, district).id
    form = f"/staff/rectification/{case_id}/public"
    office, leader = Clerk(district), Clerk(district, "局长", "leader")
    assert form in office.open("/staff/rectification/improvements")
    page = office.open(form)
    assert "已整改" in page
    refused = office.send(form, said="不满意的占 12%", done="换了保温箱")
    assert "公开的话里不写" in refused.text
    assert "换了保温箱" in refused.text, "what was typed stays"
    assert office.send(form, said="午餐太凉", done="换了保温箱", said_en="", done_en="").status_code == 303
    assert "读过，可以公开" not in office.open(LIST), "not by the one who proposed it"
    assert "还没有公开的条目" in office.send(f"{LIST}/link", do="on").text
    assert office.client.get(f"{LIST}/poster.pdf").status_code == 409
    assert "等确认" in office.open("/staff/rectification/improvements")
    assert "1 条等第二个人读过" in leader.open("/staff/")
    leader.open(LIST)
    assert "刚刚被改过" in leader.send(f"{LIST}/confirm", seen="x").text
    leader.open(LIST)
    assert leader.send(f"{LIST}/confirm").status_code == 303
    assert district.client.get("/improved").status_code == 200
    assert leader.client.post(f"{LIST}/withdraw").status_code in (400, 404)
    assert office.client.get(form).status_code == 303, "public words are not edited"
    office.open(LIST)
    assert office.send(f"{LIST}/link", do="on").status_code == 303
    assert office.client.get(f"{LIST}/poster.pdf").data.startswith(b"%PDF")
    link = district.link()
    district.send(link)
    thanks = district.client.get(f"/s/{link.slug}/thanks").text
    assert '/improved?lang=zh"' in thanks
    office.open(LIST)
    assert office.send(f"{LIST}/withdraw").status_code == 303
    assert district.client.get("/improved").status_code == 404
    assert "已经撤下" in office.send(f"{LIST}/withdraw", case=str(case_id)).text
    assert "撤下“你说我改”" in office.open("/staff/audit?action=public.withdraw")


def test_the_last_page_of_a_form_leads_nowhere_until_the_office_says_so(small_district: District) -> None:
    assert "/improved" not in small_district.client.get(f"/s/{small_district.link().slug}/thanks").text
    assert improvements_address(small_district.app.extensions["database"], "en") == ""
