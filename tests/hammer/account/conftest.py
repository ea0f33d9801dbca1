"""Hammer Pro with an account of its own, and a book that it is shown in."""

import pytest

from psf_monitor.book.book import Book
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from tests.hammer.account.hammer_account import adapter_of
from tests.hammer.passing_time import WatchedClock
from tests.hammer.running_adapter import IMPATIENT


@pytest.fixture
def hammer(hammer_with_account: SimHammer) -> SimHammer:
    return hammer_with_account


@pytest.fixture
def book(market: Market) -> Book:
    return Book(market.clock)


@pytest.fixture
def adapter(hammer: SimHammer, book: Book, clock: WatchedClock) -> HammerAdapter:
    return adapter_of(hammer, book, clock)


@pytest.fixture
def impatient(hammer: SimHammer, book: Book, clock: WatchedClock) -> HammerAdapter:
    """An adapter that soon reports missing data."""
    return adapter_of(hammer, book, clock, timing=IMPATIENT)
