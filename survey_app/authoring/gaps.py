"""The gaps of an instrument that a person can fill in one by one, and the instrument with what was typed."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
FIRST, LAST = "first", "last"
ENDS = ("low_end", "high_end")
GAP_KINDS = ("title", "label", "low_end", "high_end", "favourable_from", "end", "bands")
NUMBER_KINDS = (*ENDS, "favourable_from")


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is asked.

    ``kind``: title (in another language), label, low_end and high_end (what the ends of numbers mean), favourable_from,
    end (which end of a scale is good) or bands.
    """

    kind: str
    name: str
    shown: str


def gaps_of(content: Mapping[str, Any]) -> tuple[Gap, ...]:
    """Return what must be filled in besides id, version, title, audiences and categories."""
    return tuple(_gaps(content))


def _gaps(content: Mapping[str, Any]) -> Iterator[Gap]:
    title = content.get("title") or {}
    yield from (Gap("title", tag, tag) for tag in content.get("languages") or [] if title and not title.get(tag))
    for dimension in content.get("dimensions") or []:
        if dimension.get("label") is None:
            yield Gap("label", dimension["id"], "、".join(_words(item["text"]) for item in dimension["items"][:3]))
    for name, scale in (content.get("scales") or {}).items():
        yield from _scale_gaps(name, scale)
    for question in _closed_questions(content):
        if question.get("kind") == "number" and question.get("bands") is None:
            yield Gap("bands", question["id"], _words(question["text"]))


def _closed_questions(content: Mapping[str, Any]) -> list[Json]:
    return [*(content.get("background") or []), *(content.get("follow_up") or [])]


def _scale_gaps(name: str, scale: Mapping[str, Any]) -> Iterator[Gap]:
    if "from" not in scale:
        points = scale.get("points") or []
        if any("favourable" in point and point["favourable"] is None for point in points):
            yield Gap("end", name, "、".join(_words(point["label"]) for point in points))
        return
    for kind, number, label in zip(ENDS, (scale["from"], scale["to"]), scale.get("ends") or (None, None), strict=True):
        if label is None:
            yield Gap(kind, name, str(number))
    if scale.get("favourable_from") is None:
        yield Gap("favourable_from", name, f"{scale['from']}–{scale['to']}")


def _words(text: Mapping[str, str] | None) -> str:
    return next(iter((text or {}).values()), "")


def fill_gaps(content: Mapping[str, Any], typed: Mapping[str, str]) -> Json:
    """Return the instrument with what was typed, by ``kind.name``; what was left blank stays a gap."""
    out: Json = copy.deepcopy(dict(content))
    languages = out.get("languages") or ["zh"]
    titles = {tag: said for tag in languages if (said := typed.get(f"title.{tag}", "").strip())}
    if titles:
        out["title"] = (out.get("title") or {}) | titles
    for dimension in out.get("dimensions") or []:
        if label := typed.get(f"label.{dimension['id']}", "").strip():
            dimension["label"] = {languages[0]: label}
    for name, scale in (out.get("scales") or {}).items():
        if "from" in scale:
            _fill_numbers(scale, languages[0], {kind: typed.get(f"{kind}.{name}", "").strip() for kind in NUMBER_KINDS})
        elif end := typed.get(f"end.{name}", ""):
            _turn(scale, end)
    for question in _closed_questions(out):
        if bands := typed.get(f"bands.{question['id']}", "").replace("，", ",").replace("、", ","):
            question["bands"] = [int(word) for word in bands.split(",") if word.strip().isdecimal()] or None
    return out


def _fill_numbers(scale: Json, language: str, said: Mapping[str, str]) -> None:
    if said["favourable_from"].isdecimal():
        scale["favourable_from"] = int(said["favourable_from"])
    known = scale.get("ends") or [None, None]
    scale["ends"] = [{language: said[kind]} if said[kind] else old for kind, old in zip(ENDS, known, strict=True)]


def _turn(scale: Json, end: str) -> None:
    """Points that fall from the good end to the other; the better half is favourable."""
    points = scale["points"]
    last = len(points) - 1
    for place, point in enumerate(points):
        share = (last - place if end == FIRST else place) / max(last, 1)
        point["points"] = round(100 * share, 1) if (100 * share) % 1 else int(100 * share)
        if share > 0.5:
            point["favourable"] = True
        else:
            point.pop("favourable", None)
