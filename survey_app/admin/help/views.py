"""Help: the one-page manuals, to be read and printed; and the letter to parents of a wave."""

from flask import abort, g, render_template
from werkzeug.wrappers import Response as AnyResponse

from survey_app.definition.audiences import AudienceId
from survey_app.foundation.clock import deadline_weekday, format_deadline
from survey_app.foundation.extensions import database, settings
from survey_app.foundation.roles import Role
from survey_app.foundation.stored_settings import load_office
from survey_app.frame.access_modes import ACCESS_MODES, CodeScope
from survey_app.frame.wave_states import close_time_of

from ..lookup import wave_or_404
from .manuals import MANUAL_OF_ROLE, MANUALS


def help_page() -> AnyResponse | str:
    """The manual for this role first, then those that one hands to others."""
    own = MANUAL_OF_ROLE.get(Role(g.staff.role), "office")
    if g.staff.role in MANUAL_OF_ROLE:
        return manual(own)
    return render_template("admin/help/help.html", manuals=list(MANUALS.values()))


def manual(manual_id: str) -> AnyResponse | str:
    found = MANUALS.get(manual_id)
    if found is None:
        abort(404)
    with database().read_session() as db:
        office = load_office(db, settings())
    return render_template("admin/help/manual.html", manual=found, office=office)


def parents_letter(wave_id: int) -> str:
    """What, until when, how, and what guardians may refuse: a page to print and hand out with the slips."""
    with database().read_session() as db:
        wave, office = wave_or_404(db, wave_id), load_office(db, settings())
        closes = close_time_of(wave)
        access = dict(wave.access)
        name = wave.name
    by_slip = ACCESS_MODES[access.get(AudienceId.PARENT, "open")].code_scope is CodeScope.PERSON
    return render_template(
        "admin/help/parents_letter.html", wave=name, wave_id=wave_id, office=office, closes=format_deadline(closes),
        closing_day=deadline_weekday(closes), by_slip=by_slip, asks_pupils=AudienceId.STUDENT in access,
    )  # fmt: skip
