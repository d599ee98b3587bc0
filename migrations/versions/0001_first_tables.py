"""The first tables, and the triggers that keep collected answers as they are."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


KEPT = ("response", "comment", "submission_receipt", "audit_entry", "manifest_record", "case_step")

RANDOM = (
    ("response", "id"),
    ("response", "answers"),
    ("comment", "id"),
    ("comment", "text"),
    ("submission_receipt", "submission_hash"),
    ("submission_receipt", "code_hash"),
)


def keep_no_samples() -> None:
    """PostgreSQL keeps samples of columns for its planner; those of random ids would outlive the seal, those of
    answers and comments would show whole answers to whoever may read its statistics."""
    for table, column in RANDOM:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


def refuse_changes(table: str) -> None:
    """What was collected is never updated or deleted by the application."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is never changed'); END"
            )
    else:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def upgrade() -> None:
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=50), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("asked_by", sa.String(length=50), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=50), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> asked_by", name=op.f("ck_approval_two_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=50), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("result", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_table(
        "comment",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("wave_id", "school_id", "id", name=op.f("pk_comment")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "comment_review",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("decision", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reviewed_by", sa.String(length=80), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("decision IN ('release', 'withhold')", name=op.f("ck_comment_review_decision_known")),
        sa.PrimaryKeyConstraint("wave_id", "school_id", "comment_id", name=op.f("pk_comment_review")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "comment_topic",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_red_line", sa.Boolean(), nullable=False),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_comment_topic")),
    )
    op.create_table(
        "masked_name",
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_masked_name")),
    )
    op.create_table(
        "due_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ran_at", sa.DateTime(), nullable=False),
        sa.Column("scrub_due", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_due_run_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_run")),
    )
    op.create_table(
        "purge_notice",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("wave_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("announced_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "wave_id", name=op.f("pk_purge_notice")),
    )
    op.create_table(
        "receipt_count",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("wave_id", "school_id", "link_id", name=op.f("pk_receipt_count")),
    )
    op.create_table(
        "form_activity",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("wave_id", name=op.f("pk_form_activity")),
    )
    op.create_table(
        "roster_upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("parents_by_children", sa.Boolean(), nullable=False),
        sa.Column("roster_hash", sa.String(length=64), nullable=False),
        sa.Column("uploaded_by", sa.String(length=80), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(), nullable=False),
        sa.Column("applied_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_upload")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "answer_upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=80), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(), nullable=False),
        sa.Column("applied_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_upload")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "key_fingerprint",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_key_fingerprint")),
    )
    op.create_table(
        "denial",
        sa.Column("hour", sa.DateTime(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("endpoint", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hour", "subject", "endpoint", "reason", name=op.f("pk_denial")),
    )
    op.create_table(
        "imported_file",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("wave_id", "sha256", name=op.f("pk_imported_file")),
    )
    op.create_table(
        "invitation",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("wave_id", "school_id", "code_hash", name=op.f("pk_invitation")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "login_attempt",
        sa.Column("subject", sa.LargeBinary(length=16), nullable=False),
        sa.Column("begins", sa.DateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "begins", name=op.f("pk_login_attempt")),
    )
    op.create_table(
        "response",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("structure_hash", sa.String(length=64), nullable=False),
        sa.Column("grade", sa.String(length=8), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("response_speed", sa.String(length=1), nullable=False),
        sa.Column("half", sa.String(length=1), server_default="", nullable=False),
        sa.Column("imported_file", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "half = '' OR half IN ('A', 'B') AND grade <> ''", name=op.f("ck_response_halves_are_of_a_grade")
        ),
        sa.CheckConstraint("audience <> 'teacher' OR grade = ''", name=op.f("ck_response_teachers_have_no_grade")),
        sa.PrimaryKeyConstraint("wave_id", "school_id", "id", name=op.f("pk_response")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "school",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("area", sa.String(length=100), nullable=False),
        sa.Column("in_roster", sa.Boolean(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["successor_id"], ["school.id"], name=op.f("fk_school_successor_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school")),
        sa.UniqueConstraint("code", name=op.f("uq_school_code")),
    )
    op.create_table(
        "submission_receipt",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("submission_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=16), nullable=True),
        sa.PrimaryKeyConstraint("wave_id", "school_id", "submission_hash", name=op.f("pk_spent")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_submission_receipt_link", "submission_receipt", ["wave_id", "school_id", "link_id"], unique=False
    )
    op.create_index(
        "uq_submission_receipt_code", "submission_receipt", ["wave_id", "school_id", "code_hash"], unique=True
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=50), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(), nullable=True),
        sa.Column("password_from", sa.String(length=80), server_default="", nullable=False),
        sa.CheckConstraint(
            "role IN ('office', 'leader', 'principal', 'inspector', 'auditor', 'sysadmin')",
            name=op.f("ck_staff_role_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("username", name=op.f("uq_staff_username")),
    )
    op.create_table(
        "wave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("opens_at", sa.DateTime(), nullable=False),
        sa.Column("closes_at", sa.DateTime(), nullable=False),
        sa.Column("instrument_ids", sa.JSON(), nullable=False),
        sa.Column("access", sa.JSON(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("closing_recorded_at", sa.DateTime(), nullable=True),
        sa.Column("sealed_at", sa.DateTime(), nullable=True),
        sa.Column("cleaned_at", sa.DateTime(), nullable=True),
        sa.Column("released_at", sa.DateTime(), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("manifest", sa.JSON(), nullable=True),
        sa.Column("manifest_hash", sa.String(length=64), nullable=True),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_wave_closes_after_opening")),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closing_recorded_at IS NULL)", name=op.f("ck_wave_closing_is_recorded")
        ),
        sa.CheckConstraint("sealed_at IS NULL OR closed_at IS NOT NULL", name=op.f("ck_wave_sealed_after_closing")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave")),
        sa.UniqueConstraint("name", name=op.f("uq_wave_name")),
    )
    op.create_table(
        "look_back",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("earlier_id", sa.Integer(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("documents", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_look_back_wave_id_wave")),
        sa.ForeignKeyConstraint(["earlier_id"], ["wave.id"], name=op.f("fk_look_back_earlier_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", name=op.f("pk_look_back")),
    )
    op.create_table(
        "manifest_record",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actors", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("record_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_manifest_record_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", "number", name=op.f("pk_manifest_record")),
    )
    op.create_table(
        "change_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.String(length=80), nullable=False),
        sa.Column("requested_at", sa.DateTime(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=80), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> requested_by", name=op.f("ck_change_request_two_people")
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_change_request_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
    )
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("grade", sa.String(length=8), nullable=False),
        sa.Column("class_name", sa.String(length=50), nullable=False),
        sa.Column("sex", sa.String(length=8), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.CheckConstraint("population > 0", name=op.f("ck_enrolment_population_positive")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_enrolment_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint(
            "school_id",
            "audience",
            "grade",
            "class_name",
            "sex",
            name=op.f("uq_enrolment_school_id_audience_grade_class_name_sex"),
        ),
    )
    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("grade", sa.String(length=8), nullable=False),
        sa.Column("class_name", sa.String(length=50), nullable=False),
        sa.Column("half", sa.String(length=1), nullable=False),
        sa.Column("structure_hash", sa.String(length=64), nullable=False),
        sa.Column("slug", sa.String(length=16), nullable=False),
        sa.Column("paused_at", sa.DateTime(), nullable=True),
        sa.Column("wrong_codes", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_link_school_id_school")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_link_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("slug", name=op.f("uq_link_slug")),
        sa.UniqueConstraint(
            "wave_id",
            "school_id",
            "audience",
            "grade",
            "class_name",
            name=op.f("uq_link_wave_id_school_id_audience_grade_class_name"),
        ),
    )
    op.create_table(
        "form_sums",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("structure_hash", sa.String(length=64), nullable=False),
        sa.Column("form_group", sa.String(length=8), nullable=False),
        sa.Column("grade", sa.String(length=8), nullable=False),
        sa.Column("sums", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_form_sums_wave_id_wave")),
        sa.PrimaryKeyConstraint(
            "wave_id", "school_id", "audience", "structure_hash", "form_group", "grade", name=op.f("pk_form_sums")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "private_count",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("structure_hash", sa.String(length=64), nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("option", sa.String(length=64), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_private_count_wave_id_wave")),
        sa.PrimaryKeyConstraint(
            "wave_id", "school_id", "audience", "structure_hash", "question", "option", name=op.f("pk_private_count")
        ),
    )
    op.create_table(
        "signals",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("structure_hash", sa.String(length=64), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("timed_responses", sa.Integer(), nullable=False),
        sa.Column("speeding_1s", sa.Integer(), nullable=False),
        sa.Column("speeding_2s", sa.Integer(), nullable=False),
        sa.Column("longstring", sa.Integer(), nullable=False),
        sa.Column("straightlined", sa.Integer(), nullable=False),
        sa.Column("top_option_only", sa.Integer(), nullable=False),
        sa.Column("outliers", sa.Integer(), nullable=True),
        sa.Column("duplicates", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Float(), nullable=True),
        sa.Column("p_value", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_signals_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", "school_id", "audience", "structure_hash", name=op.f("pk_signals")),
    )
    op.create_table(
        "hourly_count",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("hour", sa.DateTime(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_hourly_count_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", "school_id", name=op.f("pk_hourly_count")),
    )
    op.create_table(
        "staff_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("node_kind", sa.String(length=10), nullable=False),
        sa.Column("node", sa.String(length=100), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("node_kind IN ('district', 'area', 'school')", name=op.f("ck_staff_grant_node_kind_known")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_grant_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_grant")),
        sa.UniqueConstraint("staff_id", "node_kind", "node", name=op.f("uq_staff_grant_staff_id_node_kind_node")),
    )
    op.create_table(
        "one_time_link",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_one_time_link_staff_id_staff")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_one_time_link")),
    )
    op.create_table(
        "staff_session",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_session_staff_id_staff")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_staff_session")),
    )
    op.create_table(
        "kept_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=500), nullable=False),
        sa.Column("action", sa.String(length=500), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_kept_form_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_form")),
    )
    op.create_table(
        "second_step",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(length=16), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_second_step_staff_id_staff")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_second_step")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_recovery_code_staff_id_staff")),
        sa.PrimaryKeyConstraint("staff_id", "digest", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "excluded_response",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["change_request.id"], name=op.f("fk_excluded_response_request_id_change_request")
        ),
        sa.PrimaryKeyConstraint("wave_id", "school_id", "response_id", name=op.f("pk_excluded_response")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "class_sums",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("structure_hash", sa.String(length=64), nullable=False),
        sa.Column("grade", sa.String(length=8), nullable=False),
        sa.Column("half", sa.String(length=1), nullable=False),
        sa.Column("sums", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_class_sums_wave_id_wave")),
        sa.PrimaryKeyConstraint(
            "wave_id", "school_id", "audience", "structure_hash", "grade", "half", name=op.f("pk_class_sums")
        ),
    )
    op.create_table(
        "tally",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("grade", sa.String(length=8), nullable=False),
        sa.Column("structure_hash", sa.String(length=64), nullable=False),
        sa.Column("sums", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_tally_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", "school_id", "audience", "fingerprint", "grade", name=op.f("pk_tally")),
    )
    op.create_table(
        "tally_set",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("structure_hash", sa.String(length=64), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(), nullable=False),
        sa.Column("counted_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_tally_set_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", "fingerprint", name=op.f("pk_tally_set")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("active_key", sa.String(length=64), nullable=True),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("requested_by", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_job_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("active_key", name=op.f("uq_job_active_key")),
    )
    op.create_index("ix_job_key", "job", ["key"], unique=False)
    op.create_table(
        "wave_instrument",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("structure_hash", sa.String(length=64), nullable=False),
        sa.Column("instrument_id", sa.String(length=48), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("wording_hash", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_wave_instrument_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", "structure_hash", name=op.f("pk_wave_instrument")),
    )
    op.create_table(
        "wave_population",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("grade", sa.String(length=8), nullable=False),
        sa.Column("class_name", sa.String(length=50), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_wave_population_school_id_school")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_wave_population_wave_id_wave")),
        sa.PrimaryKeyConstraint(
            "wave_id", "school_id", "audience", "grade", "class_name", name=op.f("pk_wave_population")
        ),
    )
    op.create_table(
        "wave_school",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("area", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_wave_school_school_id_school")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_wave_school_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", "school_id", name=op.f("pk_wave_school")),
        sa.UniqueConstraint("wave_id", "code", name=op.f("uq_wave_school_wave_id_code")),
    )
    op.create_table(
        "class_code",
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.CheckConstraint("used <= cap", name=op.f("ck_class_code_never_over_cap")),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_class_code_link_id_link")),
        sa.PrimaryKeyConstraint("link_id", name=op.f("pk_class_code")),
    )
    op.create_table(
        "code_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.Column("used", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_code_batch_link_id_link")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_code_batch_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_batch")),
    )
    op.create_table(
        "assessment_year",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_year")),
        sa.UniqueConstraint("name", name=op.f("uq_assessment_year_name")),
    )
    op.create_table(
        "assessment_wave",
        sa.Column("year_id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.CheckConstraint("role IN ('main', 'first', 'earlier')", name=op.f("ck_assessment_wave_role_known")),
        sa.ForeignKeyConstraint(
            ["year_id"], ["assessment_year.id"], name=op.f("fk_assessment_wave_year_id_assessment_year")
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_assessment_wave_wave_id_wave")),
        sa.PrimaryKeyConstraint("year_id", "wave_id", name=op.f("pk_assessment_wave")),
        sa.UniqueConstraint("year_id", "role", name=op.f("uq_assessment_wave_year_id_role")),
    )
    op.create_table(
        "scheme_version",
        sa.Column("year_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("difference", sa.JSON(), nullable=False),
        sa.Column("saved_by", sa.String(length=80), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("adopted_by", sa.String(length=80), nullable=True),
        sa.Column("adopted_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(adopted_at IS NULL) = (adopted_by IS NULL)", name=op.f("ck_scheme_version_adopted_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["year_id"], ["assessment_year.id"], name=op.f("fk_scheme_version_year_id_assessment_year")
        ),
        sa.PrimaryKeyConstraint("year_id", "number", name=op.f("pk_scheme_version")),
    )
    op.create_table(
        "imported_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("schools", sa.JSON(), nullable=False),
        sa.Column("imported_by", sa.String(length=80), nullable=False),
        sa.Column("imported_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["year_id"], ["assessment_year.id"], name=op.f("fk_imported_marks_year_id_assessment_year")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_marks")),
    )
    op.create_table(
        "inspector_score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year_id", sa.Integer(), nullable=False),
        sa.Column("school_code", sa.String(length=32), nullable=False),
        sa.Column("inspector", sa.String(length=80), nullable=False),
        sa.Column("rated_on", sa.Date(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("imported_by", sa.String(length=80), nullable=False),
        sa.Column("imported_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("score >= 0 AND score <= 100", name=op.f("ck_inspector_score_score_in_range")),
        sa.ForeignKeyConstraint(
            ["year_id"], ["assessment_year.id"], name=op.f("fk_inspector_score_year_id_assessment_year")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspector_score")),
    )
    op.create_table(
        "mark_computation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year_id", sa.Integer(), nullable=False),
        sa.Column("scheme_number", sa.Integer(), nullable=False),
        sa.Column("scheme_sha256", sa.String(length=64), nullable=False),
        sa.Column("tables", sa.JSON(), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("computed_by", sa.String(length=80), nullable=False),
        sa.Column("computed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["year_id"], ["assessment_year.id"], name=op.f("fk_mark_computation_year_id_assessment_year")
        ),
        sa.ForeignKeyConstraint(
            ["year_id", "scheme_number"],
            ["scheme_version.year_id", "scheme_version.number"],
            name=op.f("fk_mark_computation_year_id_scheme_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark_computation")),
    )
    op.create_table(
        "rectification_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year_id", sa.Integer(), nullable=False),
        sa.Column("school_code", sa.String(length=32), nullable=False),
        sa.Column("school_name", sa.String(length=100), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("requirement", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("proposal", sa.String(length=160), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("step_count", sa.Integer(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("document", sa.String(length=60), nullable=True),
        sa.Column("delivered_at", sa.DateTime(), nullable=True),
        sa.Column("reply", sa.Text(), server_default="", nullable=False),
        sa.Column("reply_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("look_back_from", sa.Date(), nullable=True),
        sa.Column("look_back_until", sa.Date(), nullable=True),
        sa.Column("look_back_id", sa.Integer(), nullable=True),
        sa.Column("look_back_items", sa.JSON(), server_default="{}", nullable=False),
        sa.CheckConstraint(
            "(document IS NULL) = (delivered_at IS NULL)", name=op.f("ck_rectification_case_delivered_by_document")
        ),
        sa.ForeignKeyConstraint(
            ["year_id"], ["assessment_year.id"], name=op.f("fk_rectification_case_year_id_assessment_year")
        ),
        sa.ForeignKeyConstraint(
            ["look_back_id"],
            ["wave.id"],
            name=op.f("fk_rectification_case_look_back_id_wave"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification_case")),
        sa.UniqueConstraint("document", name=op.f("uq_rectification_case_document")),
        sa.UniqueConstraint("year_id", "proposal", name=op.f("uq_rectification_case_year_id_proposal")),
    )
    op.create_index("ix_rectification_case_school_code", "rectification_case", ["school_code"])
    op.create_table(
        "case_step",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["rectification_case.id"], name=op.f("fk_case_step_case_id_rectification_case")
        ),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_case_step")),
    )
    op.create_table(
        "case_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("mimetype", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_as", sa.String(length=64), nullable=False),
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["rectification_case.id"], name=op.f("fk_case_attachment_case_id_rectification_case")
        ),
        sa.ForeignKeyConstraint(
            ["case_id", "step"],
            ["case_step.case_id", "case_step.number"],
            name=op.f("fk_case_attachment_case_id_case_step"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_attachment")),
        sa.UniqueConstraint("stored_as", name=op.f("uq_case_attachment_stored_as")),
    )
    op.create_table(
        "public_improvement",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("school_code", sa.String(length=32), nullable=False),
        sa.Column("school_name", sa.String(length=100), nullable=False),
        sa.Column("said", sa.String(length=200), nullable=False),
        sa.Column("done", sa.String(length=400), nullable=False),
        sa.Column("said_en", sa.String(length=400), nullable=False),
        sa.Column("done_en", sa.String(length=800), nullable=False),
        sa.Column("verified_on", sa.String(length=10), nullable=False),
        sa.Column("requested_by", sa.String(length=80), nullable=False),
        sa.Column("requested_at", sa.DateTime(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=80), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> requested_by", name=op.f("ck_public_improvement_two_people")
        ),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)",
            name=op.f("ck_public_improvement_confirmed_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["rectification_case.id"], name=op.f("fk_public_improvement_case_id_rectification_case")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_public_improvement")),
    )
    op.create_table(
        "evaluation_form",
        sa.Column("structure_hash", sa.String(length=64), nullable=False),
        sa.Column("instrument_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("structure_hash", name=op.f("pk_evaluation_form")),
    )
    op.create_table(
        "inspector_evaluation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year_id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("school_code", sa.String(length=32), nullable=False),
        sa.Column("rater", sa.String(length=50), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("structure_hash", sa.String(length=64), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("signed_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=80), nullable=True),
        sa.Column("withdrawn_for", sa.String(length=200), server_default="", nullable=False),
        sa.CheckConstraint("score >= 0 AND score <= 100", name=op.f("ck_inspector_evaluation_score_in_range")),
        sa.CheckConstraint(
            "(signed_at IS NULL) = (score IS NULL)", name=op.f("ck_inspector_evaluation_signed_with_score")
        ),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR signed_at IS NOT NULL",
            name=op.f("ck_inspector_evaluation_signed_before_withdrawn"),
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)",
            name=op.f("ck_inspector_evaluation_withdrawn_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["year_id", "wave_id"],
            ["assessment_wave.year_id", "assessment_wave.wave_id"],
            name=op.f("fk_inspector_evaluation_year_id_assessment_wave"),
        ),
        sa.ForeignKeyConstraint(
            ["structure_hash"],
            ["evaluation_form.structure_hash"],
            name=op.f("fk_inspector_evaluation_structure_hash_evaluation_form"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspector_evaluation")),
    )
    op.create_index(
        "uq_inspector_evaluation_year_id_wave_id_school_code_rater",
        "inspector_evaluation",
        ["year_id", "wave_id", "school_code", "rater"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "declared_conflict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rater", sa.String(length=50), nullable=False),
        sa.Column("school_code", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("declared_by", sa.String(length=80), nullable=False),
        sa.Column("declared_at", sa.DateTime(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(), nullable=True),
        sa.Column("lifted_by", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "kind IN ('former_school', 'family', 'other')", name=op.f("ck_declared_conflict_kind_known")
        ),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL)", name=op.f("ck_declared_conflict_lifted_by_somebody")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declared_conflict")),
    )
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is never changed', TG_TABLE_NAME; END $$"
        )
        keep_no_samples()
    for table in KEPT:
        refuse_changes(table)


def downgrade() -> None:
    op.drop_table("public_improvement")
    op.drop_table("case_attachment")
    op.drop_table("case_step")
    op.drop_index("ix_rectification_case_school_code", table_name="rectification_case")
    for table in (
        "rectification_case",
        "declared_conflict",
        "inspector_evaluation",
        "evaluation_form",
        "mark_computation",
        "inspector_score",
        "imported_marks",
        "scheme_version",
        "assessment_wave",
        "assessment_year",
    ):
        op.drop_table(table)
    op.drop_table("code_batch")
    op.drop_table("class_code")
    op.drop_table("wave_school")
    op.drop_table("wave_population")
    op.drop_table("wave_instrument")
    op.drop_table("roster_upload")
    op.drop_table("answer_upload")
    op.drop_index("ix_job_key", table_name="job")
    op.drop_table("job")
    op.drop_table("tally_set")
    op.drop_table("tally")
    op.drop_table("class_sums")
    op.drop_table("excluded_response")
    op.drop_table("recovery_code")
    op.drop_table("second_step")
    op.drop_table("kept_form")
    op.drop_table("staff_session")
    op.drop_table("one_time_link")
    op.drop_table("staff_grant")
    op.drop_table("hourly_count")
    op.drop_table("signals")
    op.drop_table("private_count")
    op.drop_table("form_sums")
    op.drop_table("link")
    op.drop_table("enrolment")
    op.drop_table("change_request")
    op.drop_table("manifest_record")
    op.drop_table("look_back")
    op.drop_table("wave")
    op.drop_table("staff")
    op.drop_table("setting")
    op.drop_index("uq_submission_receipt_code", table_name="submission_receipt")
    op.drop_index("ix_submission_receipt_link", table_name="submission_receipt")
    op.drop_table("submission_receipt")
    op.drop_table("school")
    op.drop_table("response")
    op.drop_table("invitation")
    op.drop_table("imported_file")
    op.drop_table("login_attempt")
    op.drop_table("denial")
    op.drop_table("masked_name")
    op.drop_table("comment_topic")
    op.drop_table("comment_review")
    op.drop_table("comment")
    op.drop_table("key_fingerprint")
    op.drop_table("form_activity")
    op.drop_table("due_run")
    op.drop_table("purge_notice")
    op.drop_table("receipt_count")
    op.drop_table("audit_entry")
    op.drop_table("approval")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_change()")
