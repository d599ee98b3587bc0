"""Whether a POST was sent by another site's page."""

from urllib.parse import urlsplit

from werkzeug.datastructures import Headers

OWN_SITE = frozenset({"same-origin", "none"})  # none: the person did it, by reloading for example


def is_cross_site(headers: Headers, host: str, base_url: str) -> bool:
    """Return whether the browser says that a page of another origin sends this.

    ``Sec-Fetch-Site`` decides where the browser sends it (over https). Otherwise ``Origin`` is compared by host name:
    a proxy may hide the port, and may pass its own name as the host while people see that of ``base_url``. ``null``
    tells nothing: our own forms send it, because their pages forbid the Referer.
    """
    if fetch_site := headers.get("Sec-Fetch-Site"):
        return fetch_site not in OWN_SITE
    origin = headers.get("Origin", "null")
    return origin != "null" and _host_name(origin) not in (_host_name(f"//{host}"), _host_name(base_url))


def _host_name(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return url  # not an address, and equal to no host
