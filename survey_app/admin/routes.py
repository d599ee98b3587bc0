"""The staff's addresses, place by place: for each the view, who may call it and what the audit calls it."""

from .assessment.routes import ROUTES as ASSESSMENT
from .changes.routes import ROUTES as CHANGES
from .help.routes import ROUTES as HELP
from .home.routes import ROUTES as HOME
from .paper_entry.routes import ROUTES as PAPER_ENTRY
from .papers.routes import ROUTES as PAPERS
from .people.routes import ROUTES as PEOPLE
from .questionnaires.routes import ROUTES as QUESTIONNAIRES
from .records.routes import ROUTES as RECORDS
from .rectification.routes import ROUTES as RECTIFICATION
from .results.routes import ROUTES as RESULTS
from .roster.routes import ROUTES as ROSTER
from .school.routes import ROUTES as SCHOOL
from .settings.routes import ROUTES as SETTINGS
from .waves.routes import ROUTES as WAVES

ROUTES = (
    *HOME, *ROSTER, *QUESTIONNAIRES,
    *WAVES, *PAPERS, *CHANGES, *PAPER_ENTRY,
    *RESULTS, *ASSESSMENT, *RECTIFICATION, *SCHOOL, *PEOPLE, *RECORDS, *SETTINGS, *HELP,
)  # fmt: skip
