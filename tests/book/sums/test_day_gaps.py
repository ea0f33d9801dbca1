"""Why no day P&L is known: of few symbols by their names, of thousands how many they are."""

import pytest

from psf_monitor.book.book import Book
from psf_monitor.book.fills import Fills
from tests.support.records import GUN, Clock, position

WHY = "today's executions have not been listed"


def gaps_of(count: int) -> list[str]:
    """Return the strip's remark for a login with this many symbols, before its executions are listed."""
    clock = Clock()
    book = Book(clock)
    book.attach_fills(Fills(clock))
    book.accounts_named(GUN, ["U1240821"])
    book.positions_replaced(
        GUN, [position(f"S{number} PRA", 100, 19.0, con_id=1 + number) for number in range(count)]
    )
    return [sentence for sentence in book.strip(GUN).not_valued if "executions" in sentence]


@pytest.mark.parametrize("count", [1, 5])
def test_that_few_symbols_are_named(count: int) -> None:
    assert gaps_of(count) == [f"Day P&L: S{number} PRA: {WHY}" for number in range(count)]


@pytest.mark.parametrize(("count", "reported"), [(6, "6"), (1200, "1,200")])
def test_that_many_symbols_are_counted(count: int, reported: str) -> None:
    assert gaps_of(count) == [f"Day P&L: {reported} symbols: {WHY}"]
