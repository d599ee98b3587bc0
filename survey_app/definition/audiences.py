"""Who can be asked. One row per audience, one place: everything that lists audiences reads this list."""

from dataclasses import dataclass
from enum import StrEnum

from .messages import Message, message
from .registry import Registry

STANDARD_MIN_N = 10
STANDARD_CLASS_NOTICE = message("本口令最多接收 {n} 份答卷，请不要转给其他班级")


class AudienceId(StrEnum):
    """The ids of the shipped audiences, for the few places that mean one of them."""

    PARENT = "parent"
    TEACHER = "teacher"
    STUDENT = "student"
    INSPECTOR = "inspector"
    DEPUTY = "deputy"
    MEMBER = "member"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True, eq=False)
class Audience:
    """One kind of people who are asked.

    Attributes
    ----------
    id : str
        What instruments, rosters, schemes, tables and exports call it; at most 16 characters.
    label, count_label : Message
        Its name as a heading, and as the heading of a column of head counts.
    poster_line : Message
        What a poster asks of them.
    synonyms, wide_columns : tuple of str
        What rosters write in a column of audiences, and over a column of their head counts.
    default_min_n : int
        Valid persons from which figures are shown, where a scheme states no minimum.
    may_be_asked_background : bool
        Whether questions about the person may be asked openly. Not of teachers: one male teacher in grade 3 is a name.
    has_grades : bool
        Whether its members belong to a grade, on the roster and in the tables of answers.
    is_on_roster : bool
        Whether the roster counts its members; if not, it is asked at every school of the instrument's categories.
    has_own_device, shares_class_devices : bool
        Whether its members answer on a phone of their own, where a draft may wait for days; whether a class code means
        that the next person sits at the same device.
    answers_per_child : bool
        Whether one person may answer again, for another child.
    has_grade_columns : bool
        Whether columns that are headed by a grade alone (一年级, 二年级 …) count its members; of one audience only.
    counted_like : str
        The audience whose numbers are taken for its own where a school states none and the office asks for it.
    class_notice : Message
        What the notice of a class code says about passing it on; ``{n}`` is the number of submissions it takes.
    class_correlation : float
        How alike persons of one class answer (0–1), as assumed where it was not measured.
    is_minor : bool
        Whether its members are children: they are asked in short words and not about hardship.
    knows_the_trade : bool
        Whether its members work in schools, see what others do not, and know the words for it.
    is_usual : bool
        Whether every roster and every wave has a place for it; if not, only where somebody counts or asks it.
    is_sample : bool
        Whether its answers are a sample of opinions. A signed evaluation is none: it has no error, no minimum number of
        persons and no signals, and needs no proof that nobody answered twice.
    """

    id: str
    label: Message
    count_label: Message
    poster_line: Message
    synonyms: tuple[str, ...] = ()
    wide_columns: tuple[str, ...] = ()
    default_min_n: int = STANDARD_MIN_N
    may_be_asked_background: bool = True
    has_grades: bool = True
    is_on_roster: bool = True
    has_own_device: bool = False
    shares_class_devices: bool = False
    answers_per_child: bool = False
    has_grade_columns: bool = False
    counted_like: str = ""
    class_notice: Message = STANDARD_CLASS_NOTICE
    class_correlation: float = 0.0
    is_minor: bool = False
    knows_the_trade: bool = False
    is_usual: bool = True
    is_sample: bool = True


AUDIENCES: Registry[Audience] = Registry(
    Audience(
        id=AudienceId.PARENT.value,
        label=message("家长"),
        count_label=message("家长数"),
        poster_line=message("请家长扫码填写"),
        synonyms=("家长", "学生家长", "幼儿家长", "parent"),
        wide_columns=(
            "家长数", "家长人数", "家长", "学生家长", "学生家长数", "幼儿/学生家长", "幼儿家长", "parent", "parents",
        ),
        has_own_device=True,
        answers_per_child=True,
        counted_like=AudienceId.STUDENT.value,
        class_notice=message("本口令最多接收 {n} 份答卷，请不要转给其他班级的家长"),
        class_correlation=0.05,
    ),
    Audience(
        id=AudienceId.TEACHER.value,
        label=message("教师"),
        count_label=message("教师数"),
        poster_line=message("请教师扫码填写"),
        synonyms=("教师", "教职工", "老师", "专任教师", "teacher"),
        wide_columns=(
            "教师数", "教师人数", "教职工数", "教职工人数", "专任教师数", "专任教师", "教师", "teacher", "teachers",
        ),
        default_min_n=5,
        may_be_asked_background=False,
        has_grades=False,
        knows_the_trade=True,
    ),
    Audience(
        id=AudienceId.STUDENT.value,
        label=message("学生"),
        count_label=message("学生数"),
        poster_line=message("请学生扫码填写"),
        synonyms=("学生", "student"),
        wide_columns=(
            "学生数", "学生人数", "在校生数", "在校学生数", "在校生", "四年级以上学生", "四年级以上学生数", "学生",
            "student", "students",
        ),
        shares_class_devices=True,
        has_grade_columns=True,
        class_correlation=0.10,
        is_minor=True,
    ),
    Audience(
        id=AudienceId.INSPECTOR.value,
        label=message("责任督学"),
        count_label=message("责任督学数"),
        poster_line=message("请责任督学扫码填写"),
        is_on_roster=False,
        has_own_device=True,
        knows_the_trade=True,
        is_sample=False,
    ),
    Audience(
        id=AudienceId.DEPUTY.value,
        label=message("人大代表"),
        count_label=message("人大代表数"),
        poster_line=message("请人大代表扫码填写"),
        synonyms=("人大代表", "deputy", "deputies"),
        wide_columns=("人大代表数", "人大代表人数", "人大代表", "deputies"),
        has_grades=False,
        has_own_device=True,
        is_usual=False,
    ),
    Audience(
        id=AudienceId.MEMBER.value,
        label=message("政协委员"),
        count_label=message("政协委员数"),
        poster_line=message("请政协委员扫码填写"),
        synonyms=("政协委员", "member", "members"),
        wide_columns=("政协委员数", "政协委员人数", "政协委员", "members"),
        has_grades=False,
        has_own_device=True,
        is_usual=False,
    ),
    Audience(
        id=AudienceId.PUBLIC.value,
        label=message("社会公众"),
        count_label=message("社会公众数"),
        poster_line=message("请社会公众扫码填写"),
        synonyms=("社会公众", "公众", "群众", "社会群众", "居民", "社区居民", "社会人士", "public"),
        wide_columns=("社会公众数", "社会公众", "公众人数", "群众数", "居民数", "public"),
        has_grades=False,
        has_own_device=True,
        is_usual=False,
    ),
)  # fmt: skip


def roster_audiences() -> tuple[Audience, ...]:
    """The audiences whose members a roster counts."""
    return tuple(audience for audience in AUDIENCES if audience.is_on_roster)


def usual_audiences() -> tuple[Audience, ...]:
    """The audiences of a roster that every survey knows; the others have a column where somebody counts them."""
    return tuple(audience for audience in roster_audiences() if audience.is_usual)


def audience_of_grade_columns() -> Audience:
    """The audience whose members are counted by columns that are headed by a grade alone."""
    return next(audience for audience in AUDIENCES if audience.has_grade_columns)
