"""Forms on paper into the tables, on both engines: many clicks at one moment store one."""

import random
from concurrent.futures import ThreadPoolExecutor

from survey_app.collection.paper_entry import find_paper_link, left_out, store_entry
from survey_app.definition.answers import read_answers
from survey_app.foundation.clock import local_date
from testing.district import District
from testing.forms import fill_in


def test_many_clicks_at_one_moment_store_one_form(district: District) -> None:
    app, now = district.app, district.clock.at
    database, categories = app.extensions["database"], app.extensions["categories"]
    with database.read_session() as db:
        link = find_paper_link(db, 1, "0101", "parent", categories, now)
        assert find_paper_link(db, 1, "0101", "nobody", categories, now) is None
    assert link is not None
    fields = fill_in(district.client.get(f"/s/{link.slug}").text, random.Random(1), "好")
    typed = {name: [str(value)] for name, value in fields.items() if not name.startswith("_")}
    answers, problems = read_answers(link.form, typed, link.grades)
    assert problems == []

    def click(_number: int) -> bool:
        with database.write_session() as db:
            return store_entry(db, link, answers, b"h" * 16, now, local_date(now))

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(click, range(6))) == [False] * 5 + [True]
    assert district.count("response WHERE response_speed = 'p'") == 1
    assert district.count("submission_receipt") == 1
    assert district.count("comment") == len(answers.comments)


def test_answers_that_the_others_skip_are_named(district: District) -> None:
    with district.app.extensions["database"].read_session() as db:
        link = find_paper_link(db, 1, "0101", "parent", district.app.extensions["categories"], district.clock.at)
    assert link is not None
    typed = {"lunch": ["no"], "S4": ["5"], "T1": ["5"]}
    answers, _problems = read_answers(link.form, typed, link.grades, enforce_required=False)
    assert left_out(typed, answers) == ("S4",)
