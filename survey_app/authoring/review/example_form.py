"""A questionnaire around an example: free of faults, but for what the example shows."""

from dataclasses import dataclass
from typing import Any

from survey_app.definition.audiences import AUDIENCES

from .rule import Example

_SCALES = {
    "satisfaction": (("非常满意", "Very satisfied"), ("满意", "Satisfied"), ("一般", "So-so"),
                     ("不满意", "Dissatisfied"),
                     ("非常不满意", "Very dissatisfied")),
    "agreement": (("完全同意", "Completely agree"), ("比较同意", "Mostly agree"), ("说不上", "Neither nor"),
                  ("不太同意", "Mostly disagree"), ("完全不同意", "Completely disagree")),
}  # fmt: skip
_PLAIN = (
    ("校门口的秩序", "Order at the gate"), ("教室的灯光", "The light in the classrooms"),
    ("操场的大小", "The size of the playground"), ("图书的数量", "The number of library books"),
    ("课间的长短", "The length of the breaks"), ("饮水的方便程度", "How easy it is to get drinking water"),
    ("校服的质量", "The quality of the uniform"), ("桌椅的高低", "The height of the desks"),
    ("午休的安排", "How the midday rest is organised"), ("班车的准时程度", "How punctual the buses are"),
    ("楼道的照明", "The light in the corridors"), ("黑板的清洁", "How the blackboards are kept"),
)  # fmt: skip
_OVERALL = ("总体来看的满意程度", "Overall satisfaction")
_INTRO = (
    "教育督导部门想了解大家的看法。问卷自愿、匿名填写，约需 2 分钟。",
    "The education supervision office is asking. The survey is voluntary and anonymous and takes about 2 minutes.",
)
_PRESSED = ("填写前是否有人要求怎样回答？", "Before this was filled in, did anybody tell you how to answer?")
_FACTS = {
    "班级": 4, "性别": 2, "家长学历": 4, "任教学科": 4, "教龄": 4,
}  # fmt: skip


def example_form(example: Example) -> dict[str, Any]:
    """The questionnaire as its file states it; what is judged has the id ``Q1``."""
    return _Form(example).content()


@dataclass(slots=True)
class _Form:
    example: Example

    @property
    def languages(self) -> list[str]:
        return ["zh", "en"] if self.example.text_en else [self.example.language]

    def say(self, pair: tuple[str, str]) -> dict[str, str]:
        return {tag: pair[tag == "en"] for tag in self.languages}

    def label(self, text: str) -> dict[str, str]:
        return dict.fromkeys(self.languages, text)

    def content(self) -> dict[str, Any]:
        example = self.example
        out: dict[str, Any] = {
            "format": "1", "id": "example", "version": "1", "languages": self.languages,
            "title": self.say(("学校", "School")), "audiences": [example.audience],
            "categories": ["primary"] if example.grade.isdecimal() and int(example.grade) < 7 else ["senior"],
            "intro": self.say(_INTRO),
        }  # fmt: skip
        if AUDIENCES[example.audience].is_minor:
            out["grades_from"] = {example.audience: example.grade}
        judged = {"zh": example.text, "en": example.text_en} if example.text_en else {example.language: example.text}
        if example.part in ("intro", "intro-alone"):
            alone = example.part == "intro-alone"
            out["intro"] = judged if alone else {tag: f"{out['intro'][tag]} {text}" for tag, text in judged.items()}
        return out | self.questions(judged if example.part not in ("intro", "intro-alone") and example.text else {})

    def questions(self, judged: dict[str, str]) -> dict[str, Any]:
        example = self.example
        items = [self.item("Q1", judged)] if judged and example.part == "item" else []
        items += [self.item(f"Q{n}", {example.language: text}) for n, text in enumerate(example.more, 2)]
        repeats = -(-example.items // len(_PLAIN))
        texts = [(f"{place}{zh}", f"{en}{place}") for place in ["", *map(str, range(1, repeats))] for zh, en in _PLAIN]
        items += [self.item(f"P{n}", self.say(pair)) for n, pair in enumerate(texts[: example.items], 1)]
        items = items or [self.item("P1", self.say(_PLAIN[0]))]
        background = [self.fact(n, name) for n, name in enumerate(example.background, 1)]
        comments = [{"id": f"C{n}", "text": self.say((f"建议{n}", f"Ideas {n}")), "max_length": "100"}
                    for n in range(1, example.comments + 1)]  # fmt: skip
        if judged and example.part == "closed":
            background.append(self.choice("Q1", judged, example.options))
        if judged and example.part == "open":
            comments.append({"id": "Q1", "text": judged, "max_length": "100"})
        if example.has_pressure_question:
            background.append(self.choice("pressed", self.say(_PRESSED), ("没有", "有"), private=True))
        out: dict[str, Any] = {"scales": self.scales(), "dimensions": [
            {"id": "D1", "label": self.say(("学校生活", "School life")), "items": items}]}  # fmt: skip
        if example.has_overall:
            out["overall"] = {"id": "OV", "text": self.say(_OVERALL), "scale": "usual"}
        if example.opposite_scale:
            items.append(self.item("P2", self.say(_PLAIN[1])) | {"scale": "opposite"})
        return out | {"background": background, "comments": comments}

    def item(self, name: str, text: dict[str, str]) -> dict[str, Any]:
        is_judged = name == "Q1" and self.example.options
        reverse = {"reverse": "true"} if name == "Q1" and self.example.reverse else {}
        scale = self.example.scale if name.startswith("Q") or self.example.items else "satisfaction"
        return {"id": name, "text": text, "scale": "judged" if is_judged else _name(scale)} | reverse

    def scales(self) -> dict[str, Any]:
        scales = {name: self.scale([self.say(pair) for pair in pairs], name) for name, pairs in _SCALES.items()}
        scales["usual"] = scales.pop("satisfaction")
        if self.example.opposite_scale:
            scales["opposite"] = {"points": scales["usual"]["points"][::-1]}
        if self.example.options and self.example.part == "item":
            scales["judged"] = self.scale([self.label(text) for text in self.example.options], "")
        return scales

    def scale(self, labels: list[dict[str, str]], name: str) -> dict[str, Any]:
        last = max(len(labels) - 1, 1)
        points = [
            {"code": str(len(labels) - n), "points": f"{100 * (last - n) / last:.4f}", "label": label,
             "favourable": "true" if n < max(len(labels) // 2, 1) else "false"}
            for n, label in enumerate(labels)
        ]  # fmt: skip
        other = {"code": "0", "label": self.say(("不了解", "Don't know"))}
        return {"points": points} | ({"not_applicable": other} if name else {})

    def choice(self, name: str, text: dict[str, str], labels: tuple[str, ...], private: bool = False) -> dict[str, Any]:
        options = [{"code": str(n), "label": self.label(label)} for n, label in enumerate(labels, 1)]
        is_private = private or not AUDIENCES[self.example.audience].may_be_asked_background
        return {"id": name, "kind": "choice", "text": text, "options": options} | (
            {"private": "true"} if is_private else {}
        )

    def fact(self, number: int, name: str) -> dict[str, Any]:
        text = self.label(name)
        if name == "年级":
            return {"id": "grade", "kind": "grade", "text": text}
        return self.choice(f"B{number}", text, tuple(f"{name}{n}" for n in range(_FACTS[name])))


def _name(scale: str) -> str:
    return "usual" if scale == "satisfaction" else scale
