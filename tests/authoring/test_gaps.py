"""What an import asks of a person, one thing at a time, and the instrument with the answers."""

from survey_app.authoring.draft_instrument import draft_instruments
from survey_app.authoring.gaps import fill_gaps, gaps_of
from survey_app.authoring.text.reader import read_text

TEXT = """问卷（家长）
1. 老师与您联系吗？
A. 经常 B. 有时 C. 很少 D. 从不
2. 请打分（1-10分）：____
3. 每天写作业的时间：____分钟
"""


def test_every_gap_can_be_filled_in() -> None:
    (instrument,) = draft_instruments(read_text(TEXT), "a")
    content = instrument.content
    gaps = {f"{gap.kind}.{gap.name}": gap.shown for gap in gaps_of(content)}
    assert gaps == {
        "label.D1": "老师与您联系吗？、请打分", "end.frequency4": "经常、有时、很少、从不",
        "low_end.number10": "1", "high_end.number10": "10", "favourable_from.number10": "1–10",
        "bands.Q3": "每天写作业的时间",
    }  # fmt: skip
    typed = {
        "label.D1": "沟通", "end.frequency4": "first", "favourable_from.number10": "8", "bands.Q3": "0，30, 60",
        "low_end.number10": "差", "high_end.number10": "好", "version": "1", "label.D9": "x",
    }  # fmt: skip
    filled = fill_gaps(content, typed)
    assert gaps_of(filled) == ()
    assert filled["dimensions"][0]["label"] == {"zh": "沟通"}
    points = filled["scales"]["frequency4"]["points"]
    assert [point.get("favourable", False) for point in points] == [True, True, False, False]
    assert filled["background"][0]["bands"] == [0, 30, 60]
    assert fill_gaps(content, {"end.number10": "first"})["scales"]["number10"]["from"] == 1, "no end of numbers to turn"
    assert filled["scales"]["number10"]["ends"] == [{"zh": "差"}, {"zh": "好"}]
    bilingual = content | {"languages": ["zh", "en"]}
    assert (gaps_of(bilingual)[0].kind, gaps_of(bilingual)[0].name) == ("title", "en")
    assert fill_gaps(bilingual, {"title.en": "Form"})["title"] == {**content["title"], "en": "Form"}
    turned = fill_gaps(content, {"end.frequency4": "last"})["scales"]["frequency4"]["points"]
    assert [point["points"] for point in turned] == [0, 33.3, 66.7, 100]
    assert gaps_of(fill_gaps(content, {})) == gaps_of(content), "what is blank stays a gap"
