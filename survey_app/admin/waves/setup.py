"""A new wave in four short pages; what was typed is a draft on the server from the first page on."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.translation import _
from survey_app.frame.access_modes import ACCESS_MODES
from survey_app.frame.instrument_uploads import checked, valid_instruments, yearly_instruments
from survey_app.frame.look_backs import draft_instruments, find_look_back, look_back_ids
from survey_app.frame.models import Wave
from survey_app.frame.queries import list_roster, list_waves
from survey_app.frame.wave_drafts import (
    asked_audiences,
    change_basics,
    check_draft,
    choose_access,
    choose_instruments,
    coverage_matrix,
    draft_stamp,
    proposed_instruments,
    start_draft,
)
from survey_app.web.audit import record_done

from ..form_answers import CONFLICT, REFUSED, refused_page, sentences, text_of, typed, who_was_it
from ..lookup import catalogue, categories, draft_or_404, wave_or_404
from ..questionnaires.context import matrix_page, questionnaire_rows
from .moments import Moments, moments_of, read_moments

BASICS = ("name", "opens_on", "opens_time", "closes_on", "closes_time")
DRAFT_ACTIONS = ("wave.create", "wave.draft")


def new_wave() -> str:
    like = request.args.get("like", "")
    with database().read_session() as db:
        waves = _waves_to_copy(db)
    values = moments_of(None, None) | {"name": "", "like": like if like in dict(waves) else ""}
    return render_template("admin/waves/setup_basics.html", errors={}, values=values, waves=waves, wave=None, stamp="")


def _waves_to_copy(db: Any) -> list[tuple[str, str]]:
    """Those whose questionnaires a new one may take over; what looked back at some schools is none."""
    again = look_back_ids(db)
    return [(str(wave.id), wave.name) for wave in list_waves(db) if wave.instrument_ids and wave.id not in again]


def create_draft() -> AnyResponse:
    """A second click with the same words leads to the draft that the first one made."""
    values = typed(*BASICS, "like")
    errors, moments = read_moments(values)
    if not values["name"]:
        errors = {"name": _("请填写批次名称"), **errors}
    try:
        if errors or moments is None:
            return _refused_basics(values, errors, None)
        with database().write_session() as db:
            waves = list_waves(db)
            if (same := _same_draft(waves, values["name"], moments)) is not None:
                wave_id = same.id
                record_done(db, f"{same.name} =")
            else:
                known = dict(_waves_to_copy(db))
                like = next((wave for wave in waves if str(wave.id) == values["like"] in known), None)
                wave = start_draft(db, values["name"], moments.opens_at, moments.closes_at, clock().now(), like)
                if not wave.instrument_ids:
                    proposed = proposed_instruments(list_roster(db), yearly_instruments(catalogue()))
                    wave.instrument_ids = [instrument.id for instrument in proposed]
                wave_id = wave.id
                record_done(db, wave.name)
    except UserError as error:
        return _refused_basics(values, _place_of(error), None)
    return redirect(url_for("admin.setup_questionnaires", wave_id=wave_id), 303)


def _same_draft(waves: list[Wave], name: str, moments: Moments) -> Wave | None:
    return next(
        (
            wave for wave in waves
            if wave.opened_at is None and wave.name == " ".join(name.split())
            and (wave.opens_at, wave.closes_at) == (moments.opens_at, moments.closes_at)
        ),
        None,
    )  # fmt: skip


def _place_of(error: UserError) -> dict[str, str]:
    """Beside which field a refusal of the service belongs."""
    text = sentences(error)
    template = error.messages[0].template
    return {"name" if "名" in template else "closes_on" if "截止" in template else "opens_on": text}


def _refused_basics(
    values: dict[str, str], errors: dict[str, str], wave: Wave | None, stamp: str = "", status: int = REFUSED
) -> AnyResponse:
    with database().read_session() as db:
        waves = _waves_to_copy(db)
    return refused_page(
        "admin/waves/setup_basics.html", errors, status, values=values, waves=waves, wave=wave, stamp=stamp
    )


def _basics_again(values: dict[str, str], wave: Wave) -> AnyResponse:
    return _refused_basics(values, {"": _told(wave)}, wave, draft_stamp(wave), CONFLICT)


def _told(wave: Wave) -> str:
    """What somebody else did meanwhile, and that nothing of what was typed is lost."""
    return " ".join(
        (
            _("您打开这一页以后改过，没有保存。您填的还在下面，核对后再保存一次就以您的为准。"),
            who_was_it((*DRAFT_ACTIONS, "wave.open"), wave.name),
        )
    )


def setup_basics(wave_id: int) -> str:
    with database().read_session() as db:
        wave = draft_or_404(db, wave_id)
    values = moments_of(wave.opens_at, wave.closes_at) | {"name": wave.name, "like": ""}
    stamp = draft_stamp(wave)
    return render_template("admin/waves/setup_basics.html", errors={}, values=values, waves=[], wave=wave, stamp=stamp)


def save_basics(wave_id: int) -> AnyResponse:
    values, stamp = typed(*BASICS) | {"like": ""}, text_of("stamp")
    errors, moments = read_moments(values)
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
    if errors or moments is None:
        return _refused_basics(values, errors, wave, stamp)
    try:
        with database().write_session() as db:
            wave = wave_or_404(db, wave_id)
            check_draft(wave, stamp)
            change_basics(db, wave, values["name"], moments.opens_at, moments.closes_at, clock().now())
            record_done(db, _("{name}：名称和日期", name=wave.name))
    except UserError as error:
        with database().read_session() as db:
            wave = wave_or_404(db, wave_id)
        if stamp != draft_stamp(wave):
            return _conflict(error, wave) if wave.opened_at else _basics_again(values, wave)
        return _refused_basics(values, _place_of(error), wave, stamp)
    return redirect(url_for("admin.setup_questionnaires", wave_id=wave_id), 303)


def setup_questionnaires(wave_id: int) -> AnyResponse | str:
    """What a wave that looks back asks is what was to be put right, and cannot be chosen."""
    with database().read_session() as db:
        if find_look_back(db, draft_or_404(db, wave_id)) is not None:
            return redirect(url_for("admin.setup_ways", wave_id=wave_id), 303)
    return render_template("admin/waves/setup_questionnaires.html", errors={}, **_questionnaires_page(wave_id))


def save_questionnaires(wave_id: int) -> AnyResponse:
    chosen = request.form.getlist("instrument")
    try:
        with database().write_session() as db:
            wave = wave_or_404(db, wave_id)
            check_draft(wave, text_of("stamp"))
            if find_look_back(db, wave) is not None:
                raise user_error("“{name}”是回头看，题目不能另选", name=wave.name)
            choose_instruments(db, wave, [catalogue().instrument(name) for name in chosen])
            record_done(db, f"{wave.name}: {', '.join(wave.instrument_ids)}")
    except UserError as error:
        if (wave_now := _opened(wave_id)) is not None:
            return _conflict(error, wave_now)
        page = _questionnaires_page(wave_id, chosen)
        errors, status = _faults(error, page, "instruments")
        return refused_page("admin/waves/setup_questionnaires.html", errors, status, **page)
    target = "admin.setup_questionnaires" if text_of("do") == "look" else "admin.setup_ways"
    return redirect(url_for(target, wave_id=wave_id), 303)


def _opened(wave_id: int) -> Wave | None:
    """The wave, if it is no draft any more: then there is no form to fill in again."""
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
    return wave if wave.opened_at else None


def _faults(error: UserError, page: Mapping[str, object], field: str) -> tuple[dict[str, str], int]:
    """What to say above the form, and with which status: what a colleague did, or what is wrong."""
    wave = page["wave"]
    if isinstance(wave, Wave) and text_of("stamp") != page["stamp"]:
        return {"": _told(wave)}, CONFLICT
    return {field: sentences(error)}, REFUSED


def _questionnaires_page(wave_id: int, typed_ids: Collection[str] | None = None) -> dict[str, object]:
    """As it is stored, or with what was ticked and not kept."""
    with database().read_session() as db:
        wave = draft_or_404(db, wave_id)
        schools = list_roster(db)
    valid = valid_instruments(catalogue())
    ids = wave.instrument_ids if typed_ids is None else typed_ids
    chosen = [instrument for instrument in valid if instrument.id in ids]
    matrix = coverage_matrix(schools, chosen, categories())
    rows = questionnaire_rows([checked(each) for each in valid], categories())
    return {
        "wave": wave, "stamp": draft_stamp(wave), "rows": rows, "chosen": {instrument.id for instrument in chosen},
        "matrix": matrix_page(matrix, categories()), "has_roster": bool(schools),
    }  # fmt: skip


def setup_ways(wave_id: int) -> str:
    return render_template("admin/waves/setup_ways.html", errors={}, **_ways_page(wave_id))


def save_ways(wave_id: int) -> AnyResponse:
    try:
        with database().write_session() as db:
            wave = wave_or_404(db, wave_id)
            check_draft(wave, text_of("stamp"))
            asked = asked_audiences(draft_instruments(db, wave, catalogue(), categories()))
            choose_access(db, wave, {audience: text_of(f"way-{audience}") for audience in asked})
            ways = ", ".join(f"{audience}={wave.access[audience]}" for audience in asked)
            record_done(db, f"{wave.name}: {ways}")
    except UserError as error:
        if (wave_now := _opened(wave_id)) is not None:
            return _conflict(error, wave_now)
        page = _ways_page(wave_id, is_typed=True)
        errors, status = _faults(error, page, "")
        return refused_page("admin/waves/setup_ways.html", errors, status, **page)
    return redirect(url_for("admin.setup_check", wave_id=wave_id), 303)


def _ways_page(wave_id: int, is_typed: bool = False) -> dict[str, object]:
    with database().read_session() as db:
        wave = draft_or_404(db, wave_id)
        again = [] if find_look_back(db, wave) is None else draft_instruments(db, wave, catalogue(), categories())
    valid = [instrument for instrument in valid_instruments(catalogue()) if instrument.id in wave.instrument_ids]
    asked = asked_audiences(again or valid)
    ways = {audience: text_of(f"way-{audience}") if is_typed else wave.access[audience] for audience in asked}
    return {"wave": wave, "stamp": draft_stamp(wave), "asked": asked, "ways": ways, "modes": list(ACCESS_MODES)}


def conflict_of(error: UserError, wave_id: int) -> AnyResponse | None:
    """The page that says what somebody else did, if the draft is not as it was shown any more."""
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
    return _conflict(error, wave) if text_of("stamp") != draft_stamp(wave) or wave.opened_at else None


def _conflict(error: UserError, wave: Wave) -> AnyResponse:
    """Two clerks at once: the second is told what the first did, and led to what is there now."""
    page = render_template(
        "admin/waves/setup_conflict.html", wave=wave, text=sentences(error),
        meanwhile=who_was_it((*DRAFT_ACTIONS, "wave.open"), wave.name),
    )  # fmt: skip
    return AnyResponse(page, 409, mimetype="text/html")
