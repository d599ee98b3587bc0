"""The long work of this room, by name; its modules are imported when it is done."""

from survey_app.foundation.job import JobKind

TALLY_JOB = "tallies"
JOBS = (JobKind(TALLY_JOB, "survey_app.integrity.tally_job:make_tallies"),)
