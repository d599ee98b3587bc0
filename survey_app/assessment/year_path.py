"""A year as a path: what is done, and the one thing that is next."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey_app.definition.messages import Message, message

from .models import FIRST_WAVE, AssessmentYear
from .years import latest_computation, scheme_versions, wave_of


@dataclass(frozen=True, slots=True)
class YearStep:
    """One step: ``at`` is when it was done; ``next`` says what to do for it."""

    id: str
    label: Message
    next: Message
    at: datetime | None = None


def year_steps(session: Session, year: AssessmentYear, *, is_stale: bool) -> tuple[YearStep, ...]:
    """The steps in their order. Marks of an older version of the scheme do not count as computed.

    ``is_stale``: what the marks were computed from is not what it was; then they are to be computed again.
    """
    versions, wave, computation = (
        scheme_versions(session, year),
        wave_of(session, year),
        latest_computation(session, year),
    )
    scheme = versions[0] if versions else None
    waves = [used for used in (wave, wave_of(session, year, FIRST_WAVE)) if used is not None]
    seals = [used.sealed_at for used in waves if used.sealed_at is not None]
    is_current = computation is not None and scheme is not None and computation.scheme_sha256 == scheme.sha256
    return (
        YearStep(
            "scheme", message("方案"), message("存一份考核方案（format: 2），在旧批次上试算"),
            scheme.saved_at if scheme else None,
        ),
        YearStep(
            "adopted", message("采用"), message("核对方案和依据文号，采用后冻结"), scheme.adopted_at if scheme else None
        ),
        YearStep(
            "sealed", message("批次封存"), message("等批次截止并封存"),
            max(seals) if seals and len(seals) == len(waves) else None,
        ),
        YearStep(
            "marks", message("计分"),
            message("重新计分") if is_stale else message("导入其他得分和扣分，然后计分"),
            computation.computed_at if computation is not None and is_current and not is_stale else None,
        ),
    )  # fmt: skip


def next_step(steps: tuple[YearStep, ...]) -> YearStep | None:
    """The first that is not done; None at the end."""
    return next((step for step in steps if step.at is None), None)
