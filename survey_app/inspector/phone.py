"""Pages for a phone: the look of the respondents' form, with the size and the language that somebody chose."""

from typing import Any

from flask import Response, redirect, render_template, request, session
from werkzeug.wrappers import Response as AnyResponse

from survey_app.collection.assets import CSS, STYLE_SOURCE
from survey_app.collection.display import SIZES
from survey_app.foundation.errors import UserError
from survey_app.foundation.translation import frame_languages, render

SIZE_KEY = "size"
CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; style-src {STYLE_SOURCE}; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def phone_page(template: str, status: int = 200, **values: Any) -> AnyResponse:
    """A page of this room; all of them look alike."""
    size = session.get(SIZE_KEY, SIZES[0])
    page = render_template(f"inspector/{template}", css=CSS, size=size, **values)
    return Response(page, status, {"Content-Security-Policy": CONTENT_SECURITY_POLICY}, mimetype="text/html")


def choose_view() -> AnyResponse:
    """Another language or size; the page that it was chosen on comes back."""
    remember_view(request.form.get("view", ""))
    back = request.form.get("back", "")
    is_ours = back.startswith("/staff/") and "\\" not in back
    return redirect(back if is_ours else "/staff/inspections", 303)


def remember_view(choice: str) -> None:
    """A language or a size, whichever it is; anything else changes nothing."""
    if choice in SIZES:
        session[SIZE_KEY] = choice
    elif choice in frame_languages():
        session["language"] = choice


def typed(name: str) -> str:
    """One field without spaces around it, lines ending as they are counted; what is too long is refused whole."""
    return request.form.get(name, "").replace("\r\n", "\n").strip()


def sentences(error: UserError) -> str:
    return " ".join(render(line) for line in error.messages)
