"""Whether the instruments of a wave mean the same by the same name."""

from collections.abc import Iterator, Sequence

from .messages import Message, message
from .model import Instrument, Scale


def disagreements(instruments: Sequence[Instrument]) -> Iterator[Message]:
    """Dimensions with one id and two labels, concepts with two scales; each with both files."""
    labels: dict[str, tuple[str, str]] = {}
    scales: dict[str, tuple[list[tuple[str, float, bool, str]], str]] = {}
    for instrument in instruments:
        for dimension in instrument.dimensions:
            label = dimension.label.in_language(instrument.reference_language)
            first_label, first_id = labels.setdefault(dimension.id, (label, instrument.id))
            if first_label != label:
                yield message(
                    "维度“{id}”在问卷 {first} 里是“{label}”，在 {second} 里是“{other}”；同一个 id 只能是同一个维度",
                    id=dimension.id, first=first_id, label=first_label, second=instrument.id, other=label,
                )  # fmt: skip
        for item in instrument.scored_items():
            if not item.concept:
                continue
            meaning = _meaning(item.scale, instrument.reference_language)
            first_meaning, first_id = scales.setdefault(item.concept, (meaning, instrument.id))
            if first_meaning != meaning:
                yield message(
                    "concept“{name}”在问卷 {first} 和 {second} 里用的量表不同，不能比较",
                    name=item.concept, first=first_id, second=instrument.id,
                )  # fmt: skip


def _meaning(scale: Scale, language: str) -> list[tuple[str, float, bool, str]]:
    return [(point.code, point.points, point.favourable, point.label.in_language(language)) for point in scale.points]
