"""A book that is watched."""

import pytest

from tests.alerts.watched_book import WatchedBook


@pytest.fixture
def watched() -> WatchedBook:
    return WatchedBook()
