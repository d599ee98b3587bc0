"""What a line may be after what was read, and how much each reading strains the structure."""

from collections.abc import Iterator

from ..draft import ItemKind
from .sights import Sight, gap_pieces, names_a_person
from .states import Move, Role, State

_HEADING_STYLES = frozenset(("chinese", "chinese_paren", "part"))
_PLAIN_STYLES = frozenset(("dot", "comma", "half", "bare", "q", "question"))
_SUB_STYLES = frozenset(("paren", "circled", "half", "chinese_paren"))
_MATRIX_KINDS = frozenset((ItemKind.SCALE, ItemKind.CHOICE, ItemKind.CHOICES, None))


def moves(sight: Sight, state: State) -> Iterator[Move]:
    """Yield every way to read a line."""
    yield Move(6.0, state._replace(role=Role.UNKNOWN))
    if sight.is_furniture or (names_a_person(sight.segment) and not sight.segment.numbers):
        yield Move(-0.3, state._replace(role=Role.FURNITURE))
    if sight.is_blank:
        yield Move(-0.3, state._replace(role=Role.BLANK))
    yield from _front_moves(sight, state)
    yield Move(_heading_cost(sight, state), _after_heading(sight, state))
    yield _stem_move(sight, state)
    yield from _sub_stem_moves(sight, state)
    yield from _continued_moves(sight, state)
    yield from _option_moves(sight, state)
    yield from _matrix_moves(sight, state)


def _front_moves(sight: Sight, state: State) -> Iterator[Move]:
    """Title and introduction, before the first question; later only instructions."""
    segment = sight.segment
    strange = 2.0 * bool(segment.inline) + 2.0 * bool(segment.tags.kind) + 1.5 * bool(segment.first_option)
    strange += 2.5 * bool(segment.number and segment.number.style in _PLAIN_STYLES)
    if sight.names_scale:
        cost = -3.5 if sight.is_only_legend else -0.5
        yield Move(cost, state._replace(role=Role.INTRO, in_question=False, scale_is_given=True))
    if state.has_begun:
        cost = 2.2 if sight.looks_like_intro and sight.length > 9 else 4.5
        yield Move(cost + strange + 1.2 * state.is_unfinished, state._replace(role=Role.INTRO, in_question=False))
        return
    if not state.has_title:
        cost = 0.2 if sight.looks_like_title else 1.2 if state.role is None else 2.0
        cost += 1.5 * (sight.segment.text.rstrip().endswith(("：", ":", "！", "。"))) + 1.0 * (sight.length > 40)
        cost += 0.0 if sight.looks_like_title else 1.0 * sight.looks_like_intro
        cost += 1.5 * bool(segment.number and segment.number.style in _HEADING_STYLES)
        yield Move(cost + strange, state._replace(role=Role.TITLE, has_title=True))
    cost = 0.4 if sight.looks_like_intro else 1.0 if sight.length > 25 else 1.6
    yield Move(
        cost + strange + 1.0 * (sight.options_follow and not sight.looks_like_intro), state._replace(role=Role.INTRO)
    )


def _heading_cost(sight: Sight, state: State) -> float:
    segment = sight.segment
    style = segment.number.style if segment.number else ""
    second = segment.numbers[1].style if len(segment.numbers) > 1 else ""
    body = segment.body.strip()
    if segment.tags.is_note:
        cost = 0.0
    elif style in _HEADING_STYLES:
        cost = 0.3
    elif second in _HEADING_STYLES and not sight.options_follow:
        cost = 0.8
    elif body.startswith(("【", "[")) and body.endswith(("】", "]")) and segment.tags.kind is None:
        cost = 0.4
    elif segment.number:
        cost = 5.0
    else:
        cost = 2.6 + 1.5 * sight.is_terminal + 1.0 * (sight.length > 14) + 0.8 * (not segment.after_gap)
    cost += 2.5 * sight.options_follow + 4.0 * bool(segment.inline) + 2.5 * sight.is_label + 1.5 * (sight.length > 30)
    cost += 2.5 * (segment.tags.kind is not None) + 1.0 * segment.body.rstrip().endswith(("？", "?"))
    cost += 3.0 * bool(segment.first_option and not segment.numbers) + 1.5 * segment.tags.has_blank
    cost += 2.0 * sight.blank_follows
    return cost + 1.2 * state.is_unfinished


def _after_heading(sight: Sight, state: State) -> State:
    number = sight.segment.number
    counts = number is not None and number.style in _PLAIN_STYLES and number.value == state.number + 1
    value, style = (number.value, number.style) if counts and number else (state.number, state.style)
    return state._replace(
        role=Role.HEADING, number=value, style=style, in_question=False, has_options=False, option=0, option_style="",
        sub=0, has_title=True,
    )  # fmt: skip


def _stem_move(sight: Sight, state: State) -> Move:
    segment = sight.segment
    cost = _number_cost(sight, state) + _question_evidence(sight) + 1.2 * state.is_unfinished
    cost += 3.0 * (sight.is_furniture and not segment.numbers)
    number, style = state.number, state.style
    if segment.number and segment.number.style not in _HEADING_STYLES:
        number, style = segment.number.value, segment.number.style
    return Move(
        cost, _asked(sight, state._replace(role=Role.STEM, number=number, style=style, sub=0, under_head=False))
    )


def _asked(sight: Sight, state: State) -> State:
    inline = sight.segment.inline
    return state._replace(
        in_question=True,
        has_options=bool(inline),
        option=inline[-1].value if inline else 0,
        option_style=inline[0].style if inline else "",
        takes_text=sight.asks_for_text and not inline,
        has_title=True,
        is_closed=bool(sight.segment.stem) and (sight.is_terminal or sight.segment.tags.kind is not None),
        is_open=sight.is_open or not sight.segment.stem,
        in_foreign=sight.is_foreign,
    )


def _number_cost(sight: Sight, state: State) -> float:
    """How well the number of a question continues those before it."""
    number = sight.segment.number
    if number is None:
        return 4.5 if sight.text_has_numbers else 1.0
    cost = 1.0 if number.style == "bare" else 0.0
    cost -= 1.5 * (len(sight.segment.numbers) > 1)
    if number.style in _HEADING_STYLES:
        return cost + 4.0
    step = number.value - state.number
    if state.number and number.style != state.style:
        cost += 0.3 if {number.style, state.style} <= _PLAIN_STYLES else 2.5
    if step == 1:
        return cost
    if state.number == 0:
        return cost + 2.0
    if number.value == 1:
        return cost + (0.8 if state.role is Role.HEADING else 3.0)
    return cost + (2.5 if 1 < step < 5 else 3.0 if step == 0 else 4.5)


def _question_evidence(sight: Sight) -> float:
    """What speaks for a question (negative) or against it, besides its number."""
    segment = sight.segment
    cost = -2.0 * bool(segment.inline) - 1.5 * sight.options_follow - 0.5 * sight.speaks_to_somebody
    cost -= 1.5 * (segment.tags.kind is not None) + 0.5 * (segment.tags.required is not None)
    ends = segment.body.rstrip().endswith(("？", "?", "：", ":", "吗", "*"))
    cost -= 0.7 * (ends or segment.tags.has_blank)
    answerable = segment.inline or sight.options_follow or sight.asks_for_text or segment.tags.kind or ends
    cost += 1.0 * (not answerable and not segment.tags.has_blank)
    cost += 2.0 * (sight.looks_like_intro and not segment.numbers and not ends)
    cost += 3.0 * sight.is_label + 3.0 * (sight.length < 2 and not segment.tags.required)
    cost += 2.0 * sight.is_foreign * (segment.number is None) + 2.0 * (sight.is_scale_line and not segment.inline)
    cost += 4.0 * sight.names_a_column + 3.0 * (sight.is_greeting and not segment.numbers)
    cost += 2.5 * (sight.looks_like_title and not segment.numbers and not ends)
    cost += 4.0 * (not segment.numbers and names_a_person(segment))
    cost -= 2.0 * (sight.asks_for_text and segment.tags.has_blank and not segment.numbers) + 3.5 * sight.blank_follows
    return cost + 3.5 * bool(segment.first_option and segment.first_option.style in ("letter", "box"))


def _sub_stem_moves(sight: Sight, state: State) -> Iterator[Move]:
    """A question below the stem of another: (1), (2) …"""
    number = sight.segment.number
    if not state.in_question or number is None or number.style not in _SUB_STYLES or number.style == state.style:
        return
    cost = 0.2 if number.value == state.sub + 1 else 3.0
    cost += 4.0 * (state.has_options and not state.sub) + 0.8 * (not sight.segment.inline and not sight.options_follow)
    cost += 2.0 * sight.is_label + 3.0 * (
        len(sight.segment.options) > 1 and sight.segment.options[0].style == number.style
    )
    yield Move(cost, _asked(sight, state._replace(role=Role.SUB_STEM, sub=number.value)))


def _continued_moves(sight: Sight, state: State) -> Iterator[Move]:
    """A line that only goes on with the one before."""
    segment = sight.segment
    if segment.numbers or (segment.first_option and segment.first_option.style != "box"):
        return
    if state.role in (Role.STEM, Role.SUB_STEM, Role.STEM_CONTINUED):
        cost = 1.8 + 1.5 * segment.after_gap + 3.0 * sight.is_label + 3.0 * bool(segment.first_option)
        is_translation = sight.is_foreign and not state.in_foreign
        cost += 3.0 * sight.is_furniture + 1.5 * sight.is_greeting - 1.7 * is_translation
        cost -= 1.2 * (segment.tags.kind is not None) + 0.8 * sight.options_follow
        cost += 1.0 * (state.has_options and not is_translation) + 2.0 * sight.is_scale_line
        cost += 1.5 * (state.is_closed and not is_translation) - 1.8 * state.is_open
        yield Move(cost, _going_on(sight, state))
    if state.role in (Role.OPTIONS, Role.OPTION_CONTINUED) and not segment.first_option:
        cost = 3.0 + 2.0 * segment.after_gap - 1.0 * sight.is_foreign + 1.5 * sight.is_label
        cost -= 1.5 * (sight.next_option == state.option + 1 > 1)
        cost += 2.0 * (sight.asks_for_text or segment.body.rstrip().endswith(("：", ":", "？", "?")))
        yield Move(cost, state._replace(role=Role.OPTION_CONTINUED))


def _going_on(sight: Sight, state: State) -> State:
    asked = _asked(sight, state)
    return state._replace(
        role=Role.STEM_CONTINUED,
        has_options=state.has_options or asked.has_options,
        option=asked.option or state.option,
        option_style=asked.option_style or state.option_style,
        takes_text=state.takes_text or asked.takes_text,
        is_closed=asked.is_closed,
        is_open=asked.is_open,
    )


def _option_moves(sight: Sight, state: State) -> Iterator[Move]:
    segment = sight.segment
    if not state.in_question or state.under_head:
        return
    unlikely = 2.0 * (state.takes_text and not state.has_options) + 2.5 * (segment.tags.kind is not None)
    if segment.options and not segment.before:
        yield Move(_marked_cost(sight, state) + unlikely, _with_options(sight, state))
    elif segment.options and state.role in (Role.OPTIONS, Role.OPTION_CONTINUED):
        follows = segment.options[0].value == state.option + 1 and segment.options[0].style == state.option_style
        yield Move(0.5 if follows else 5.0, _with_options(sight, state)._replace(role=Role.OPTION_CONTINUED))
    yield Move(_unmarked_cost(sight, state) + unlikely, _with_plain_options(state))


def _marked_cost(sight: Sight, state: State) -> float:
    segment = sight.segment
    first = segment.options[0]
    cost = 0.5 * (first.style in _PLAIN_STYLES) + 0.8 * (first.style == state.style) + 0.2 * (first.style == "circled")
    label = first.label.rstrip()
    cost += 1.5 * (len(label) > 30) + 2.0 * label.endswith(("？", "?")) + 2.0 * (len(segment.numbers) > 1)
    cost -= 1.0 * sight.is_label
    if first.style == "box":
        return cost + (2.0 if state.has_options and state.option_style != "box" else 0.0)
    if not state.has_options:
        return cost + (0.0 if first.value == 1 else 3.5)
    if first.style == state.option_style and first.value == state.option + 1:
        return cost
    return cost + (3.0 if first.style == state.option_style and first.value > state.option else 5.0)


def _with_options(sight: Sight, state: State) -> State:
    last = sight.segment.options[-1]
    return state._replace(role=Role.OPTIONS, has_options=True, option=last.value, option_style=last.style)


def _unmarked_cost(sight: Sight, state: State) -> float:
    """Options that have no mark at all, one on a line or all of a scale on one."""
    segment = sight.segment
    cost = 1.5 - 1.3 * (sight.is_scale_line and not state.has_options) - 1.2 * sight.is_label
    cost -= 0.8 * (bool(gap_pieces(segment)) and not sight.is_scale_line)
    cost += 3.0 * segment.body.startswith(("【", "[")) * segment.body.endswith(("】", "]"))
    cost += 2.0 * (sight.length > 25) + 4.0 * bool(segment.number and segment.number.style != "bare")
    cost += 1.5 * segment.body.rstrip().endswith(("？", "?", "：", ":", "。", "吗"))
    cost += 1.0 * (segment.after_gap and state.role in (Role.OPTIONS, Role.OPTION_CONTINUED))
    cost += 2.5 * (state.has_options and state.option_style != "plain") + 1.0 * sight.options_follow * (
        not sight.is_label
    )
    cost -= 0.4 * (state.option_style == "plain") + 0.3 * (not state.has_options and not state.takes_text)
    return (
        cost
        + 3.0 * bool(segment.first_option)
        + 2.0 * bool(segment.inline)
        + 1.0 * sight.is_foreign * state.has_options
    )


def _with_plain_options(state: State) -> State:
    return state._replace(role=Role.OPTIONS, has_options=True, option=0, option_style="plain")


def _matrix_moves(sight: Sight, state: State) -> Iterator[Move]:
    segment = sight.segment
    is_row_of_labels = not segment.inline or segment.inline[0].style == "piece"
    if sight.is_scale_line and is_row_of_labels:
        cost = (
            0.3 + 1.0 * (not sight.rows_follow) + 3.0 * (state.has_options and state.in_question and not segment.cells)
        )
        cost -= 1.0 * sight.cells_follow + 1.5 * sight.names_a_column
        cost += 3.0 * bool(segment.numbers and not sight.names_a_column)
        yield Move(cost, state._replace(role=Role.HEAD, under_head=True, has_options=True, sub=0, has_title=True))
    is_in_table = is_row_of_labels and (not segment.inline or bool(segment.cells))
    if state.under_head and segment.tags.kind is None and is_in_table:
        yield Move(_row_cost(sight, state), state._replace(role=Role.ROW, sub=_row_number(sight, state)))


def _row_number(sight: Sight, state: State) -> int:
    return sight.segment.number.value if sight.segment.number else state.sub


def _row_cost(sight: Sight, state: State) -> float:
    segment = sight.segment
    cost = -2.0 if len(segment.cells) > 2 else 0.0 if sight.has_cells else 0.9
    number = segment.number
    if number:
        cost += 0.2 if number.value == state.sub + 1 else 2.0
        cost += 1.5 * (number.value == state.number + 1 and number.style == state.style and not sight.has_cells)
        cost += 3.0 * (number.style in _HEADING_STYLES)
    cost += 2.5 * sight.asks_for_text + 2.5 * sight.is_label + 1.0 * segment.after_gap + 1.0 * (sight.length > 40)
    cost += 0.7 * segment.body.rstrip().endswith(("：", ":", "？", "?"))
    return cost + 3.0 * bool(segment.first_option and segment.first_option.style == "letter" and not sight.has_cells)
