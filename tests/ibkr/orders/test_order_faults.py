"""What the simulated TWS can send of orders and positions beside the plain ones, and what is made of it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from psf_monitor.book.rows import PositionRow
from psf_monitor.domain.orders.order_standing import MarketPosition
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.records import OrderIds, SimLeg, SimTerms, Ticket
from psf_monitor.sim.market.scenarios import AccountRow, scenario
from psf_monitor.sim.tws.server import SimTws
from tests.conftest import ExpectedErrors
from tests.ibkr.running_connector import ACCOUNT, POLLING, Login, profile, serving
from tests.support.records import GUN
from tests.support.tws_messages import UNSET, open_order
from tests.support.waiting import until


@pytest.fixture
async def login(market: Market, tws: SimTws) -> AsyncIterator[Login]:
    """An account with nothing working that holds 400 CIM PRB."""
    for perm_id in tuple(market.orders):
        market.vanish_order(perm_id)
    market.set_position(ACCOUNT, "CIM PRB", 400, 24.0)
    async with serving(Login(market, profile(tws.port), POLLING)) as one:
        yield one


def held(login: Login, symbol: str = "CIM PRB") -> PositionRow:
    return login.positions()[symbol]


async def test_that_two_orders_of_one_client_may_have_one_id(login: Login, market: Market) -> None:
    twins = [
        market.place_order(ACCOUNT, "CIM PRB", "SELL", 400, price, ids=OrderIds(5, order_id=57))
        for price in (24.9, 24.7)
    ]
    await login.connect()
    assert login.orders().keys() == {order.perm_id for order in twins}
    assert held(login).working.sell == 800
    market.cancel_order(twins[0].perm_id)
    await until(lambda: held(login).working.sell == 400)
    assert login.orders()[twins[1].perm_id].status == "Submitted"


async def test_that_an_order_of_another_client_that_fills_is_reported(login: Login, market: Market) -> None:
    order = market.place_order(ACCOUNT, "CIM PRB", "SELL", 400, 24.7, ids=OrderIds(5))
    await login.connect()
    market.fill_order(order.perm_id, 400, 24.7)
    await until(lambda: login.orders()[order.perm_id].status == "Filled")
    row = login.orders()[order.perm_id]
    assert (row.filled, row.remaining) == (400, 0)


async def test_that_a_rejected_order_of_the_own_client_id_is_inactive_and_not_cancelled(
    login: Login, market: Market
) -> None:
    own_id = profile(1).client_id
    order = market.place_order(ACCOUNT, "CIM PRB", "SELL", 400, 24.7, ids=OrderIds(own_id, order_id=57))
    await login.connect()
    assert held(login).working.sell == 400
    market.reject_order(order.perm_id, "YOUR ORDER IS NOT ACCEPTED.")
    texts: list[str] = []

    def is_reported() -> bool:
        texts.extend(notice.text for notice in login.book.drain().notices)
        return "(201)" in " ".join(texts)

    await until(is_reported)
    await until(lambda: login.orders()[order.perm_id].status == "Inactive")
    assert "YOUR ORDER IS NOT ACCEPTED." in " ".join(texts)
    assert "cancelled" not in " ".join(texts).lower()
    assert held(login).working.sell == 0


@pytest.mark.parametrize(
    ("terms", "order_type", "status", "text"),
    [
        (SimTerms(good_after="20991130 09:30:00 US/Eastern"), "LMT", "PreSubmitted", "Waits for time"),
        (
            SimTerms(conditions=(("1", "a", "1", "470.0", "756733", "SMART", "0"),)),
            "LMT",
            "PreSubmitted",
            "Waits for condition",
        ),
        (SimTerms(why_held="locate"), "LMT", "PreSubmitted", "Held for locate"),
        (SimTerms(good_till="20200102 09:30:00 US/Eastern"), "LMT", "Submitted", "Good-till passed"),
        (SimTerms(algorithm="Twap"), "LMT", "Submitted", "By algorithm"),
        (SimTerms(), "LIT", "PreSubmitted", "Not touched"),
        (SimTerms(), "LOC", "Submitted", "Closing auction"),
        (SimTerms(), "LMT", "Inactive", "Not working"),
    ],
)
async def test_that_what_an_order_is_waiting_for_is_reported(
    login: Login, market: Market, terms: SimTerms, order_type: str, status: str, text: str
) -> None:
    order = market.place_order(
        ACCOUNT,
        "CIM PRB",
        "SELL",
        100,
        24.3,
        ticket=Ticket(order_type=order_type, status=status, terms=terms),
    )
    await login.connect()
    row = login.orders()[order.perm_id]
    assert (row.market_position.value, row.limit_price, row.to_fill) == (text, 24.3, None)


async def test_that_values_that_are_not_ready_are_unknown_until_they_are(
    login: Login, market: Market, tws: SimTws
) -> None:
    tws.faults.not_ready.add(ACCOUNT)
    await login.connect()
    assert [each.net_liquidation for each in login.book.summaries(GUN)] == [None]
    assert "AccountReady" in str(login.book.account_state(GUN).problem)
    tws.faults.not_ready.clear()
    # A value that changes is what TWS sends by itself.
    market.set_position(ACCOUNT, "CIM PRB", 500, 24.0)
    await until(lambda: all(each.net_liquidation for each in login.book.summaries(GUN)))
    assert login.book.account_state(GUN).problem is None


async def test_that_a_bracket_and_its_group_are_reported(login: Login, market: Market) -> None:
    parent = market.place_order(ACCOUNT, "CIM PRB", "BUY", 100, 24.0, ids=OrderIds(5))
    of_it = SimTerms(parent_id=parent.order_id, oca_group="OC7")
    profit = market.place_order(
        ACCOUNT,
        "CIM PRB",
        "SELL",
        100,
        25.0,
        ids=OrderIds(5),
        ticket=Ticket(status="PreSubmitted", terms=of_it),
    )
    market.place_order(
        ACCOUNT,
        "CIM PRB",
        "SELL",
        100,
        ticket=Ticket(order_type="STP", aux_price=23.0, status="PreSubmitted", terms=of_it),
        ids=OrderIds(5),
    )
    await login.connect()
    assert (held(login).working.buy, held(login).working.sell) == (100, 100)
    assert held(login).working.groups[0].name == "OC7"
    assert login.orders()[profit.perm_id].market_position is MarketPosition.WAITS_FOR_PARENT


async def test_that_orders_that_cannot_be_counted_are_named(login: Login, market: Market) -> None:
    market.place_order(ACCOUNT, "CIM PRB", "SSHORT", 300, 25.0)
    by_cash = market.place_order(
        ACCOUNT, "CIM PRB", "BUY", 0, ticket=Ticket(order_type="MKT", terms=SimTerms(cash=20.5))
    )
    await login.connect()
    assert len(held(login).working.uncounted) == 2
    row = login.orders()[by_cash.perm_id]
    assert (row.quantity, row.remaining, row.cash_quantity) == (None, None, 20.5)


async def test_that_a_status_that_does_not_come_leaves_the_counts_unknown(
    login: Login, market: Market, tws: SimTws
) -> None:
    tws.faults.withheld.add(3)
    order = market.place_order(ACCOUNT, "CIM PRB", "SELL", 100, 25.0)
    await login.connect()
    row = login.orders()[order.perm_id]
    assert (row.status, row.filled, row.remaining) == ("Submitted", None, None)
    assert held(login).working.sell == 0
    assert len(held(login).working.uncounted) == 1


async def test_that_a_combination_is_its_legs(login: Login, market: Market) -> None:
    spreads = [
        market.place_order(
            ACCOUNT,
            "SPY",
            "BUY",
            5,
            price,
            ticket=Ticket(terms=SimTerms(legs=(SimLeg(con_id, 1, "BUY"), SimLeg(con_id + 1, 1, "SELL")))),
        )
        for con_id, price in ((11, -1.85), (13, 0.0))
    ]
    await login.connect()
    rows = [login.orders()[order.perm_id] for order in spreads]
    assert [(row.symbol, row.kind, row.limit_price) for row in rows] == [
        ("SPY", "BAG", -1.85),
        ("SPY", "BAG", 0.0),
    ]
    assert [row.legs for row in rows] == ["BUY 1 of 11, SELL 1 of 12", "BUY 1 of 13, SELL 1 of 14"]


async def test_that_an_order_may_name_its_share_as_it_was_called_before(login: Login, market: Market) -> None:
    order = market.place_order(
        ACCOUNT,
        "CIM PRB",
        "SELL",
        100,
        25.0,
        ticket=Ticket(terms=SimTerms(named=("CIM", "CIM PRZ"), reference="swing")),
    )
    await login.connect()
    row = login.orders()[order.perm_id]
    assert (row.symbol, row.listed_as, row.reference) == ("CIM PRZ", "CIM PRB", "swing")
    assert held(login).working.sell == 100
    assert held(login).other_names == ("CIM PRZ",)


@pytest.mark.parametrize("text", ["", "2147483647", "9223372036854775807", UNSET])
async def test_that_a_position_of_unknown_quantity_stays(
    login: Login, tws: SimTws, market: Market, text: str
) -> None:
    tws.faults.quantity_text["CIM PRB"] = text
    await login.connect()
    assert held(login).quantity is None
    tws.faults.quantity_text.clear()
    market.set_position(ACCOUNT, "CIM PRB", 300, 24.0)
    await until(lambda: held(login).quantity == 300)


async def test_that_the_models_of_one_account_are_one_position() -> None:
    rows = tuple(AccountRow("IBKR_GUN", f"U90000{n:02}", 1e6, 5e5, 31) for n in range(51))
    market = Market(replace(scenario("normal"), accounts=(*rows, scenario("normal").accounts[1])), 7)
    market.set_position("U9000050", "CIM PRB", 400, 24.0)
    async with (
        SimTws(market, "IBKR_GUN", refresh_s=0.0) as tws,
        serving(Login(market, profile(tws.port, account_id="U9000050"), POLLING)) as login,
    ):
        tws.faults.models["U9000050"] = {"Income": 0.75, "Growth": 0.25}
        await login.connect()
        assert (held(login).quantity, held(login).average_price) == (400, 24.0)
        market.set_position("U9000050", "CIM PRB", 800, 24.0)
        await until(lambda: held(login).quantity == 800)


async def test_that_a_notice_with_the_id_of_an_order_cancels_nothing(
    market: Market, tws: SimTws, login: Login
) -> None:
    order = market.place_order(ACCOUNT, "CIM PRB", "SELL", 100, 25.0, ids=OrderIds(1))
    await login.connect()
    polls = len(tws.received)
    tws.notify(10349, "Order TIF was set to DAY based on order preset.", order.order_id)
    await until(lambda: len(tws.received) > polls + 3)
    assert login.orders()[order.perm_id].status == "Submitted"


async def test_that_an_order_that_no_client_can_read_is_counted_once(
    login: Login, tws: SimTws, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    unreadable = [*(fields := open_order(777))[:40], *fields[41:]]
    tws.faults.also_listed = [list(unreadable)]
    await login.connect()
    polls = len(tws.received)
    await until(lambda: len(tws.received) > polls + 5)
    assert "1 open order." in str(login.link.status.warning)
    tws.faults.also_listed = []
    await until(lambda: not login.link.status.warning)
