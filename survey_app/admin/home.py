"""The first page: what do I do next?"""

from flask import g, render_template, request

from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.paging import page_of
from survey_app.foundation.roles import READERS, SCOPED_ROLES
from survey_app.foundation.stored_settings import load_office
from survey_app.frame.queries import list_waves, roster_size

from .context import wave_summary
from .home_context import CountsOnce, attention_lines, describe_running, first_steps, running_wave
from .lookup import catalogue, categories
from .school_context import granted_schools

MAX_OTHERS = 5


def home() -> str:
    if g.staff.role in SCOPED_ROLES:
        return schools_home()
    if g.staff.role not in READERS:
        return render_template("admin/home_plain.html")
    now = clock().now()
    with database().read_session() as db:
        office, waves = load_office(db, settings()), list_waves(db)
        running = running_wave(waves, now)
        live = CountsOnce(db, categories())
        described = describe_running(running, live, now) if running else None
        lines = attention_lines(db, waves, live, office, now)
        is_new = not any(wave.opened_at for wave in waves)
        steps = first_steps(office, roster_size(db), len(catalogue().ids()), not is_new)
    others = [wave_summary(wave, now) for wave in waves if wave is not running][:MAX_OTHERS]
    return render_template(
        "admin/home.html", running=described, lines=lines, steps=steps if is_new else (), others=others
    )


def schools_home() -> str:
    """The schools that the account is for, each with its card."""
    with database().read_session() as db:
        schools = granted_schools(db, g.staff, clock().now())
    return render_template("admin/home_schools.html", schools=page_of(schools, request.args.get("page", "")))
