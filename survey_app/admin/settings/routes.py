"""The addresses of the settings."""

from survey_app.foundation.roles import KEEPERS, KEEPERS_OF_ACCOUNTS, OFFICE, READERS

from ..route_rows import action_row, page_row

ROUTES = (
    page_row("/staff/office", "settings.office:office", READERS),
    action_row("/staff/office", "settings.office:save_office", OFFICE, "settings.set"),
    page_row("/staff/office/code.svg", "settings.office:office_code", READERS),
    page_row("/staff/retention", "settings.retention:retention", KEEPERS),
    action_row("/staff/retention", "settings.retention:save_retention", KEEPERS_OF_ACCOUNTS, "retention.set"),
)
