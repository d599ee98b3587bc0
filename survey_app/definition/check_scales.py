"""Whether a scale measures what it says: its ends, its direction, and what it counts as favourable."""

from collections.abc import Callable, Sequence

from .messages import Message, message
from .model import Instrument, Option, Scale
from .nodes import SourcePosition
from .question_reader import SourceMap

MAX_POINTS = 35
POINTS_WITH_FACES = range(3, 6)
AddIssue = Callable[[SourcePosition | None, Message], None]


def check_scales(instrument: Instrument, source_map: SourceMap, add_issue: AddIssue) -> None:
    """Adds what is wrong with the scales."""
    for scale in instrument.scales:
        _check_points(scale, source_map, add_issue)
        _check_faces(scale, source_map, add_issue)
    for item in instrument.scored_items():
        if item.reverse and item.scale.faces:
            add_issue(
                source_map.position_of(item.id),
                message("反向题不能用画表情的量表“{name}”：同意一件不好的事，旁边却是笑脸", name=item.scale.id),
            )
        if item.reverse and item.scale.has_ideal:
            add_issue(
                source_map.position_of(item.id),
                message("量表“{name}”最好的选项在中间，翻转不了，请删去 reverse", name=item.scale.id),
            )


def _check_faces(scale: Scale, source_map: SourceMap, add_issue: AddIssue) -> None:
    """A face says by itself whether an answer is good: the points must be in order, and few enough to be told apart."""
    if scale.faces and (scale.has_ideal or len(scale.points) not in POINTS_WITH_FACES):
        add_issue(
            source_map.scales[scale.id],
            message(
                "量表“{name}”不能画表情（show: faces）：只用于 3 到 5 个点、从好到差或从差到好的量表", name=scale.id
            ),
        )


def _is_ordered(values: list[float]) -> bool:
    return values in (sorted(values), sorted(values, reverse=True))


def _rises_then_falls(values: list[float]) -> bool:
    best = values.index(max(values))
    return values[: best + 1] == sorted(values[: best + 1]) and values[best:] == sorted(values[best:], reverse=True)


def _check_points(scale: Scale, source_map: SourceMap, add_issue: AddIssue) -> None:
    position = source_map.scales[scale.id]
    values = [point.points for point in scale.points]
    if not 2 <= len(values) <= MAX_POINTS:
        add_issue(position, message("量表“{name}”应当有 2 到 {limit} 个点", name=scale.id, limit=MAX_POINTS))
        return
    if not _is_ordered(values) and not (scale.has_ideal and _rises_then_falls(values)):
        add_issue(position, message("量表“{name}”的分值应当从高到低或从低到高排列", name=scale.id))
    elif scale.has_ideal:
        if (values[0], max(values)) != (0, 100):
            add_issue(position, message("量表“{name}”最好的选项在中间：中间应当是 100，两端都是 0", name=scale.id))
    elif {values[0], values[-1]} != {0.0, 100.0}:
        add_issue(position, message("量表“{name}”的两端应当是 100 和 0", name=scale.id))
    _check_favourable(scale, position, add_issue)
    check_options_differ(scale.options(), source_map.options.get(scale.id, ()), position, add_issue)


def _check_favourable(scale: Scale, position: SourcePosition, add_issue: AddIssue) -> None:
    favourable = [point.points for point in scale.points if point.favourable]
    others = [point.points for point in scale.points if not point.favourable]
    if not favourable:
        add_issue(position, message("量表“{name}”没有标出满意的选项（favourable: true）", name=scale.id))
    elif not others:
        add_issue(position, message("量表“{name}”的每个选项都算满意，测不出不满意", name=scale.id))
    elif min(favourable) <= max(others):
        add_issue(position, message("量表“{name}”里算满意的选项，分值不比其他选项高", name=scale.id))


def check_options_differ(
    options: Sequence[Option],
    positions: Sequence[SourcePosition],
    fallback: SourcePosition | None,
    add_issue: AddIssue,
) -> None:
    """Adds a code or a label that stands twice, at the second of the two."""
    codes: set[str] = set()
    labels: dict[tuple[str, str], str] = {}
    for number, option in enumerate(options):
        position = positions[number] if number < len(positions) else fallback
        if option.code and option.code in codes:
            add_issue(position, message("代码“{code}”用了两次", code=option.code))
        codes.add(option.code)
        repeated = next((words for tag, words in option.label.items() if words and (tag, words) in labels), None)
        if repeated is not None:
            add_issue(position, message("选项“{label}”写了两次，答卷人分不清", label=repeated))
        labels.update(dict.fromkeys(option.label.items(), option.code))
