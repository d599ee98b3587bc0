"""Codes for tests, issued as the office issues them."""

from survey_app.distribution.access_codes import issue, wave_key_name
from survey_app.frame.queries import wave_named
from testing.district import District


def issued(district: District, audience: str, count: int, school: str = "0101") -> list[str]:
    """The codes of a printing."""
    app = district.app
    with app.extensions["database"].committed() as session:
        wave = wave_named(session, district.wave)
        key = app.extensions["keys"].get(wave_key_name(wave.id))
        batches = issue(session, wave, school, audience, count, key, district.clock.at)
        return [code for batch in batches for code in batch.codes]
