"""The executions of Hammer Pro's own account, sent singly or as a whole order, each counted once."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from psf_monitor.book.book import Book
from psf_monitor.book.fills import Fills
from psf_monitor.connection.backoff import Backoff
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.fill_totals import totals
from psf_monitor.hammer.account import records
from psf_monitor.hammer.account.fields import entry_of
from psf_monitor.hammer.account.transactions import ReportedFill, transaction_of
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.hammer.sink import HammerSinks
from psf_monitor.hammer.timing import HammerTiming
from psf_monitor.settings import HammerProfile
from psf_monitor.sim.hammer.account import OwnAccount
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from tests.conftest import named_in_failure
from tests.hammer.running_adapter import IMPATIENT, QUICK, connected
from tests.support.waiting import until

MODE = AccountMode.HAMMER_PRO
NUMBER = "TOPI000000A1"
AT = datetime(2026, 9, 18, 18, 0, tzinfo=UTC)


@pytest.fixture
def hammer(hammer_with_account: SimHammer) -> SimHammer:
    return hammer_with_account


@pytest.fixture
def fills(market: Market) -> Fills:
    return Fills(market.clock)


@pytest.fixture
def adapter(hammer: SimHammer, market: Market, fills: Fills) -> HammerAdapter:
    return adapter_with(hammer, market, fills, QUICK)


@pytest.fixture
def impatient(hammer: SimHammer, market: Market, fills: Fills) -> HammerAdapter:
    return adapter_with(hammer, market, fills, IMPATIENT)


def adapter_with(hammer: SimHammer, market: Market, fills: Fills, timing: HammerTiming) -> HammerAdapter:
    book = Book(market.clock)
    return HammerAdapter(
        HammerProfile("127.0.0.1", hammer.port, "demo"),
        HammerSinks(book, account=book, fills=fills),
        market.clock,
        timing=replace(timing, backoff=Backoff(first_s=0.02, most_s=0.05)),
    )


@pytest.mark.parametrize("as_text", [False, True])
async def test_that_earlier_fills_are_listed_and_later_ones_announced(
    adapter: HammerAdapter, own: OwnAccount, fills: Fills, market: Market, as_text: bool
) -> None:
    own.as_text = as_text
    buy, short = own.place("Buy", "CIM-B", 300, 24.50), own.place("Short", "GS-A", 100, None)
    own.fill(buy, 100, 24.50)
    async with connected(adapter):
        await until(lambda: fills.state(MODE).as_of)
        (first,) = fills.fills()
        assert (first.mode, first.account, first.instrument.symbol) == (MODE, NUMBER, "CIM PRB")
        assert (first.side, first.quantity, first.price, first.at) == ("BUY", 100, 24.50, market.clock())
        assert (first.commission, first.realized_pnl, first.hammer_id) == (None, None, buy.order_id)
        assert fills.drain().arrived == ()
        own.fill(buy, 200, 24.48)
        own.fill(short, 100, 21.97)
        await until(lambda: len(fills.fills()) == 3)
        assert [(f.instrument.symbol, f.side, f.quantity) for f in fills.drain().arrived] == [
            ("CIM PRB", "BUY", 200),
            ("GS PRA", "SELL", 100),
        ]
    (cim, _) = totals(fills.fills())
    assert (cim.bought, cim.commission, cim.without_commission) == (300, None, 2)


async def test_that_reported_fills_stay_when_hammer_goes_and_are_not_reported_twice(
    adapter: HammerAdapter, own: OwnAccount, hammer: SimHammer, fills: Fills
) -> None:
    order = own.place("Buy", "CIM-B", 300, 24.50)
    own.fill(order, 100, 24.50)
    async with connected(adapter):
        await until(lambda: fills.state(MODE).as_of)
        fills.drain()
        port = hammer.port
        await hammer.stop()
        await until(lambda: fills.state(MODE).problem)
        own.fill(order, 50, 24.49)
        await hammer.start(port)
        await until(lambda: fills.state(MODE).problem is None)
        assert [f.quantity for f in fills.fills()] == [100, 50]
        assert fills.drain().arrived == ()
    assert len(fills.fills()) == 2


async def test_that_a_filled_order_without_executions_is_shown_as_one_execution(
    adapter: HammerAdapter, own: OwnAccount, fills: Fills, market: Market
) -> None:
    own.sends_fills = False
    done, part = own.place("Buy", "CIM-B", 300, 24.50), own.place("Sell", "GS-A", 100, 22.0)
    own.fill(done, 100, 24.50)
    own.fill(part, 40, 22.0)
    async with connected(adapter):
        await until(lambda: fills.state(MODE).as_of)
        assert fills.fills() == []
        assert fills.state(MODE).caveats == (
            "HAMMER counts what filled in part and reports no single executions of it yet (CIM PRB, GS PRA).",
        )
        assert {key.symbol for key in fills.state(MODE).unexplained} == {"CIM PRB", "GS PRA"}
        own.fill(done, 200, 24.47)
        await until(lambda: fills.fills())
        (fill,) = fills.fills()
        assert (fill.side, fill.quantity, fill.at) == ("BUY", 300, market.clock())
        assert fill.price == pytest.approx(24.48)
        assert (fill.is_whole_order, fill.hammer_id) == (True, done.order_id)
        own.end(part)
        await until(lambda: len(fills.fills()) == 2)
        await until(lambda: fills.state(MODE).caveats == ())
        assert not fills.state(MODE).unexplained
        assert {f.hammer_id: f.quantity for f in fills.fills()} == {done.order_id: 300, part.order_id: 40}
        # Reported one by one after all, they are not summed twice.
        own.sends_fills = True
        own.send_full_list("getTransactions")
        await until(lambda: len(fills.fills()) == 5)
    (cim, gs) = totals(fills.fills())
    assert (cim.bought, gs.sold) == (300, 40)


async def test_that_transactions_that_do_not_arrive_are_reported_missing(
    impatient: HammerAdapter, own: OwnAccount, fills: Fills
) -> None:
    own.refuses.add("getTransactions")
    async with connected(impatient):
        await until(lambda: fills.state(MODE).problem)
        assert fills.state(MODE).as_of is None
        own.refuses.clear()
        await until(lambda: fills.state(MODE).as_of)
        assert fills.state(MODE).problem is None


def test_that_a_time_is_utc_with_or_without_a_zone() -> None:
    for stamp, at in (
        ("2026-09-18T18:00:00Z", AT),
        ("2026-09-18T14:00:00-04:00", AT),
        ("2026-09-18T18:00:00", AT),
        ("2026-09-18T18:00:00.000", AT),
        (" 2026-09-18T18:00:00 ", AT),
        (AT.timestamp(), AT),
        (int(AT.timestamp()) * 1000, AT),
        (str(int(AT.timestamp())), AT),
        (True, None),
        ("09/18/2026 2:00 PM", None),
        ("", None),
        (None, None),
        (46283.75, None),
        ("0001-01-01T00:00:00+14:00", None),
    ):
        with named_in_failure(stamp, at):
            entry = entry_of({"Fills": [{"FillID": "7", "QTY": 100, "Price": 24.4, "FillDT": stamp}]})
            assert transaction_of(entry).fills == (ReportedFill("7", 100.0, 24.4, at),)


def test_that_no_execution_is_made_of_a_count() -> None:
    for fields in (
        {"FilledQTY": 300, "FilledPrice": 24.4},
        {"FilledQTY": 300, "Fills": None},
        {"FilledQTY": 300, "Fills": "300@24.4"},
        {"FilledQTY": 300, "Fills": [None, 7, {}, {"FillID": "1"}, {"QTY": 0, "Price": "?"}]},
    ):
        with named_in_failure(fields):
            assert transaction_of(entry_of(fields)).fills == ()


def test_that_a_filled_quantity_without_executions_is_known_to_be_unreported() -> None:
    for fields, is_unreported in (
        ({"Status": "Partial", "FilledQTY": 300}, True),
        ({"Status": "Partial", "QTY": 400, "FilledQTY": "300", "Fills": [{"QTY": 100, "Price": 24.4}]}, True),
        ({"Status": "Filled", "FilledQTY": 300, "Fills": [{"QTY": 100, "Price": 24.4}]}, True),
        ({"Status": "Partial", "FilledQTY": 100, "Fills": [{"QTY": 100, "Price": 24.4}]}, False),
        ({"Status": "Filled", "FilledQTY": 300}, False),
        ({"Status": "Open", "QTY": 300}, False),
    ):
        with named_in_failure(fields, is_unreported):
            assert records.has_unreported_fills(transaction_of(entry_of(fields))) is is_unreported


def test_that_an_execution_without_an_id_goes_by_its_place_and_unknown_figures_stay_unknown() -> None:
    entry = entry_of({"Fills": [{"QTY": "100", "Price": ""}, {"Quantity": -50, "price": 24.4}]})
    assert transaction_of(entry).fills == (
        ReportedFill("#1", 100.0, None, None),
        ReportedFill("#2", 50.0, 24.4, None),
    )
