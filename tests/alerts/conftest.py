"""A book that is watched."""

import pytest

from tests.alerts.watched_book import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()
