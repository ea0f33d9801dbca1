"""What a share's window says of its day."""

from dataclasses import replace
from typing import Any

from msgspec import structs

from psf_monitor import formatting
from psf_monitor.book.rows import ClosedToday, QuoteState
from psf_monitor.domain.day_pnl import DayTraded, OpenQuantity, OpenSource
from psf_monitor.domain.depth import DepthReport, DepthState
from psf_monitor.domain.fills.fill import Fill
from psf_monitor.domain.position import PositionKey
from psf_monitor.ui.symbol.share_text import day_sentences, fill_total, header_figures, holdings, order_rows
from psf_monitor.ui.symbol.share_view import ShareReader, ShareView, band_of, status_of
from tests.support.fill_records import fill as executed
from tests.support.records import PED, order, position
from tests.ui.window import HAMMER, WindowUnderTest, fill

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
    quote_state=QuoteState.LIVE,
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
    shorter = day_sentences(replace(held, positions=(), closed=(CLOSED,)), hides=False, in_short=True)
    assert shorter == ["Day P&L +10, closed today", "Day P&L: the evening before is not known"]
    first, basis = day_sentences(replace(held, closed=(CLOSED,)), hides=False)
    assert (first.endswith(", and +10 closed today"), basis) == (True, BASIS)


def test_that_a_closed_share_whose_day_pnl_is_unknown_says_why(ui: WindowUnderTest) -> None:
    fill(ui)
    assert ui.window.symbol_windows.open_named("CIM PRB")
    (window,) = ui.window.symbol_windows.windows
    view = ShareReader(ui.window.context.sources, window.share).read()
    unknown = structs.replace(CLOSED, day_pnl=None, why="it has no price")
    for positions in ((), view.positions):
        (why,) = day_sentences(replace(view, positions=positions, closed=(unknown,)), hides=False)
        assert why == "Day P&L is not known: it has no price"


def test_that_no_sum_of_executions_leaves_out_what_is_not_reported(ui: WindowUnderTest) -> None:
    fill(ui)
    assert ui.window.symbol_windows.open_named("CIM PRB")
    (window,) = ui.window.symbol_windows.windows
    view = ShareReader(ui.window.context.sources, window.share).read()
    known = executed("1", quantity=100, commission=1.0, realized_pnl=5.0)

    def sums(*others: Fill) -> list[str]:
        total = fill_total(replace(view, fills=(known, *others)), hides=False)
        return [total[place].text for place in (3, 5, 6)]

    opening = executed("2", quantity=50, commission=0.5)
    assert sums(opening) == ["+150", "1.50", "+5.00"]
    assert sums(executed("2", quantity=50)) == ["+150", formatting.DASH, formatting.DASH]
    assert sums(replace(opening, commission_currency="EUR")) == ["+150", formatting.DASH, formatting.DASH]
    for lacking in (replace(opening, quantity=None), replace(opening, side="")):
        assert sums(lacking) == [formatting.DASH, "1.50", "+5.00"]


def test_that_hammers_account_has_the_name_that_it_has_in_the_tables(ui: WindowUnderTest) -> None:
    fill(ui)
    assert ui.window.symbol_windows.open_named("CIM PRB")
    (window,) = ui.window.symbol_windows.windows
    ui.book.accounts_named(HAMMER, ["ALARIC:TOPI000000A1"])
    account: Any = {"mode": HAMMER, "account": "ALARIC:TOPI000000A1"}
    ui.book.positions_replaced(HAMMER, [position("CIM PRB", 400, 24.1, **account)])
    ui.book.orders_replaced(HAMMER, [order("CIM PRB", hammer_id="70001", **account)])
    ui.wait()
    view = ShareReader(ui.window.context.sources, window.share).read()
    named = [styled.text for styled in holdings(view, hides=False)]
    rows = order_rows(view, hides=False)
    assert "HAM" in named
    assert "HAM" in [row[0].text for row in rows]
    assert "HAM" in [average.login for average in view.lines.averages]
    assert "HAMMER" not in {*named, *(row[0].text for row in rows)}


def test_that_what_is_made_of_frozen_prices_is_old_and_what_a_broker_holds_is_not(
    ui: WindowUnderTest,
) -> None:
    fill(ui)
    assert ui.window.symbol_windows.open_named("CIM PRB")
    (window,) = ui.window.symbol_windows.windows
    reader = ShareReader(ui.window.context.sources, window.share)

    def old_of(view: ShareView) -> tuple[set[str], list[str]]:
        quote = {each.caption for each in header_figures(view) if each.text.is_old}
        return quote, [styled.text for styled in holdings(view, hides=False) if styled.is_old]

    assert old_of(reader.read()) == (set(), [])
    ui.lose_hammer()
    ui.wait()
    view = reader.read()
    quote, held = old_of(view)
    assert quote == {"Bid sz", "Bid", "Ask", "Ask sz", "Spread", "Last", "Chg"}
    struck = {each.caption for each in header_figures(view) if each.text.is_old and each.text.is_price}
    assert struck == {"Bid", "Ask", "Last"}
    assert len(held) == len(view.positions) + (2 if len(view.positions) > 1 else 1), "its sum and the day"
    assert all(text[0] in "+−—" for text in held)
    asking = DepthReport(DepthState.ASKING)
    assert band_of(asking, view.now, is_old=view.is_old, is_other=False) == "DEPTH · FROZEN"
    assert status_of(replace(view, report=asking)) == "The depth comes as soon as HAMMER sends again."
