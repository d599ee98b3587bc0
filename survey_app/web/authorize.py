"""Before every page: is there a row that allows the request? Deny by default, whatever the endpoint is called."""

from urllib.parse import urlencode

from flask import Flask, Request, abort, g, redirect, request, session, url_for
from flask.globals import request_ctx
from flask_wtf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from survey_app.accounts.denials import DenialReason
from survey_app.definition.messages import message
from survey_app.foundation.db import one_by_one
from survey_app.foundation.extensions import database, settings
from survey_app.foundation.route import Area, Method, Route

from .audit import count_denial
from .cross_site import is_cross_site
from .errors import show_error
from .kept_forms import forget_typed, keep_typed, page_of_form
from .scope import is_in_scope
from .session import ACCOUNT_KEY, current_staff
from .table import route_table

KEPT = message(
    "没有登录，或登录已过期。没有做任何更改；登录以后回到原来那一页，填过的还在（留一小时）。文件和密码要重新选、重新填。"
)
NOT_KEPT = message("没有登录，或登录已过期。没有做任何更改；登录以后请重新填写。")
LOGIN_ENDPOINT, LOGOUT_ENDPOINT = "admin.login", "admin.logout"
csrf = CSRFProtect()


def install(app: Flask) -> None:
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # the route table says where it is checked
    csrf.init_app(app)
    app.before_request(authorize)


def authorize() -> AnyResponse | None:
    """Let the request pass, send it to the login, or answer with the page for things that do not exist."""
    g.staff = None
    one_by_one.set(False)
    request = request_ctx.request  # itself: each word with the one that stands for it is looked up anew
    table = route_table()
    if request.endpoint is None:  # Flask answers; for staff with the same page as for what is not theirs
        g.staff = current_staff() if table.is_staff_path(request.path) else None
        return None
    g.route = route = table.route_of(request)
    if route is None or not request.path.isprintable():
        abort(404)
    if route.method is Method.POST and is_cross_site(request.headers, request.host, settings().base_url):
        return _refuse_cross_site()
    return None if route.area is Area.PUBLIC else _authorize_staff(route)


def _authorize_staff(route: Route) -> AnyResponse | None:
    one_by_one.set(route.method is Method.POST)
    if route.max_body:
        request.max_content_length = route.max_body  # before the form is read
    if _has_nul(request):
        abort(400)
    if route.needs_login:
        g.staff = current_staff()
    if not route.admits(g.staff.role if g.staff else None):
        if g.staff is None:
            count_denial(DenialReason.NO_LOGIN)
            return _ask_for_login(route)
        count_denial(DenialReason.ROLE)
        abort(404)
    if g.staff is not None and not is_in_scope(route, g.staff, request.view_args or {}):
        count_denial(DenialReason.SCOPE)
        abort(404)
    if route.csrf:
        csrf.protect()
    return None


def _has_nul(request: Request) -> bool:
    """Return whether a field carries the character that PostgreSQL cannot store."""
    return any("\0" in value for fields in (request.args, request.form) for _, many in fields.lists() for value in many)


def _ask_for_login(route: Route) -> AnyResponse:
    """A page can be fetched again after the login; what was to be changed must be asked for again."""
    if route.method is Method.GET:
        target = request.full_path.rstrip("?")
        return redirect(f"{url_for(LOGIN_ENDPOINT)}?{urlencode({'next': target})}", 303)
    if route.endpoint == LOGOUT_ENDPOINT and session.get(
        ACCOUNT_KEY
    ):  # whose login has ended by itself leaves all the same
        return _leave()
    g.next_page = page_of_form()
    is_kept = keep_typed()
    return show_error(401, message("请先登录"), KEPT if is_kept else NOT_KEPT)


def _leave() -> AnyResponse:
    with database().write_session() as db:
        forget_typed(db)
    session.clear()
    return redirect(url_for(LOGIN_ENDPOINT), 303)


def _refuse_cross_site() -> AnyResponse:
    count_denial(DenialReason.CROSS_SITE)
    return show_error(403, message("没有提交"), message("这个请求来自别的网站。请从学校发的二维码或本系统的页面进入。"))
