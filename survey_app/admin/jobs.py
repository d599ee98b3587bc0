"""The long work of this room, by name; its modules are imported when it is done."""

from survey_app.foundation.job import JobKind

PRINT_JOB = "prints"
JOBS = (JobKind(PRINT_JOB, "survey_app.admin.print_job:make_prints"),)
