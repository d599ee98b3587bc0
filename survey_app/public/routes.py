"""The addresses that anybody may read. They set no cookie and know nobody."""

from survey_app.foundation.route import Area, Method, Route

IMPROVED = "/improved"


def _page(address: str, view: str) -> Route:
    endpoint = f"public.{view.partition(':')[2]}"
    return Route(
        Method.GET, address, endpoint, f"{__package__}.{view}", needs_login=False, area=Area.PUBLIC, csrf=False
    )


ROUTES = (
    _page(IMPROVED, "improvements:district_improvements"),
    _page(f"{IMPROVED}/<code>", "improvements:school_improvements"),
)
