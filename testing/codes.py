"""Codes for tests, issued as the office issues them."""

from survey_app.distribution.access_codes import create_codes, wave_key_name
from survey_app.frame.queries import wave_by_name
from testing.district import District


def issued(district: District, audience: str, count: int, school: str = "0101") -> list[str]:
    """The codes of a printing."""
    app = district.app
    with app.extensions["database"].write_session() as session:
        wave = wave_by_name(session, district.wave)
        key = app.extensions["keys"].read(wave_key_name(wave.id))
        categories = app.extensions["categories"]
        batches = create_codes(session, wave, school, audience, count, key, district.clock.at, categories)
        return [code for batch in batches for code in batch.codes]
