"""The alerts over a real book: fired once, never on an old figure, and kept over restarts."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from psf_monitor.alerts.store import AlertStore
from psf_monitor.alerts.watch import AlertWatch
from psf_monitor.book.book import Book
from psf_monitor.book.fills import Fills
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.alerts.alert import Alert, AlertKind, Direction
from psf_monitor.domain.fills.trade_date import SHARES
from psf_monitor.domain.quote import Quote
from tests.alerts.watched_book import CIM, NOTHING, PRICE, WatchedBook
from tests.support.fill_records import fill as an_execution
from tests.support.records import GUN, Clock, instrument, order, position
from tests.ui.window import HAMMER, quote


def test_that_a_price_is_reported_at_the_figure_that_was_seen(watched: WatchedBook) -> None:
    watched.alerts.add(PRICE)
    for last in (24.4, 24.49, 24.53, 24.6):
        watched.price(last)
    (fired,) = watched.fired
    assert (fired.text, fired.seen) == ("CIM PRB last crossed 24.50 upward, seen 24.53", 24.53)


def test_that_no_old_late_or_unknown_price_fires_an_alert(watched: WatchedBook) -> None:
    watched.alerts.add(PRICE)
    watched.price(24.4)
    watched.book.quotes_frozen(watched.clock())
    watched.price(24.6, stale_since=watched.clock())
    watched.price(24.6, late_s=90.0)
    watched.book.quotes_live()
    watched.price(24.6, late_s=90.0)
    watched.price(None)
    watched.book.quotes_changed({CIM: Quote()})
    watched.alerts.check()
    assert watched.fired == []
    state = watched.alerts.state(watched.alerts.alerts[0])
    assert (state.now, state.waits_for) == (None, "no quote yet")
    watched.price(24.55)
    assert len(watched.fired) == 1


def test_that_no_alert_compares_the_figures_of_another_companys_share(watched: WatchedBook) -> None:
    abroad: dict[str, Any] = {"con_id": 9, "exchange": "LSEETF"}
    watched.book.positions_replaced(GUN, [position(CIM, 3000, 23.0), position("STAN", **abroad)])
    watched.book.orders_replaced(GUN, [replace(order(), instrument=instrument("STAN", **abroad))])
    watched.alerts.add(Alert(0, AlertKind.PRICE, "STAN", "last", Direction.DOWN, 24.5))
    watched.alerts.add(Alert(0, AlertKind.SIZE, "STAN", "", Direction.DOWN, 300))
    watched.alerts.add(Alert(0, AlertKind.QUIET, "STAN", figure=15))
    for last, size in ((24.6, 900.0), (24.4, 250.0)):
        watched.price(last, "STAN", bid=24.5, bid_size=size)
        watched.alerts.check()
    watched.clock.advance(15 * 60)
    watched.alerts.check()
    assert watched.texts == []
    states = [watched.alerts.state(alert) for alert in watched.alerts.alerts[:2]]
    why = "HAMMER's share of that name may be another one"
    assert [(state.now, state.waits_for) for state in states] == [(None, why)] * 2


def test_that_a_level_crossed_in_a_gap_is_reported_once_by_the_first_price_after_it(
    watched: WatchedBook,
) -> None:
    watched.alerts.add(PRICE)
    watched.price(24.4)
    watched.book.quotes_frozen(watched.clock())
    watched.book.quotes_live()
    for last in (24.6, 24.7, 24.6):
        watched.price(last)
    assert len(watched.fired) == 1


def test_that_nothing_is_reported_twice_over_a_restart(tmp_path: Path) -> None:
    watched = WatchedBook(tmp_path / "alerts.json")
    alert = watched.alerts.add(PRICE)
    watched.price(24.4)
    watched.price(24.6)
    watched.alerts.check()
    watched.start()
    watched.price(24.4)
    watched.price(24.6)
    assert len(watched.fired) == 1
    assert [each.alert_id for each in watched.alerts.fired] == [alert.alert_id]
    state = watched.alerts.state(watched.alerts.alerts[0])
    assert (state.is_armed, state.fired and state.fired.seen) == (False, 24.6)


def test_that_a_crossing_while_it_was_closed_is_reported_at_the_next_start(tmp_path: Path) -> None:
    watched = WatchedBook(tmp_path / "alerts.json")
    watched.alerts.add(PRICE)
    watched.price(24.4)
    watched.alerts.check()
    watched.start()
    watched.price(24.6)
    assert len(watched.fired) == 1


def test_that_a_share_that_nobody_holds_is_priced_for_its_alert(watched: WatchedBook) -> None:
    alert = watched.alerts.add(Alert(0, AlertKind.PRICE, "NLY PRF", "bid", Direction.DOWN, 25.0))
    assert "NLY PRF" in watched.book.wanted_symbols
    watched.price(25.3, "NLY PRF", bid=25.2)
    watched.price(25.1, "NLY PRF", bid=24.9)
    assert watched.texts == ["NLY PRF bid crossed 25.00 downward, seen 24.90"]
    watched.alerts.remove(alert.alert_id)
    assert watched.book.wanted_symbols == {CIM}
    watched.book.positions_replaced(GUN, [])
    assert watched.book.wanted_symbols == set()


def test_that_orders_report_what_happens_to_them_once(watched: WatchedBook) -> None:
    for what in ("filled", "part filled", "cancelled", "rejected"):
        watched.alerts.add(Alert(0, AlertKind.ORDER, what=what, is_again=True))
    working = order(CIM, limit_price=24.5)
    watched.book.orders_replaced(GUN, [working, order("MS PRK", perm_id=9002), order("GS PRA", perm_id=9003)])
    watched.alerts.check()
    watched.book.order_changed(GUN, order(CIM, filled=200, average_fill_price=24.5))
    watched.alerts.check()
    watched.book.order_changed(GUN, order("MS PRK", perm_id=9002, status="Cancelled"))
    watched.book.order_changed(GUN, order("GS PRA", perm_id=9003, status="Inactive"))
    watched.alerts.check()
    watched.book.order_changed(GUN, order(CIM, filled=500, status="Filled", average_fill_price=24.5))
    watched.alerts.check()
    watched.alerts.check()
    assert watched.texts == [
        "GUN BUY CIM PRB part filled: 200 of 500 at 24.50",
        "GUN BUY MS PRK cancelled: 0 of 500",
        "GUN BUY GS PRA rejected: 0 of 500",
        "GUN BUY CIM PRB filled: 500 of 500 at 24.50",
    ]
    assert "500" not in watched.fired[-1].masked


def test_that_orders_that_existed_before_are_not_announced(watched: WatchedBook) -> None:
    watched.alerts.add(Alert(0, AlertKind.ORDER, what="filled", is_again=True))
    watched.start([order(CIM, filled=500, status="Filled")])
    watched.alerts.add(Alert(0, AlertKind.ORDER, what="filled", is_again=True))
    watched.alerts.check()
    assert watched.fired == []


def test_that_no_old_list_of_orders_fires_an_alert(watched: WatchedBook) -> None:
    watched.alerts.add(Alert(0, AlertKind.ORDER, what="filled", is_again=True))
    watched.book.orders_replaced(GUN, [order(CIM)])
    watched.alerts.check()
    watched.book.account_lost(GUN, watched.clock())
    watched.book.order_changed(GUN, order(CIM, filled=500, status="Filled"))
    watched.alerts.check()
    assert watched.fired == []
    watched.book.orders_replaced(GUN, [order(CIM, filled=500, status="Filled")])
    watched.alerts.check()
    assert len(watched.fired) == 1


@pytest.mark.parametrize("name", [CIM, "CIMBQ"])
def test_that_a_renamed_share_is_reported_of_by_either_name(watched: WatchedBook, name: str) -> None:
    watched.book.positions_replaced(GUN, [position("CIMBQ", 1000, 25.0, con_id=104)])
    old_name = instrument(CIM, con_id=104)
    watched.book.orders_replaced(GUN, [replace(order(limit_price=24.5), instrument=old_name)])
    watched.alerts.add(Alert(0, AlertKind.ORDER, name, "part filled"))
    watched.alerts.add(Alert(0, AlertKind.SIZE, name, "", Direction.DOWN, 300))
    watched.alerts.add(Alert(0, AlertKind.PNL, name, "unrealized", Direction.DOWN, -450))
    watched.alerts.add(Alert(0, AlertKind.NEAR_FILL, name, "begins"))
    for last, ask, size in ((24.6, 24.7, 900.0), (24.51, 24.53, 250.0)):
        watched.book.quotes_changed({"CIMBQ": quote(watched.clock, 24.5, ask, last, bid_size=size)})
        watched.alerts.check()
    watched.book.order_changed(GUN, replace(order(filled=100), instrument=old_name))
    watched.alerts.check()
    assert [text.removeprefix("GUN ") for text in watched.texts] == [
        f"{name} size at my price crossed 300 downward, seen 250",
        f"{name} unrealized P&L crossed −450 downward, seen −490",
        "BUY CIM PRB near fill begins",
        "BUY CIM PRB part filled: 100 of 500",
    ]


@pytest.mark.parametrize("set_back_s", [0, 3600])
def test_that_an_order_that_fills_at_once_is_reported_by_its_execution_alone(
    watched: WatchedBook, set_back_s: float
) -> None:
    watched.alerts.add(Alert(0, AlertKind.ORDER, what="filled", is_again=True))
    watched.alerts.check()
    watched.fills.fills_reported(GUN, [an_execution("1.1", perm_id=77), an_execution("1.2", perm_id=77)])
    watched.fills.fills_reported(
        GUN, [an_execution("1.0", perm_id=5, at=watched.clock() - timedelta(hours=1))]
    )
    for seconds in (-set_back_s, 6, 0):
        watched.alerts.check()
        watched.clock.advance(seconds)
    watched.alerts.check()
    assert watched.texts == ["GUN BUY CIM PRB filled: 100 at 24.50"]


def test_that_an_execution_of_another_contract_than_the_orders_is_reported_by_itself(
    watched: WatchedBook,
) -> None:
    watched.alerts.add(Alert(0, AlertKind.ORDER, what="filled", is_again=True))
    watched.book.orders_replaced(GUN, [order(CIM, perm_id=77)])
    watched.alerts.check()
    both = [an_execution("1.1", perm_id=77), an_execution("1.2", "GS PRA", perm_id=77)]
    watched.fills.fills_reported(GUN, both)
    watched.alerts.check()
    watched.clock.advance(6)
    watched.alerts.check()
    assert watched.texts == ["GUN BUY GS PRA filled: 100 at 24.50"]


def test_that_near_fill_begins_and_ends_and_freezing_is_no_end(watched: WatchedBook) -> None:
    for what in ("begins", "ends"):
        watched.alerts.add(Alert(0, AlertKind.NEAR_FILL, what=what, is_again=True))
    watched.book.orders_replaced(GUN, [order(CIM, limit_price=24.5)])
    for ask in (24.7, 24.53):
        watched.book.quotes_changed({CIM: quote(watched.clock, 24.4, ask)})
        watched.alerts.check()
    watched.book.quotes_frozen(watched.clock())
    watched.alerts.check()
    watched.book.quotes_live()
    watched.alerts.check()
    watched.book.quotes_changed({CIM: quote(watched.clock, 24.8, 24.7)})
    watched.alerts.check()
    assert watched.texts == ["GUN BUY CIM PRB near fill begins"]
    watched.book.quotes_changed({CIM: quote(watched.clock, 24.4, 24.7)})
    watched.alerts.check()
    assert watched.texts[1:] == ["GUN BUY CIM PRB near fill ends"]


def test_that_the_size_at_my_price_is_compared_while_it_is_known(watched: WatchedBook) -> None:
    watched.alerts.add(Alert(0, AlertKind.SIZE, CIM, "", Direction.DOWN, 300))
    watched.book.orders_replaced(GUN, [order(CIM, limit_price=24.5)])
    for bid, size in ((24.5, 900.0), (24.4, 100.0), (24.5, 250.0)):
        watched.price(24.55, bid=bid, bid_size=size)
        watched.alerts.check()
    assert watched.texts == ["CIM PRB size at my price crossed 300 downward, seen 250"]


def test_that_pnl_is_compared_only_while_all_of_it_is_known_and_current(watched: WatchedBook) -> None:
    watched.alerts.add(
        Alert(0, AlertKind.PNL, what="unrealized", direction=Direction.DOWN, figure=-1000, mode=GUN)
    )
    watched.book.positions_replaced(GUN, [position(CIM, 1000, 24.5), position("MS PRK", 1000, 24.0)])
    watched.price(24.4)
    watched.alerts.check()
    assert watched.alerts.state(watched.alerts.alerts[0]).now is None
    watched.price(24.4, "MS PRK")
    watched.alerts.check()
    watched.book.account_lost(GUN, watched.clock())
    watched.book.quotes_changed({CIM: quote(watched.clock, 22.0, 22.1, 22.0)})
    watched.alerts.check()
    assert watched.fired == []
    watched.book.positions_replaced(GUN, [position(CIM, 1000, 24.5), position("MS PRK", 1000, 24.0)])
    watched.alerts.check()
    assert watched.texts == ["GUN unrealized P&L crossed −1,000 downward, seen −2,100"]
    assert "2,100" not in watched.fired[0].masked


@pytest.mark.parametrize("symbol", ["", CIM])
def test_that_a_day_pnl_names_what_it_assumes_when_it_fires(watched: WatchedBook, symbol: str) -> None:
    basis = "as if nothing was traded on the evening before: that is not known."
    watched.book.trades_unknown(GUN, "", {SHARES: basis})
    for what in ("day", "unrealized"):
        watched.alerts.add(Alert(0, AlertKind.PNL, symbol, what, Direction.UP, 100, mode=GUN))
    for last in (22.0, 24.4):
        watched.price(last, prev_close=24.0, bid=last)
        watched.alerts.check()
    day, unrealized = map(watched.alerts.state, watched.alerts.alerts)
    assert (day.rests_on, unrealized.rests_on) == (basis, "")
    assert [basis[:-1] in text for text in watched.texts] == [True, False]


def test_that_a_share_that_hammer_does_not_know_stops_no_pnl(watched: WatchedBook) -> None:
    alert = watched.alerts.add(Alert(0, AlertKind.PNL, what="unrealized", figure=500, mode=GUN))
    watched.book.positions_replaced(GUN, [position(CIM, 1000, 24.0), position("TWO PRB", 1000, 24.0)])
    watched.price(24.4)
    assert watched.alerts.state(alert).waits_for == "a part of it is not known"
    watched.book.symbols_refused(frozenset({"TWO PRB"}))
    assert (
        watched.alerts.state(alert).now == watched.book.totals((GUN,)).unrealized_pnl == pytest.approx(400.0)
    )


def test_that_a_line_lost_is_reported_once_and_not_when_the_trader_disconnects(watched: WatchedBook) -> None:
    watched.alerts.add(Alert(0, AlertKind.LINK, is_again=True))
    link = watched.links[HAMMER]
    steps: list[tuple[LinkState, dict[str, Any]]] = [
        (LinkState.CONNECTING, {}),
        (LinkState.READY, {"up_since": watched.clock()}),
        (LinkState.RECONNECTING, {"lost_at": watched.clock(), "problem": NOTHING}),
        (LinkState.CONNECTING, {"lost_at": watched.clock()}),
        (LinkState.RECONNECTING, {"lost_at": watched.clock(), "problem": NOTHING}),
        (LinkState.READY, {"up_since": watched.clock()}),
        (LinkState.IDLE, {}),
        (LinkState.FAILED, {"problem": NOTHING}),
    ]
    for state, details in steps:
        link.be(state, **details)
        watched.alerts.check()
    assert watched.texts == ["HAMMER lost: Gone"]


def test_that_an_alert_that_is_off_reports_nothing_and_starts_anew(watched: WatchedBook) -> None:
    alert = watched.alerts.add(PRICE)
    watched.price(24.4)
    watched.alerts.switch(alert.alert_id, is_on=False)
    watched.price(24.6)
    watched.alerts.switch(alert.alert_id, is_on=True)
    watched.price(24.7)
    assert watched.fired == []


def test_that_a_filled_order_is_reported_before_anything_is_set() -> None:
    clock = Clock()
    watch = AlertWatch(Book(clock), Fills(clock), {}, clock, AlertStore(None))
    (alert,) = watch.alerts
    assert (alert.kind, alert.what, alert.is_again, alert.sound) == (AlertKind.ORDER, "filled", True, "chime")


def test_that_an_alert_that_could_never_fire_is_refused(watched: WatchedBook) -> None:
    with pytest.raises(ValueError, match="Give a figure"):
        watched.alerts.add(Alert(0, AlertKind.PRICE, CIM, "last"))


def test_that_a_check_is_due_after_news_but_not_after_prices_or_time_alone(watched: WatchedBook) -> None:
    watched.alerts.check()
    due: list[str] = []
    watched.alerts.when_due(lambda: due.append("news"))
    watched.price(24.4)
    assert (due, watched.alerts.is_due_by_time) == ([], False)
    watched.book.orders_replaced(GUN, [order()])
    assert due.pop() == "news"
    due.clear()
    watched.links[HAMMER].report(LinkState.CONNECTING)
    assert due == ["news"]


def test_that_rows_that_time_alone_changes_are_recalculated_without_news(watched: WatchedBook) -> None:
    due: list[str] = []
    watched.alerts.when_due(lambda: due.append("news"))
    alert = watched.alerts.add(Alert(0, AlertKind.QUIET, CIM, figure=5.0))
    assert due
    watched.alerts.check()
    assert watched.alerts.is_due_by_time
    watched.alerts.switch(alert.alert_id, is_on=False)
    watched.alerts.check()
    assert not watched.alerts.is_due_by_time


def test_that_the_first_price_counts_that_came_before_hammer_was_ready(watched: WatchedBook) -> None:
    watched.alerts.add(PRICE)
    watched.book.quotes_dropped()
    watched.price(24.4)
    watched.book.quotes_live()
    watched.price(24.6)
    assert len(watched.fired) == 1


def test_that_the_states_of_orders_that_are_gone_are_not_kept(tmp_path: Path) -> None:
    watched = WatchedBook(tmp_path / "alerts.json")
    watched.alerts.add(Alert(0, AlertKind.NEAR_FILL, what="begins", is_again=True))
    watched.price(24.55)
    for number in range(9000, 9005):
        watched.book.orders_replaced(GUN, [order(CIM, perm_id=number, limit_price=24.5)])
        watched.clock.advance(60)
        watched.alerts.check()
    kept, _ = AlertStore(watched.path).load()
    assert kept is not None
    assert [len(of) for of in kept.watches.values()] == [1]
