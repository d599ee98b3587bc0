"""What commands that print have in common: an address that phones reach, characters that the font has."""

from collections.abc import Iterable

import click

from survey_app.foundation.extensions import settings
from survey_app.foundation.pdf import missing_glyphs
from survey_app.foundation.stored_settings import Office, address_warning, require_reachable_address
from survey_app.foundation.translation import _, render

from .output import print_warning

allow_local_option = click.option("--allow-local", is_flag=True, help=_("允许印只有这台机器能打开的网址（演示、试印）"))


def check_office(office: Office, allow_local: bool, names: Iterable[str]) -> None:
    """Refuses an address that no phone reaches; warns of what would be hard to scan or printed as a box."""
    require_reachable_address(office.address, allow_local or settings().allow_local_address)
    if warning := address_warning(office.address):
        print_warning(render(warning))
    if letters := missing_glyphs("".join((office.name, office.contact, *sorted(names)))):
        print_warning(_("字体里没有“{letters}”，印出来是方框 □", letters=letters))
