"""Who should evaluate which school: always the same proposal, with its reason."""

from collections import Counter

from survey_app.assessment.cross_rating import PROPOSAL_REASONS, RaterScope, propose_raters

CODES = [f"{number:02}" for number in range(1, 11)]
EAST = RaterScope("东甲", frozenset(CODES[:5])), RaterScope("东乙", frozenset(CODES[:5]))
WEST = RaterScope("西甲", frozenset(CODES[5:])), RaterScope("西乙", frozenset(CODES[5:]))


def test_every_school_has_two_and_a_fifth_one_from_elsewhere() -> None:
    proposals = propose_raters(CODES, [*EAST, *WEST], {})
    assert proposals == propose_raters(CODES[::-1], [*EAST, *WEST][::-1], {}), "whatever the order they come in"
    assert all(len(set(one.raters)) == 2 for one in proposals)
    crossed = [one for one in proposals if one.reason == "crossed"]
    assert [one.school_code for one in crossed] == ["01", "06"]
    assert all(len(one.needs_grant) == 1 for one in crossed)
    assert all(one.needs_grant == () for one in proposals if one.reason == "own")
    load = Counter(name for one in proposals for name in one.raters)
    assert max(load.values()) - min(load.values()) <= 2, load


def test_a_conflict_is_kept_out_and_what_was_begun_stays() -> None:
    barred = RaterScope("东甲", frozenset(CODES[:5]), frozenset({"02"}))
    proposals = {one.school_code: one for one in propose_raters(CODES, [barred, EAST[1], *WEST], {"03": ["西乙"]})}
    assert "东甲" not in proposals["02"].raters
    assert proposals["02"].reason == "single"
    assert proposals["03"].raters[-1] == "西乙", "the one in charge first"
    assert proposals["03"].needs_grant == ("西乙",)


def test_too_few_inspectors_are_named_as_that() -> None:
    (alone,) = propose_raters(["01"], [EAST[0]], {})
    (nobody,) = propose_raters(["09"], [EAST[0]], {})
    assert (alone.raters, alone.reason) == (("东甲",), "alone")
    assert (nobody.raters, nobody.reason) == ((), "nobody")
    assert {alone.reason, nobody.reason} <= set(PROPOSAL_REASONS.ids())
