"""In which language a page of the staff is shown: as chosen, else as the browser asks."""

from flask import Flask, request, session

from survey_app.definition.audiences import AUDIENCES
from survey_app.foundation.translation import (
    SOURCE_LANGUAGE,
    _,
    frame_languages,
    html_language,
    language,
    language_name,
    render,
    set_language,
    text_direction,
)

from .navigation import may_see, own_places, places
from .table import route_table


def install(app: Flask) -> None:
    app.before_request(select_language)
    app.jinja_env.globals.update(_=_, language=language)
    app.context_processor(page_globals)


def page_globals() -> dict[str, object]:
    """What every page of the staff may use."""
    return {
        "html_language": html_language(language()),
        "direction": text_direction(language()),
        "other_languages": [(tag, language_name(tag)) for tag in frame_languages() if tag != language()],
        "audience_label": audience_label,
        "render": render,
        "places": places,
        "own_places": own_places,
        "may_see": may_see,
    }


def audience_label(audience: str) -> str:
    return render(AUDIENCES[audience].label)


def select_language() -> None:
    """Respondents' pages choose for themselves, from address and form."""
    set_language(None)
    if route_table().is_staff_path(request.path):
        set_language(session.get("language") or request.accept_languages.best_match(frame_languages(), SOURCE_LANGUAGE))
