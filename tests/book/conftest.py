"""A book over a clock that stands still."""

import pytest

from psf_monitor.book.book import Book
from tests.support.records import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def book(clock: Clock) -> Book:
    return Book(clock)
