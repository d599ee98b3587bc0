"""A district in the middle of its year: every kind of thing that somebody of the staff can change is there once."""

from dataclasses import dataclass

from flask.testing import FlaskClient

from survey_app.accounts.grants import Node, NodeKind, replace_grants
from survey_app.accounts.staff import find_active_staff
from survey_app.assessment.conflicts import declare_conflict
from survey_app.followup.attachment_folder import attachment_folder
from survey_app.followup.attachments import add_attachment
from survey_app.followup.cases import StepWords, create_case, save_reply, take_step
from survey_app.followup.public_improvements import propose_entry
from survey_app.followup.public_words import PublicWords
from testing.console import TWO_SCHOOLS, Clerk
from testing.district import District
from testing.inspection import draft_for, make_inspector, signed_for
from testing.rectification import CONTENT, delivered_case, open_year, proposal_row
from testing.rectification import inspector as visitor
from testing.rectification import office as office_of
from testing.rectification import principal as headmaster

PEOPLE = {
    "office": "王督导", "sysadmin": "钱管理", "auditor": "孙审计", "leader": "周局长", "principal": "张校长",
    "inspector": "李督学",
}  # fmt: skip
ENOUGH_TO_BE_SHOWN = 10
ANSWERS = b"school_code,audience,grade,lunch,T1\n0101,parent,4,no,5\n"


@dataclass
class RichDistrict:
    """The district and, by role, somebody who is logged in."""

    district: District
    by_role: dict[str, Clerk]
    stranger: FlaskClient

    @property
    def office(self) -> Clerk:
        return self.by_role["office"]


def rich_district(district: District) -> RichDistrict:
    """An open wave with slips, a sealed one with comments that a leader is asked to release, and a draft.

    A year with a scheme, evaluations, cases in three states, and uploads that wait for a decision.
    """
    _sealed_wave(district)
    district.wave = "2026秋"
    district.opened(access={"parent": "code", "student": "class"})
    district.forget_school()
    people = {role: _somebody(district, role, name) for role, name in PEOPLE.items()}
    _assess(district)
    rich = RichDistrict(district, people, district.client)
    _office_work(rich.office)
    _requests(Clerk(district, "李老师"), people["auditor"])
    return rich


def _sealed_wave(district: District) -> None:
    district.wave = "2025秋"
    district.opened()
    link = district.link("parent")
    for number in range(ENOUGH_TO_BE_SHOWN):
        answer = district.answer(link, {"C1": f"食堂的饭菜里有虫子 {number}"}, seed=number)
        assert district.send(link, answer).status_code == 303
    district.sealed()


def _somebody(district: District, role: str, name: str) -> Clerk:
    found = Clerk(district, name, role)
    if role in ("principal", "inspector"):
        with district.app.extensions["database"].write_session() as session:
            staff = find_active_staff(session, name)
            assert staff is not None
            replace_grants(session, staff, [Node(NodeKind.SCHOOL, "0101")])
    return found


def _assess(district: District) -> None:
    with district.app.extensions["database"].write_session() as session:
        folder = attachment_folder(session, district.app.extensions["settings"].secrets_dir)
        year = open_year(session, district, proposal_row())
        at_school = delivered_case(session, district, year)
        add_attachment(session, folder, at_school.id, "a.pdf", b"%PDF-1.7 a", headmaster(district))
        save_reply(session, at_school.id, 0, "已整改一半", headmaster(district))
        create_case(session, year, "0201", CONTENT, office_of(district))
        reported = delivered_case(session, district, year, "0101", 2)
        words = StepWords("已整改，见附件")
        take_step(session, reported.id, "report", reported.step_count, words, headmaster(district))
        verified = delivered_case(session, district, year, "0101", 3)
        take_step(session, verified.id, "report", verified.step_count, words, headmaster(district))
        take_step(session, verified.id, "pass", verified.step_count, StepWords(), visitor(district))
        take_step(session, verified.id, "close", verified.step_count, StepWords(), office_of(district))
        verified.source = "dimension"  # so that its figures can be asked again
        closed = delivered_case(session, district, year, "0101", 4)
        take_step(session, closed.id, "report", closed.step_count, words, headmaster(district))
        take_step(session, closed.id, "pass", closed.step_count, StepWords(), visitor(district))
        take_step(session, closed.id, "close", closed.step_count, StepWords(), office_of(district))
        closed.source = "complaint"  # what people said, and not what the office saw
        said, categories = PublicWords("操场太旧了", "换了塑胶跑道"), district.app.extensions["categories"]
        propose_entry(session, closed.id, said, categories, "吴督导", visitor(district).now)
        inspector = find_active_staff(session, PEOPLE["inspector"])
        assert inspector is not None
        other = make_inspector(session, district, "赵督学", ["0101", "0201"])
        draft_for(session, district, inspector, "0101")
        replace_grants(session, inspector, [Node(NodeKind.SCHOOL, "0101"), Node(NodeKind.SCHOOL, "0201")])
        signed_for(session, district, other, "0201")
        signed_for(session, district, inspector, "0201")
        declare_conflict(session, other, "0101", "former_school", "", "赵督学", visitor(district).now)


def _office_work(office: Clerk) -> None:
    """What stays half done: a draft, previews of two files, slips that are out."""
    office.start_draft("2027年春季")
    office.open("/staff/waves/2/papers/0101")
    issued = office.send("/staff/waves/2/codes.pdf", school="0101", audience="parent", count="3", again="")
    assert issued.status_code == 200
    office.open("/staff/roster/upload")
    assert office.upload("/staff/roster/upload", "名册.csv", TWO_SCHOOLS).status_code == 303
    office.open("/staff/waves/2/paper/import")
    assert office.upload("/staff/waves/2/paper/import", "纸质.csv", ANSWERS).status_code == 303


def _requests(colleague: Clerk, auditor: Clerk) -> None:
    """Of others than the one who is swept, so that this one may confirm them."""
    release = "/staff/waves/1/changes/release"
    colleague.open(release)
    colleague.page = colleague.send(release, reason="已审核").text
    assert colleague.send(release).status_code == 303
    auditor.open("/staff/waves/1/responses")
    assert auditor.send("/staff/waves/1/responses/request", reason="写报告").status_code == 303
