"""What was sent is stored, once: forms for it, and the look into the tables."""

from sqlalchemy import text

from survey_app.foundation.keys import keyed_hash
from testing.district import District
from testing.forms import Fields, submission_of

UNLIMITED = {"OPEN_LINK_PER_SECOND": "100000", "OPEN_LINK_BURST": "100000"}


def fresh_forms(district: District, audience: str, count: int) -> list[Fields]:
    """The same answers with a submission id of each own."""
    link = district.link(audience)
    form = district.answer(link)
    return [form | {"_token": district.token(link.slug)} for _ in range(count)]


def assert_exactly_once(district: District, sent: list[Fields]) -> None:
    """Everything that was sent is stored once, and nothing else is."""
    key = district.app.extensions["keys"].get("form")
    with district.app.extensions["database"].read_session() as session:
        stored = [bytes(found) for found in session.scalars(text("SELECT submission_hash FROM submission_receipt"))]
    assert len(stored) == len(set(stored))
    assert set(stored) == {keyed_hash(key, submission_of(str(form["_token"]))) for form in sent}
    assert district.count("response") == len(sent)
