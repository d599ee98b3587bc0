"""The address of the first page."""

from survey_app.foundation.roles import STAFF
from survey_app.foundation.route import Scope

from ..route_rows import page_row

ROUTES = (page_row("/staff/", "home.views:home", STAFF, scope=Scope.SELF),)
