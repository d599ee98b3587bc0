"""A clerk before an empty system, and one with an open wave."""

import pytest
from flask import Flask

from survey_app.foundation.clock import ManualClock
from testing.console import Clerk
from testing.district import District


@pytest.fixture
def clerk(own_app: Flask, clock: ManualClock) -> Clerk:
    return Clerk(District(own_app, clock))


@pytest.fixture
def running(own_app: Flask, clock: ManualClock) -> Clerk:
    """Two schools, parents with slips, pupils with class codes, teachers with an open link."""
    return Clerk(District(own_app, clock).opened(access={"parent": "code", "student": "class"}))
