"""In which language a page of the staff is shown: as chosen, else as the browser asks."""

from flask import Flask, request, session

from survey_app.foundation.translation import HTML_LANGUAGE, LANGUAGES, _, language, set_language

from .table import route_table


def install(app: Flask) -> None:
    app.before_request(select_language)
    app.jinja_env.globals.update(_=_, language=language)
    app.context_processor(lambda: {"html_language": HTML_LANGUAGE[language()]})


def select_language() -> None:
    """Respondents' pages choose for themselves, from address and form."""
    set_language(None)
    if route_table().is_staff_path(request.path):
        set_language(session.get("language") or request.accept_languages.best_match(LANGUAGES, "zh"))
