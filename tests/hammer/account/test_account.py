"""Hammer Pro's own account over a real socket, through the book to the rows."""

from datetime import datetime

import pytest

from psf_monitor.book.book import Book
from psf_monitor.book.rows import QuoteState
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.position import PositionKey
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.hammer.sink import HammerSinks
from psf_monitor.settings import HammerProfile
from psf_monitor.sim.hammer.account import STYLES, OwnAccount, Shape
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from tests.hammer.account.hammer_account import HELD, MODE, NUMBER, adapter_of, held, is_loaded, orders, rows
from tests.hammer.passing_time import WatchedClock
from tests.hammer.running_adapter import QUICK, connected, follow
from tests.support.records import GUN, position
from tests.support.waiting import until

FORCED = ("getPositions", "getTransactions")


@pytest.mark.parametrize("style", range(STYLES))
@pytest.mark.parametrize("shape", list(Shape))
@pytest.mark.parametrize("as_text", [False, True])
async def test_that_every_variant_of_the_account_is_the_same_book(
    adapter: HammerAdapter, own: OwnAccount, book: Book, style: int, shape: Shape, as_text: bool
) -> None:
    own.style, own.shape, own.as_text = style, shape, as_text
    buy = own.place("Buy", "CIM-B", 300, 24.50)
    own.place("Short", "GS-A", 100, None)
    async with connected(adapter):
        await until(lambda: is_loaded(book))
        assert held(book) == HELD
        assert book.account_state(MODE).accounts == (NUMBER,)
        (order, short) = orders(book).values()
        assert (order.hammer_id, order.symbol, order.side, order.quantity) == (
            buy.order_id, "CIM PRB", "BUY", 300
        )  # fmt: skip
        assert (order.order_type, order.limit_price, order.status) == ("LMT", 24.50, "Submitted")
        assert (order.filled, order.remaining, order.tif) == (0, 300, "DAY")
        assert (short.side, short.order_type, short.limit_price) == ("SELL", "MKT", None)
        (summary,) = book.summaries(MODE)
        assert (summary.net_liquidation, summary.total_cash) == (258_048.0, 250_000.0)
        assert book.strip(MODE).net_liquidation == 258_048.0


async def test_that_its_prices_are_hammers_and_its_rows_are_in_no_total_of_ibkr(
    adapter: HammerAdapter, book: Book, market: Market
) -> None:
    book.positions_replaced(GUN, [position("NLY PRG", 2000, 25.1075)])
    async with connected(adapter):
        await until(lambda: held(book) == HELD)
        await until(lambda: all(r.quote_state is QuoteState.LIVE for r in rows(book).values()))
        row = rows(book)["NLY PRG"]
        security = market.security("NLY PRG")
        assert (row.bid, row.ask, row.last) == (security.bid, security.ask, security.last)
        assert row.market_value == pytest.approx(500 * security.mark)
        assert row.key == PositionKey(NUMBER, 0, "NLY PRG")
        assert book.totals([GUN]).positions == 1
        assert book.strip(None).market_value == pytest.approx(2000 * security.mark)
        assert book.totals([MODE]).positions == 2
        assert len(book.position_rows()) == 3


async def test_that_a_fill_moves_order_holding_and_cash(
    adapter: HammerAdapter, own: OwnAccount, book: Book
) -> None:
    order = own.place("Sell", "NLY-G", 500, 25.45)
    async with connected(adapter):
        await until(lambda: is_loaded(book))
        own.fill(order, 200, 25.45)
        await until(lambda: held(book)["NLY PRG"] == (300, 25.02))
        await until(
            lambda: (orders(book)[order.order_id].filled, rows(book)["NLY PRG"].working.sell) == (200, 300)
        )
        own.fill(order, 300, 25.46)
        await until(lambda: "NLY PRG" not in held(book))
        await until(lambda: orders(book)[order.order_id].status == "Filled")
        await until(lambda: book.summaries(MODE)[0].total_cash == 250_000 + 200 * 25.45 + 300 * 25.46)


async def test_that_a_new_order_appears_and_a_cancelled_or_rejected_one_is_reported_as_such(
    adapter: HammerAdapter, own: OwnAccount, book: Book, market: Market
) -> None:
    async with connected(adapter):
        await until(lambda: is_loaded(book))
        first, second = own.place("Buy", "CIM-B", 100, 24.0), own.place("Buy", "CIM-D", 100, 23.0)
        await until(lambda: orders(book).keys() == {first.order_id, second.order_id})
        assert orders(book)[first.order_id].placed_at == market.clock()
        own.end(first)
        own.end(second, "Rejected")
        await until(lambda: [o.status for o in orders(book).values()] == ["Cancelled", "Rejected"])
        market.clock.advance(31)
        assert orders(book) == {}


async def test_that_an_order_that_ended_before_we_came_is_not_listed(
    adapter: HammerAdapter, own: OwnAccount, book: Book
) -> None:
    own.end(own.place("Buy", "CIM-B", 100, 24.0))
    async with connected(adapter):
        await until(lambda: is_loaded(book))
        assert orders(book) == {}


async def test_that_a_partial_update_removes_nothing(
    adapter: HammerAdapter, hammer: SimHammer, book: Book
) -> None:
    async with connected(adapter):
        await until(lambda: is_loaded(book))
        hammer.unanswered.add("getPositions")
        hammer.send_raw('{"cmd":"positionsUpdate","result":[{"Symbol":"NLY-G","QTY":600}]}')
        await until(lambda: held(book) == {"NLY PRG": (600, 25.02), "GS PRA": (-200, 22.31)})
        hammer.send_raw(
            '{"cmd":"positionsUpdate","result":{"setOrChange":"set","positions":[{"Symbol":"GS-A","QTY":-1}]}}'
        )
        await until(lambda: held(book) == {"GS PRA": (-1, None)})


async def test_that_the_whole_list_is_asked_for_after_every_update(
    adapter: HammerAdapter, hammer: SimHammer, own: OwnAccount, book: Book
) -> None:
    async with connected(adapter):
        await until(lambda: is_loaded(book))
        # Closed without a word: the next update of anything brings it to light.
        del own.holdings["GS-A"]
        hammer.send_raw('{"cmd":"positionsUpdate","result":[{"Symbol":"NLY-G","QTY":500}]}')
        await until(lambda: held(book).keys() == {"NLY PRG"})


async def test_that_a_loss_marks_the_account_old_and_the_return_makes_it_new(
    adapter: HammerAdapter, hammer: SimHammer, own: OwnAccount, book: Book, market: Market
) -> None:
    own.place("Buy", "CIM-B", 300, 24.50)
    async with connected(adapter):
        await until(lambda: is_loaded(book))
        port, lost_at = hammer.port, market.clock()
        await hammer.stop()
        await until(lambda: book.account_state(MODE).stale_since == lost_at)
        assert {r.stale_since for r in rows(book).values()} == {lost_at}
        assert {o.stale_since for o in orders(book).values()} == {lost_at}
        own.holdings["GS-A"] = (-300.0, 22.31)
        market.clock.advance(5)
        await hammer.start(port)
        await until(lambda: held(book)["GS PRA"] == (-300, 22.31))
        await until(lambda: book.account_state(MODE).stale_since is None)


async def test_that_silence_marks_the_account_old_too(
    adapter: HammerAdapter, hammer: SimHammer, own: OwnAccount, book: Book, market: Market
) -> None:
    async with connected(adapter):
        await until(lambda: is_loaded(book))
        hammer.stall()
        asked = len(hammer.commands("getSymbolSnapshot"))
        market.clock.advance(15)
        await until(lambda: len(hammer.commands("getSymbolSnapshot")) > asked)
        market.clock.advance(5)
        await until(lambda: book.account_state(MODE).stale_since)
        own.holdings["GS-A"] = (-300.0, 22.31)
        hammer.resume()
        hammer.send_raw('{"cmd":"heartbeat"}')
        await until(lambda: book.account_state(MODE).stale_since is None)
        await until(lambda: held(book)["GS PRA"] == (-300, 22.31))


async def test_that_disconnecting_removes_the_account(adapter: HammerAdapter, book: Book) -> None:
    async with connected(adapter):
        await until(lambda: is_loaded(book))
        adapter.link.disconnect()
        await until(lambda: adapter.link.status.state is LinkState.IDLE)
        assert rows(book) == {}
        assert orders(book) == {}
        assert book.summaries(MODE) == []
        assert book.account_state(MODE).accounts == ()


async def test_that_of_several_accounts_one_has_to_be_named(
    hammer: SimHammer, book: Book, clock: WatchedClock, market: Market
) -> None:
    other = OwnAccount(market.clock, key="ALARIC:TOPI000000B2", number="TOPI000000B2", nick="", holdings={})
    hammer.accounts.by_key[other.key] = other
    async with connected(adapter_of(hammer, book, clock)):
        await until(lambda: book.account_state(MODE).problem)
        assert str(book.account_state(MODE).problem) == (
            "Hammer Pro has several accounts: Main (ALARIC••••••••••0A1), "
            "TOPI•••••0B2 (ALARIC••••••••••0B2). Set account_key to one of them."
        )


@pytest.mark.parametrize("name", ["ALARIC:TOPI000000A1", NUMBER, "Main"])
async def test_that_the_named_account_is_the_one(
    hammer: SimHammer, book: Book, clock: WatchedClock, market: Market, name: str
) -> None:
    hammer.accounts.by_key["X"] = OwnAccount(market.clock, key="X", number="X", nick="X", holdings={})
    async with connected(adapter_of(hammer, book, clock, name)):
        await until(lambda: held(book) == HELD)


async def test_that_a_named_account_that_is_not_there_is_reported_with_those_that_are(
    hammer: SimHammer, book: Book, clock: WatchedClock
) -> None:
    async with connected(adapter_of(hammer, book, clock, "OLD")):
        await until(lambda: book.account_state(MODE).problem)
        assert "does not have the account that is set; it has Main" in str(book.account_state(MODE).problem)


async def test_that_updates_of_another_account_change_nothing(
    adapter: HammerAdapter, hammer: SimHammer, book: Book
) -> None:
    async with connected(adapter):
        await until(lambda: is_loaded(book))
        hammer.send_raw(
            '{"cmd":"positionsUpdate","result":{"accountKey":"X","positions":[{"Symbol":"SPY","QTY":1}]}}'
        )
        hammer.send_raw('{"cmd":"positionsUpdate","result":[{"Symbol":"NLY-G","QTY":501}]}')
        await until(lambda: held(book)["NLY PRG"][0] == 501)
        assert "SPY" not in held(book)


async def test_that_a_contract_that_is_no_share_is_shown_but_not_valued(
    adapter: HammerAdapter, own: OwnAccount, book: Book
) -> None:
    own.holdings = {"SPY 260918C660": (2.0, 5.5)}
    async with connected(adapter):
        await until(lambda: held(book))
        (row,) = rows(book).values()
        assert (row.symbol, row.quantity) == ("SPY 260918C660", 2)
        assert (row.quote_state, row.market_value, row.unrealized_pnl) == (QuoteState.MISSING, None, None)


async def test_that_the_traders_names_reach_the_account(adapter: HammerAdapter, book: Book) -> None:
    async with connected(adapter):
        await until(lambda: held(book) == HELD)
        adapter.remap({"NLY.G": "NLY-G"})
        assert held(book).keys() == {"NLY.G", "GS PRA"}
        await until(lambda: rows(book)["NLY.G"].quote_state is QuoteState.LIVE)


async def test_that_only_reading_commands_reach_hammer(
    adapter: HammerAdapter, hammer: SimHammer, own: OwnAccount, book: Book
) -> None:
    order = own.place("Buy", "CIM-B", 300, 24.50)
    async with connected(adapter):
        await until(lambda: is_loaded(book))
        own.fill(order, 300, 24.5)
        await until(lambda: "CIM PRB" in held(book))
        await until(lambda: len(hammer.commands("getPositions")) > 1)
    assert hammer.refused == []
    assert {c["cmd"] for c in hammer.received if "accountKey" in c} == {
        "startTradingAccount",
        "subscribe",
        "getPositions",
        "getTransactions",
        "getBalances",
    }
    assert {c["forceRefresh"] for c in hammer.received if c["cmd"] in FORCED} == {False}


async def test_that_nobody_to_notify_leaves_the_account_alone(
    hammer: SimHammer, book: Book, clock: WatchedClock
) -> None:
    book.positions_replaced(GUN, [position("CIM PRB")])
    adapter = HammerAdapter(
        HammerProfile("127.0.0.1", hammer.port, "demo"), HammerSinks(book), clock, timing=QUICK
    )
    follow(book, adapter)
    async with connected(adapter):
        looked_at: datetime = clock()
        await clock.looked_at()
        assert looked_at == clock()
        assert hammer.commands("enumTradingAccounts") == []
