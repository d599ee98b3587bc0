"""What is kept of forms with a signal and of paper forms: sums of person scores, made at the seal's second reading.

After responses were excluded nothing is kept of the schools and audiences concerned: figures before and after would
tell what the few answered who are in both groups.
"""

from collections.abc import Mapping

import numpy as np
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey_app.measurement.form_groups import FORM_SUMS, FormCell, FormSumsBuilder, overall_sums
from survey_app.measurement.group_sums import GroupSums
from survey_app.measurement.settings import MeasurementSettings

from .models import StoredFormSums

FormSums = Mapping[str, Mapping[str, GroupSums]]  # OVERALL of a school and audience, by group and grade


def save_form_sums(session: Session, wave_id: int, structure_hash: str, builder: FormSumsBuilder) -> None:
    """Keep the sums of groups that are large enough to be shown."""
    audience = builder.scoring.audience
    rows = [
        {
            "wave_id": wave_id, "school_id": cell.school, "audience": audience, "structure_hash": structure_hash,
            "form_group": cell.group, "grade": cell.grade, "sums": sums.astype("<f8").tobytes(),
        }
        for cell, sums in builder.build(MeasurementSettings().audience_min_n(audience)).items()
    ]  # fmt: skip
    if rows:
        session.execute(insert(StoredFormSums), rows)


def load_form_sums(session: Session, wave_id: int) -> dict[tuple[int, str], FormSums]:
    """The stored sums by school and audience."""
    result: dict[tuple[int, str], dict[str, dict[str, GroupSums]]] = {}
    statement = select(StoredFormSums).where(StoredFormSums.wave_id == wave_id).order_by(StoredFormSums.grade)
    for row in session.scalars(statement):
        cell = FormCell(row.school_id, row.form_group, row.grade)
        sums = np.frombuffer(row.sums, "<f8").reshape(-1, len(FORM_SUMS))
        by_group = result.setdefault((cell.school, row.audience), {})
        by_group.setdefault(cell.group, {})[cell.grade] = overall_sums(sums)
    return dict(result)
