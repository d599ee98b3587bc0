"""A hand-made table of answers with known careless-response signals, sent through the form."""

from survey_app.definition.form import form_for
from survey_app.definition.model import Item
from testing.district import District, Fields

CONDITIONS: Fields = {"lunch": "no", "after_school": "no", "boarding": "no"}
BALLOTS = (
    # (how many, seconds on the form, what is chosen throughout; None: at random, a number: the option in this place,
    # copy: the same answers every time)
    (5, 3, None), (4, 25, None), (2, 90, "1"), (3, 90, "2"), (6, 90, "copy"), (4, 90, None),
)  # fmt: skip


def items_of(district: District) -> list[Item]:
    return list(form_for(district.app.extensions["catalogue"].instrument("compulsory-parent"),
                         "parent").items())  # fmt: skip


def send(district: District, seconds: int, chosen: Fields, seed: int) -> None:
    link = district.link("parent")
    fields = district.answer(link, CONDITIONS | chosen, seed)
    district.clock.advance(seconds=seconds)
    assert district.client.post(f"/s/{link.slug}", data=fields).status_code == 303


def answered_carelessly(district: District) -> District:
    """The hand-made table: 24 parents of one school."""
    items = items_of(district)
    for kind, (count, seconds, what) in enumerate(BALLOTS):
        for number in range(count):
            place = int(what) - 1 if what and what.isdigit() else None
            chosen: Fields = {} if place is None else {item.id: item.scale.points[place].code for item in items}
            send(district, seconds, chosen, seed=999 if what == "copy" else 100 * kind + number)
    return district
