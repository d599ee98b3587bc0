"""The long work of this room, by name; its modules are imported when it is done."""

from survey_app.foundation.job import JobKind

PRINT_JOB, VERIFICATION_JOB = "prints", "verification"
JOBS = (
    JobKind(PRINT_JOB, "survey_app.admin.print_job:make_prints"),
    JobKind(VERIFICATION_JOB, "survey_app.admin.verification_job:verify"),
)
