"""The respondents' addresses. They carry a signed token of their own instead of a cookie and a CSRF field."""

from werkzeug.routing import BaseConverter

from survey_app.foundation.route import Area, Method, Route


class SlugConverter(BaseConverter):
    """A slug as it may be typed: with a slash behind it."""

    regex = "[^/]+/?"
    part_isolating = False


def _public(method: Method, address: str, view: str) -> Route:
    return Route(
        method, address, f"collection.{view}", f"{__package__}.views:{view}", needs_login=False, area=Area.PUBLIC,
        csrf=False,
    )  # fmt: skip


ROUTES = (
    _public(Method.GET, "/", "front_page"),
    _public(Method.GET, "/s/<slug:slug>", "show_form"),
    _public(Method.POST, "/s/<slug:slug>", "submit"),
    _public(Method.GET, "/s/<slug>/thanks", "thanks"),
    _public(Method.GET, "/favicon.ico", "favicon"),
    _public(Method.GET, "/healthz", "health"),
)
