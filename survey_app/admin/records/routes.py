"""The addresses of the records."""

from survey_app.foundation.roles import READERS

from ..route_rows import page_row

ROUTES = (
    page_row("/staff/audit", "records.audit_log:audit_log", READERS),
    page_row("/staff/audit.<any(csv, xlsx):form>", "records.audit_log:audit_file", READERS, "audit.export"),
)
