"""How people are let in to a form. One row per access mode, one place."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from survey_app.definition.audiences import roster_audiences
from survey_app.definition.messages import Message, message
from survey_app.definition.registry import Registry


class AccessModeId(StrEnum):
    """The ids of the shipped modes, for defaults."""

    OPEN = "open"
    CLASS = "class"
    CODE = "code"


class CodeScope(StrEnum):
    """Whom a code lets in."""

    NONE = "none"
    CLASS = "class"  # everybody who knows it, up to a cap
    PERSON = "person"  # one person, once


@dataclass(frozen=True, slots=True, eq=False)
class AccessMode:
    """One way in.

    Attributes
    ----------
    label : Message
        What lists and workbooks call it.
    guarantee : Message
        What it guarantees, and what not.
    opening_note : Message
        What it means for being ranked, as the check before opening says it.
    code_scope : CodeScope
        Whom its code lets in; ``NONE`` where no code is asked.
    is_verified : bool
        Whether nobody can answer unnoticed more often than people were let in; results of the others are flagged.
    code_label : Message, optional
        What the form calls the code.
    code_example : str
        The shape of a code, as the field of the form shows it.
    """

    id: str
    label: Message
    guarantee: Message
    opening_note: Message
    code_scope: CodeScope
    is_verified: bool
    code_label: Message | None = None
    code_example: str = ""

    @property
    def needs_code(self) -> bool:
        return self.code_scope is not CodeScope.NONE


ACCESS_MODES: Registry[AccessMode] = Registry(
    AccessMode(
        id=AccessModeId.OPEN.value,
        label=message("开放链接"),
        guarantee=message("知道网址的人都能填，也能填几次；不能保证一人一份，默认不参加排名"),
        opening_note=message("开放链接：谁都能填，不核实，默认方案只列出、不排名"),
        code_scope=CodeScope.NONE,
        is_verified=False,
    ),
    AccessMode(
        id=AccessModeId.CLASS.value,
        label=message("班级口令"),
        guarantee=message("知道口令的人能填，一个班的份数不超过人数；班内能不能一人一份，靠班里自己"),
        opening_note=message("班级口令：每班一个口令和上限，可以排名"),
        code_scope=CodeScope.CLASS,
        is_verified=True,
        code_label=message("班级口令"),
        code_example="XXXX XXXX X",
    ),
    AccessMode(
        id=AccessModeId.CODE.value,
        label=message("一次性邀请码"),
        guarantee=message("一张纸条填一次；份数不超过发出的纸条"),
        opening_note=message("一次性邀请码：每人一码，可以排名"),
        code_scope=CodeScope.PERSON,
        is_verified=True,
        code_label=message("邀请码"),
        code_example="XXXX XXXX XXXX X",
    ),
)


def is_verified(access: Mapping[str, str], audience: str) -> bool:
    """Whether the way in that a wave gives an audience is verified; an unknown way in is not."""
    mode = ACCESS_MODES.get(access.get(audience, ""))
    return mode is not None and mode.is_verified


def coded_audiences(access: Mapping[str, str]) -> tuple[str, ...]:
    """The audiences on the roster for which codes are printed."""
    return tuple(row.id for row in roster_audiences() if row.id in access and ACCESS_MODES[access[row.id]].needs_code)
