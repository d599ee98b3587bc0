"""What an account is for: schools by its grants, results once released, notices once sent.

All else does not exist for it.
"""

from collections.abc import Mapping
from typing import Any

from survey_app.accounts.grants import granted_codes
from survey_app.accounts.models import Staff
from survey_app.followup.sent_notices import is_sent
from survey_app.foundation.clock import local_date
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.roles import RELEASED_TO, SCOPED_ROLES
from survey_app.foundation.route import Route, Scope
from survey_app.integrity.release import is_released_or_asked_for


def is_in_scope(route: Route, staff: Staff, names: Mapping[str, Any]) -> bool:
    """Return whether the address names what this account is for; ``names`` are those of the address."""
    if staff.role in SCOPED_ROLES:
        if route.scope is Scope.SCHOOL:
            with database().read_session() as session:
                return names["code"] in granted_codes(session, staff, local_date(clock().now()))
        return route.scope is Scope.SELF
    if staff.role in RELEASED_TO and route.scope is Scope.RELEASED:
        with database().read_session() as session:
            return is_released_or_asked_for(session, int(names["wave_id"]))
    if staff.role in RELEASED_TO and route.scope is Scope.SENT and "case_id" in names:
        with database().read_session() as session:
            return is_sent(session, int(names["case_id"]))
    return True
