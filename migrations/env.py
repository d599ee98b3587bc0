"""Alembic's environment: the connection and the metadata come from ``survey_app.foundation.migration``."""

from alembic import context

import survey_app.accounts.models
import survey_app.assessment.models
import survey_app.collection.models
import survey_app.comments.models
import survey_app.distribution.models
import survey_app.followup.models
import survey_app.foundation.job
import survey_app.foundation.stored_settings
import survey_app.frame.models
import survey_app.integrity.models  # noqa: F401

given = context.config.attributes

context.configure(connection=given["connection"], target_metadata=given["metadata"], compare_type=True)
with context.begin_transaction():
    context.run_migrations()
