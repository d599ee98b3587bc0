"""A scheme tried on an old wave: weights and marks move at once, what changes persons' scores is counted by a job."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.assessment.mark_report import MarkReport
from survey_app.assessment.models import EARLIER_WAVE, AssessmentYear
from survey_app.assessment.scheme_choices import SchemeChoice, scheme_choices
from survey_app.assessment.scheme_form import read_fields
from survey_app.assessment.schemes import Scheme, parse_scheme
from survey_app.assessment.years import wave_of
from survey_app.definition.nodes import DefinitionError
from survey_app.foundation.errors import UserError
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.paging import page_of
from survey_app.foundation.translation import _, language, render
from survey_app.frame.look_backs import look_back_ids
from survey_app.frame.queries import list_waves
from survey_app.reporting.mark_figures import ranking_only
from survey_app.reporting.reweigh import can_reweigh
from survey_app.reporting.wave_report import WaveReport
from survey_app.web.audit import record_done

from ..lookup import categories, wave_or_404
from ..results.report import NotReady
from ..results.report import scheme as default_scheme
from .scheme import check_text, chosen_scheme, typed_fields, with_typed_fields, year_or_404
from .scheme_fields import scheme_form
from .trial_context import TrialPage, trial_page
from .trial_counts import TrialCounts, request_counts
from .trial_waves import TrialReports, TrialWaves, trial_waves

REFRESH_SECONDS, TRIED_ROWS = 5, 15


@dataclass(frozen=True, slots=True)
class TrialSetting:
    """What is tried: on which wave, which scheme, beside which; read from the address and the year."""

    year_id: int
    name: str
    choice: SchemeChoice
    waves: tuple[tuple[str, str], ...]
    tried: TrialWaves | None
    against: SchemeChoice | None
    others: tuple[tuple[str, str], ...]

    @property
    def wave_id(self) -> int | None:
        return self.tried.wave_id if self.tried else None


@dataclass(frozen=True, slots=True)
class TrialFigures:
    """The report and marks that are shown. ``note``: why they are not (yet) those of what was typed."""

    report: WaveReport
    marks: MarkReport
    note: str = ""
    is_old: bool = False


def try_scheme(year_id: int) -> AnyResponse | str:
    """The page; with ``live`` in the address only its figures, of what can be had at once."""
    with database().read_session() as db:
        year = year_or_404(db, year_id)
        choice = chosen_scheme(db, year)
        setting = _setting(db, year, choice) if choice else None
    if setting is None or check_text(setting.choice.text, setting.choice.file_name):
        return redirect(url_for("admin.assessment_year", year_id=year_id))
    text, errors = with_typed_fields(setting.choice.text, setting.choice.file_name)
    is_live = "live" in request.args
    counts = TrialCounts()
    figures = _figures(setting, None if errors else _parsed(text), counts, is_live) if setting.wave_id else None
    shown = _shown(setting, figures, counts)
    values = {
        "trial": shown, "figures": figures, "errors": errors, "counts": counts, "year_id": year_id,
        "asked": {name: value for name, value in request.args.items() if name != "live"},
    } | _schools(shown)  # fmt: skip
    if is_live:
        return render_template("admin/assessment/scheme_trial_figures.html", **values)
    form = scheme_form(read_fields(text), categories(), errors, _dimensions(figures))
    page = render_template(
        "admin/assessment/scheme_trial.html", **values, setting=setting, form=form,
        typed=typed_fields(request.args),
    )  # fmt: skip
    response = make_response(page)
    if counts.is_running:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


def count_trial(year_id: int) -> AnyResponse:
    """Ask for the counts that the trial of this address lacks; then back to it."""
    back = redirect(f"{url_for('admin.try_scheme', year_id=year_id)}?{urlencode(list(request.args.items()))}", 303)
    with database().write_session() as db:
        year = year_or_404(db, year_id)
        choice = chosen_scheme(db, year)
        setting = _setting(db, year, choice) if choice else None
        if setting is None or setting.tried is None:
            abort(404)
        waves = [(wave_or_404(db, one), wave_or_404(db, other) if other else None)
                 for one, other in setting.tried.counted()]  # fmt: skip
        jobs = request_counts(db, waves, _schemes(setting))
        record_done(db, f"{year.name} {waves[0][0].name} {', '.join(f'#{job.id}' for job in jobs)}")
    return back


def _schemes(setting: TrialSetting) -> list[Scheme]:
    """What is typed, what it is made of, and what it is held against; those of them that can be read."""
    text, errors = with_typed_fields(setting.choice.text, setting.choice.file_name)
    texts = [text] if not errors else []
    texts += [setting.choice.text, *([setting.against.text] if setting.against else [])]
    schemes = [] if setting.against else [default_scheme()]
    for one in texts:
        with suppress(DefinitionError):  # the page says what is wrong
            schemes.append(_parsed(one))
    return schemes


def _setting(db: Any, year: AssessmentYear, choice: SchemeChoice) -> TrialSetting:
    again = look_back_ids(db)
    waves = [wave for wave in list_waves(db) if wave.sealed_at is not None and wave.id not in again]
    usual = next((wave for wave in (wave_of(db, year, EARLIER_WAVE), wave_of(db, year), *waves)
                  if wave is not None and wave.sealed_at is not None), None)  # fmt: skip
    asked = next((wave for wave in waves if str(wave.id) == request.args.get("wave")), usual)
    choices = scheme_choices(db, year, settings().assessment_dir, categories(), language())
    others = [other for other in choices if other.id != choice.id]
    return TrialSetting(
        year.id, year.name, choice, tuple((str(wave.id), wave.name) for wave in waves),
        trial_waves(db, year, asked, clock().now()) if asked else None, _against(others),
        tuple((other.id, f"{other.title}（{other.source}）") for other in others),
    )  # fmt: skip


def _against(others: list[SchemeChoice]) -> SchemeChoice | None:
    """What the address names; else the version before, or what another year adopted; None: the scheme of results."""
    asked = request.args.get("against")
    if asked is not None:
        return next((other for other in others if other.id == asked), None)
    return next((other for other in others if not other.id.startswith("shipped/")), None)


def _parsed(text: str) -> Scheme:
    return parse_scheme(text, "", categories())


def _figures(setting: TrialSetting, after: Scheme | None, counts: TrialCounts, is_live: bool) -> TrialFigures | None:
    """Of what was typed; where that cannot be had now, the nearest that can, with a note. None: nothing is ready."""
    assert setting.tried is not None
    note = _("有错误，下面还是改动以前的得分") if after is None else ""
    if after is not None and not is_live:
        try:
            return _trial(setting.tried.reports(after))
        except NotReady as missing:
            note = _("{why}下面还是改动以前的得分", why=counts.explain(missing))
    try:
        base = setting.tried.reports(_parsed(setting.choice.text))
    except NotReady as missing:
        counts.notes.append(counts.explain(missing))
        return None
    if after is None or not can_reweigh(base.report.scheme, after):
        note = note or _("这项改动要重新计数：请点“试算”。下面还是改动以前的得分")
        return _trial(base, note, is_old=True)
    if base.report.scheme.weights != after.weights:
        note = note or _("名次和得分已按新的权重；增值和约谈还按原来的权重，点“试算”全部重算")
    return _trial(base.reweighed(after), note)


def _trial(reports: TrialReports, note: str = "", is_old: bool = False) -> TrialFigures:
    """Where the year could not compute marks either, the ranks and why."""
    try:
        return TrialFigures(reports.report, reports.marks(), note, is_old)
    except UserError as refused:
        note = " ".join((note, *map(render, refused.messages))).strip()
        return TrialFigures(reports.report, ranking_only(reports.report), note, is_old)


def _shown(setting: TrialSetting, figures: TrialFigures | None, counts: TrialCounts) -> TrialPage | None:
    if figures is None:
        return None
    category = request.args.get("tab") or request.args.get("category", "")
    return trial_page(figures.report, figures.marks, _before(setting, counts), categories(), category)


def _schools(shown: TrialPage | None) -> dict[str, object]:
    """One page of the schools, and what the address of the other pages has besides; another category begins anew."""
    if shown is None:
        return {}
    number = "" if "tab" in request.args else request.args.get("page", "")
    kept = {name: value for name, value in request.args.items() if name not in ("live", "tab", "page")}
    return {"schools": page_of(shown.schools, number, TRIED_ROWS), "again": kept | {"category": shown.category}}


def _before(setting: TrialSetting, counts: TrialCounts) -> MarkReport | None:
    """Marks under the scheme that it is held against; without marks, only ranks. None while that is not counted."""
    assert setting.tried is not None
    try:
        chosen = _parsed(setting.against.text) if setting.against else default_scheme()
        return setting.tried.reports(chosen).marks_or_ranks()
    except NotReady as missing:
        counts.notes.append(_("拿来比的方案：{why}", why=counts.explain(missing)))
    except (DefinitionError, UserError):
        pass  # the page has no figures to hold against
    return None


def _dimensions(figures: TrialFigures | None) -> dict[str, str]:
    labels = figures.report.dimension_labels if figures else {}
    return {name: label.in_language(language()) for name, label in labels.items()}
