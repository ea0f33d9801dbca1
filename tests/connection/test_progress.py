"""How far a connection has come, and the one text of it."""

from datetime import UTC, datetime

from psf_monitor.connection.progress import NO_PROGRESS, Progress


def test_that_nothing_known_is_no_text() -> None:
    assert str(NO_PROGRESS) == ""


def test_that_symbols_are_counted_and_a_closed_market_stands_before_them() -> None:
    assert str(Progress(quoted=3, symbols=4)) == "3/4 symbols"
    closed = Progress(quoted=0, symbols=4, is_market_closed=True)
    assert str(closed) == "market closed · 0/4 symbols"
    assert closed.parts == ("0/4 symbols",)


def test_that_kinds_that_have_come_are_counted() -> None:
    assert str(Progress(loaded=(("positions", 12), ("orders", None)))) == "positions 12, orders"
    assert str(Progress(unanswered=("orders", "executions"))) == "no answer yet: orders, executions"


def test_that_the_last_message_is_reported_in_new_york_time() -> None:
    assert str(Progress(last_at=datetime(2026, 9, 18, 18, 31, 7, tzinfo=UTC))) == "last 14:31:07"
