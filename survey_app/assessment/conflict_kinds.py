"""Why somebody does not evaluate a school; each reason with its words."""

from dataclasses import dataclass

from survey_app.definition.messages import Message, message
from survey_app.definition.registry import Registry


@dataclass(frozen=True, slots=True)
class ConflictKind:
    """``needs_note``: the name of the reason says too little by itself."""

    id: str
    label: Message
    needs_note: bool = False


CONFLICT_KINDS: Registry[ConflictKind] = Registry(
    ConflictKind("former_school", message("原来在这所学校工作")),
    ConflictKind("family", message("亲属在这所学校工作或者就读")),
    ConflictKind("other", message("其他原因"), needs_note=True),
)
