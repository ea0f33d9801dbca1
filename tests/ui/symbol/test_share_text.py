"""What a share's window says of its day."""

from dataclasses import replace

from psf_monitor.book.rows import ClosedToday
from psf_monitor.domain.day_pnl import DayTraded, OpenQuantity, OpenSource
from psf_monitor.domain.position import PositionKey
from psf_monitor.ui.symbol.share_text import day_sentences
from psf_monitor.ui.symbol.share_view import ShareReader
from tests.records import PED
from tests.ui.window import WindowUnderTest, fill

BASIS = "as if nothing was traded on the evening before: that is not known."
CLOSED = ClosedToday(
    key=PositionKey("U7654037", 700000001, ""),
    mode=PED,
    account="U7654037",
    symbol="CIM PRB",
    currency="USD",
    opening=OpenQuantity(100, OpenSource.EXECUTIONS),
    traded=DayTraded(1, -100, -2460),
    prev_close=24.5,
    day_pnl=10.0,
    why="",
    basis=BASIS,
)


def test_that_the_window_of_a_closed_share_shows_what_it_earned_and_assumes(ui: WindowUnderTest) -> None:
    fill(ui)
    assert ui.window.symbol_windows.open_named("CIM PRB")
    (window,) = ui.window.symbol_windows.windows
    held = ShareReader(ui.window.context.sources, window.share).read()
    assert day_sentences(replace(held, positions=(), closed=(CLOSED,)), hides=False) == [
        "Day P&L +10, closed today",
        BASIS,
    ]
    first, basis = day_sentences(replace(held, closed=(CLOSED,)), hides=False)
    assert (first.endswith(", and +10 closed today"), basis) == (True, BASIS)
