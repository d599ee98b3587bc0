"""The staff's pages: read, do, answer."""

import io
from collections.abc import Callable, Iterable
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    send_file,
    session,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from survey_app.accounts import sessions
from survey_app.accounts.audit import record
from survey_app.accounts.staff import authenticate, is_locked_out
from survey_app.assessment.schemes import DEFAULT, Scheme, read_scheme
from survey_app.definition.categories import Categories
from survey_app.distribution.issuing import issue, wave_key_name
from survey_app.distribution.posters import Office, poster_pdf
from survey_app.distribution.qr import svg_of
from survey_app.distribution.queries import links_of
from survey_app.distribution.slips import slips_pdf
from survey_app.foundation.extensions import clock, database, keys, settings
from survey_app.foundation.keys import keyed_hash
from survey_app.foundation.translation import LANGUAGES, _, language
from survey_app.frame.models import Wave
from survey_app.frame.queries import roster_size, wave_numbered, waves
from survey_app.integrity.sealing import close_now
from survey_app.reporting.building import report
from survey_app.reporting.delimited import csv_text
from survey_app.reporting.exports import ResponseExport
from survey_app.reporting.page import results_page
from survey_app.reporting.report import WaveReport
from survey_app.reporting.tables import INDICES, RANKING, index_rows, item_columns, item_rows, ranking_rows
from survey_app.reporting.workbook import workbook

from .context import link_lines, wave_line, wave_page
from .forms import LoginForm
from .guard import TOKEN

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
blueprint = Blueprint("admin", __name__, url_prefix="/staff")

Row = dict[str, Any]
TABLES: dict[str, tuple[Callable[[WaveReport], Iterable[Row]], Callable[[WaveReport], tuple[str, ...]]]] = {
    "indices": (index_rows, lambda _found: INDICES),
    "items": (item_rows, item_columns),
    "ranking": (ranking_rows, lambda _found: RANKING),
}


def categories() -> Categories:
    found: Categories = current_app.extensions["categories"]
    return found


def scheme() -> Scheme:
    return read_scheme(settings().assessment_dir / DEFAULT, categories())


def wave_or_404(db: Any, wave_id: int) -> Wave:
    wave = wave_numbered(db, wave_id)
    if wave is None:
        abort(404)
    return wave


@blueprint.get("/login")
def login() -> str:
    return render_template("admin/login.html", form=LoginForm(), problem="")


@blueprint.post("/login")
def login_submitted() -> AnyResponse:
    form = LoginForm()
    if not form.validate_on_submit():
        return _login_again(form, _("请填写用户名和密码"), 422)
    now, username = clock().now(), (form.username.data or "").strip()
    address = keyed_hash(keys().get("session"), (request.remote_addr or "").encode()).hex()
    with database().committed() as db:
        locked = is_locked_out(db, username, address, now)
        staff = None if locked else authenticate(db, username, form.password.data or "", address, now)
        token = sessions.begin(db, staff, now) if staff else ""
        record(db, now, username[:80], "staff.login", result="done" if staff else "refused")
    if locked:
        return _login_again(form, _("尝试次数太多，请 15 分钟后再试"), 429)
    if staff is None:
        return _login_again(form, _("用户名或密码不对"), 401)
    chosen = session.get("language")
    session.clear()
    session.update({TOKEN: token} | ({"language": chosen} if chosen else {}))
    return redirect(_safe(request.args.get("next", "")), 303)


def _login_again(form: LoginForm, problem: str, status: int) -> AnyResponse:
    return Response(render_template("admin/login.html", form=form, problem=problem), status, mimetype="text/html")


def _safe(path: str) -> str:
    """Only our own staff pages are returned to."""
    is_ours = path.startswith("/staff/") and "\\" not in path and "//" not in path
    return path if is_ours else url_for("admin.home")


@blueprint.post("/logout")
def logout() -> AnyResponse:
    with database().committed() as db:
        sessions.end(db, session.get(TOKEN, ""))
    session.clear()
    return redirect(url_for("admin.login"), 303)


@blueprint.post("/language")
def choose_language() -> AnyResponse:
    wanted = request.form.get("language", "")
    if wanted in LANGUAGES:
        session["language"] = wanted
    return redirect(_safe(request.form.get("back", "")), 303)


@blueprint.get("/")
def home() -> str:
    now = clock().now()
    with database().reading() as db:
        lines = [wave_line(wave, now) for wave in waves(db)] if g.staff.role != "sysadmin" else []
        size = roster_size(db)
    return render_template("admin/home.html", waves=lines, roster_size=size)


@blueprint.get("/waves/<int:wave_id>")
def wave(wave_id: int) -> str:
    with database().reading() as db:
        page = wave_page(db, wave_or_404(db, wave_id), categories(), clock().now())
    return render_template("admin/wave.html", page=page)


@blueprint.post("/waves/<int:wave_id>/close")
def close_wave(wave_id: int) -> AnyResponse:
    with database().committed() as db:
        close_now(db, wave_or_404(db, wave_id), categories(), clock().now(), seal_now=False)
    return redirect(url_for("admin.wave", wave_id=wave_id), 303)


@blueprint.get("/waves/<int:wave_id>/links")
def links(wave_id: int) -> str:
    with database().reading() as db:
        found = wave_or_404(db, wave_id)
        lines = link_lines(db, found, categories(), settings().base_url)
        line = wave_line(found, clock().now())
        coded = {audience: mode for audience, mode in found.access.items() if mode != "open"}
    return render_template("admin/links.html", wave=line, lines=lines, coded=coded)


@blueprint.get("/waves/<int:wave_id>/links/<slug>.svg")
def code(wave_id: int, slug: str) -> AnyResponse:
    with database().reading() as db:
        found = links_of(db, wave_or_404(db, wave_id), categories(), settings().base_url)
    link = next((link for link in found if link.slug == slug), None)
    if link is None:
        abort(404)
    return Response(svg_of(link.url, link.url), mimetype="image/svg+xml")


@blueprint.post("/waves/<int:wave_id>/codes.pdf")
def issue_codes(wave_id: int) -> AnyResponse:
    """Slips or class codes for one audience of a school; made, sent to the printer, and not kept."""
    school, audience = request.form.get("school", ""), request.form.get("audience", "")
    count = request.form.get("count", type=int, default=0)
    now = clock().now()
    with database().committed() as db:
        found = wave_or_404(db, wave_id)
        issued = issue(db, found, school, audience, count, keys().get(wave_key_name(wave_id)), now)
        quantity = sum(len(batch.codes) for batch in issued)
        record(db, now, g.staff.username, "codes.issue", f"{found.name} {school} {audience} {quantity}")
        content = slips_pdf(issued, settings().base_url, found.name)
    return _download(content, "application/pdf", f"{found.name} {school} {audience}.pdf")


@blueprint.get("/waves/<int:wave_id>/posters.pdf")
def posters(wave_id: int) -> AnyResponse:
    school = request.args.get("school")
    with database().reading() as db:
        found = wave_or_404(db, wave_id)
        listed = links_of(db, found, categories(), settings().base_url, school, language())
        name = found.name
    if slug := request.args.get("link"):
        listed = [link for link in listed if link.slug == slug]
    content = poster_pdf(listed, Office(settings().office, settings().contact), name)
    return _download(content, "application/pdf", _("{wave} 海报.pdf", wave=name))


@blueprint.get("/waves/<int:wave_id>/results")
def results(wave_id: int) -> str:
    page = results_page(_report(wave_id))
    return render_template("reporting/results.html", page=page, wave_id=wave_id, tables=tuple(TABLES))


@blueprint.get("/waves/<int:wave_id>/results.xlsx")
def workbook_file(wave_id: int) -> AnyResponse:
    found = _report(wave_id)
    content = workbook(found, settings().office, clock().now())
    return _download(content, XLSX, _("{wave} 满意度结果.xlsx", wave=found.wave))


@blueprint.get("/waves/<int:wave_id>/<any(indices, items, ranking):table>.csv")
def table_file(wave_id: int, table: str) -> AnyResponse:
    found = _report(wave_id)
    rows, columns = TABLES[table]
    content = csv_text(rows(found), columns(found)).encode()
    return _download(content, "text/csv", f"{found.wave} {table}.csv")


@blueprint.get("/waves/<int:wave_id>/responses.csv")
def responses_file(wave_id: int) -> AnyResponse:
    with database().reading() as db:
        found = wave_or_404(db, wave_id)
        export = ResponseExport(db, found, categories(), scheme().method)
        names = export.columns()
        content = csv_text((dict(zip(names, row, strict=True)) for row in export.rows()), names).encode()
        name = found.name
    return _download(content, "text/csv", f"{name} responses.csv")


def _report(wave_id: int) -> WaveReport:
    with database().reading() as db:
        return report(db, wave_or_404(db, wave_id), categories(), scheme())


def _download(content: bytes, kind: str, name: str) -> AnyResponse:
    return send_file(io.BytesIO(content), kind, as_attachment=True, download_name=name)
