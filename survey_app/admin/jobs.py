"""The long work of this room, by name; its modules are imported when it is done."""

from survey_app.foundation.job import JobKind

PRINT_JOB, VERIFICATION_JOB, DOCUMENT_JOB, MARKS_JOB = "prints", "verification", "documents", "year-marks"
JOBS = (
    JobKind(PRINT_JOB, "survey_app.admin.papers.print_job:make_prints"),
    JobKind(DOCUMENT_JOB, "survey_app.admin.results.document_job:make_documents"),
    JobKind(VERIFICATION_JOB, "survey_app.admin.results.verification_job:verify"),
    JobKind(MARKS_JOB, "survey_app.admin.assessment.marks_job:compute_marks"),
)
