"""What every day and the week are watched by."""

import logging
from collections.abc import Iterator

import pytest

from tests.endurance.day.window_day import UnexpectedWarnings


@pytest.fixture
def logged() -> Iterator[UnexpectedWarnings]:
    """The warnings that such a day does not have to have."""
    handler = UnexpectedWarnings()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)
