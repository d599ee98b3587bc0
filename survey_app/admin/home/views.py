"""The first page: what do I do next?"""

from flask import g, render_template

from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.roles import KEEPERS_ONLY, RELEASED_TO, SCOPED_ROLES
from survey_app.foundation.stored_settings import load_office
from survey_app.frame.look_backs import waves_of_district_first
from survey_app.frame.queries import roster_size

from ..lookup import catalogue, categories
from ..waves.context import wave_summary
from .context import CountsOnce, attention_lines, describe_running, first_steps, running_wave
from .roles import keeper_home, leader_home, schools_home

MAX_OTHERS = 5
FIRST_PAGES = ((SCOPED_ROLES, schools_home), (RELEASED_TO, leader_home), (KEEPERS_ONLY, keeper_home))


def home() -> str:
    for roles, first_page in FIRST_PAGES:
        if g.staff.role in roles:
            return first_page()
    return office_home()


def office_home() -> str:
    now = clock().now()
    with database().read_session() as db:
        office, waves = load_office(db, settings()), waves_of_district_first(db)
        running = running_wave(waves, now)
        live = CountsOnce(db, categories())
        described = describe_running(running, live, now) if running else None
        lines = attention_lines(db, waves, live, office, now)
        is_new = not any(wave.opened_at for wave in waves)
        steps = first_steps(office, roster_size(db), len(catalogue().ids()), not is_new)
    others = [wave_summary(wave, now) for wave in waves if wave is not running][:MAX_OTHERS]
    return render_template(
        "admin/home/home.html", running=described, lines=lines, steps=steps if is_new else (), others=others
    )
