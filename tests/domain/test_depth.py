"""The order book of one share, price by price, and what stands before an order of mine."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.depth import (
    Ahead,
    Depth,
    DepthLevel,
    DepthReport,
    DepthState,
    OwnOrder,
    Place,
    PriceLevel,
    ahead_of,
    displayed_sizes,
    place_in,
    price_levels,
    sorted_side,
)
from psf_monitor.domain.orders.order import Side

DEPTH = Depth(
    bids=(
        DepthLevel(24.54, 600, "NYSE"),
        DepthLevel(24.53, 800, "ARCA"),
        DepthLevel(24.52, 1000, "NYSE"),
        DepthLevel(24.50, 1500, "NYSE"),
        DepthLevel(24.50, 800, "ARCA"),
    ),
    asks=(DepthLevel(24.60, 400, "NSDQ"), DepthLevel(24.61, 200, "EDGX"), DepthLevel(24.62, 700, "NYSE")),
)


def mine(side: Side, price: float, left: float, key: int = 1) -> OwnOrder:
    return OwnOrder(key, AccountMode.IBKR_GUN, "U1", side, price, left)


def test_that_several_venues_at_one_price_are_one_level_with_the_largest_venue_first() -> None:
    assert price_levels(DEPTH.bids)[-1] == PriceLevel(24.50, 2300, (("NYSE", 1500), ("ARCA", 800)))


def test_that_prices_apart_by_the_dust_of_binary_fractions_are_one_level() -> None:
    levels = price_levels((DepthLevel(24.1 + 0.2, 100, "A"), DepthLevel(24.3, 200, "B")))
    assert [(level.price, level.size) for level in levels] == [(24.3, 300)]


def test_that_ahead_is_what_is_better_and_what_is_displayed_here_less_what_is_left_of_mine() -> None:
    order, other = mine(Side.BUY, 24.50, 500, 1), mine(Side.BUY, 24.52, 1000, 2)
    assert ahead_of(order, (order, other), DEPTH) == Ahead(Place.QUEUED, 4200, 2400, 2300, 0)


def test_that_a_sale_is_behind_the_lower_asks() -> None:
    order = mine(Side.SELL, 24.62, 400)
    assert ahead_of(order, (order,), DEPTH) == Ahead(Place.QUEUED, 900, 600, 700, 0)


def test_that_it_is_alone_when_all_that_is_displayed_there_is_mine() -> None:
    order = mine(Side.BUY, 24.52, 1000)
    assert ahead_of(order, (order,), DEPTH) == Ahead(Place.ALONE, 1400, 1400, 1000, 0)


def test_that_two_of_mine_at_one_price_count_as_ahead_of_each_other_and_are_alone_together() -> None:
    one, two = mine(Side.BUY, 24.52, 700, 1), mine(Side.BUY, 24.52, 300, 2)
    assert ahead_of(two, (one, two), DEPTH) == Ahead(Place.ALONE, 2100, 1400, 1000, 700)


def test_that_of_an_order_of_which_less_is_displayed_all_that_is_displayed_may_be_ahead() -> None:
    order = mine(Side.BUY, 24.50, 5000)
    assert ahead_of(order, (order,), DEPTH) == Ahead(Place.PART_SHOWN, 4700, 2400, 2300, 0)


def test_that_own_hidden_quantities_are_not_subtracted_from_displayed_ones() -> None:
    order = mine(Side.BUY, 24.52, 500)
    hidden, iceberg = order._replace(is_hidden=True), order._replace(display_size=100)
    assert ahead_of(hidden, (hidden,), DEPTH) == Ahead(Place.HIDDEN, 2400, 1400, 1000, 0)
    assert ahead_of(iceberg, (iceberg,), DEPTH) == Ahead(Place.PART_HIDDEN, 2300, 1400, 1000, 0)
    unsaid = order._replace(display_size=0.0)
    assert ahead_of(unsaid, (unsaid,), DEPTH) == Ahead(Place.MAY_BE_HIDDEN, 2400, 1400, 1000, 0)
    shown = mine(Side.BUY, 24.52, 200, 2)
    assert ahead_of(shown, (hidden, shown), DEPTH) == Ahead(Place.QUEUED, 2200, 1400, 1000, 0)


def test_that_a_display_size_above_what_is_left_hides_nothing() -> None:
    order = mine(Side.BUY, 24.52, 500)._replace(display_size=600.0)
    assert ahead_of(order, (order,), DEPTH) == Ahead(Place.QUEUED, 1900, 1400, 1000, 0)


def test_that_a_hidden_order_is_behind_what_is_better_though_nothing_is_displayed_at_its_price() -> None:
    between = mine(Side.BUY, 24.515, 500)._replace(is_hidden=True)
    found = ahead_of(between, (between,), DEPTH)
    assert (found.place, found.shares) == (Place.HIDDEN, 2400)
    beyond = mine(Side.BUY, 20.0, 500)._replace(is_hidden=True)
    assert ahead_of(beyond, (beyond,), DEPTH).place is Place.NOT_IN_DEPTH


def test_that_an_order_at_or_through_the_other_side_crosses() -> None:
    for price in (24.60, 24.75):
        order = mine(Side.BUY, price, 100)
        assert ahead_of(order, (order,), DEPTH) == Ahead(Place.CROSSES)
    order = mine(Side.SELL, 24.54, 100)
    assert ahead_of(order, (order,), DEPTH) == Ahead(Place.CROSSES)


@pytest.mark.parametrize("side", Side)
def test_that_nothing_is_reported_of_an_order_in_a_crossed_depth(side: Side) -> None:
    crossed = Depth((DepthLevel(24.60, 300), DepthLevel(24.50, 200)), (DepthLevel(24.55, 100),))
    for price in (24.50, 24.55, 24.60, 24.65):
        order = mine(side, price, 100)
        assert ahead_of(order, (order,), crossed) == Ahead(Place.UNKNOWN)


def test_that_nothing_is_reported_of_an_order_whose_price_the_depth_does_not_show() -> None:
    order = mine(Side.SELL, 25.10, 300)
    found = ahead_of(order, (order,), DEPTH)
    assert (found.place, found.shares) == (Place.NOT_IN_DEPTH, None)


def test_that_an_empty_other_side_is_no_crossing() -> None:
    order = mine(Side.BUY, 24.50, 500)
    assert ahead_of(order, (order,), Depth(DEPTH.bids, ())).shares == 4200


def test_that_locked_and_crossed_depths_are_seen() -> None:
    assert not DEPTH.is_crossed
    assert Depth((DepthLevel(24.55, 1),), (DepthLevel(24.55, 1),)).is_crossed
    assert not Depth((DepthLevel(24.55, 1),), ()).is_crossed


PRICES = st.integers(2440, 2470).map(lambda cents: cents / 100)
SIZES = st.integers(1, 30).map(float)
ROWS = st.lists(st.builds(DepthLevel, PRICES, SIZES, st.sampled_from(("", "NYSE", "ARCA"))))
OWN = st.lists(st.tuples(st.sampled_from(Side), PRICES, st.integers(1, 30)), min_size=1, max_size=5)


@given(ROWS, ROWS, OWN)
def test_that_it_is_what_counting_share_by_share_gives(
    bids: list[DepthLevel], asks: list[DepthLevel], own: list[tuple[Side, float, int]]
) -> None:
    orders = [mine(side, price, left, key) for key, (side, price, left) in enumerate(own)]
    depth = Depth(sorted_side(bids, Side.BUY), sorted_side(asks, Side.SELL))
    assume(not (bids and asks) or depth.bids[0].price <= depth.asks[0].price)
    for order in orders:
        found = ahead_of(order, orders, depth)
        sign = 1 if order.side == Side.BUY else -1
        same, other = (bids, asks) if sign > 0 else (asks, bids)
        cents = round(100 * order.price)
        if any(sign * (cents - round(100 * level.price)) >= 0 for level in other):
            assert found == Ahead(Place.CROSSES)
            continue
        shares = [round(100 * level.price) for level in same for _ in range(int(level.size))]
        here = shares.count(cents)
        if not here:
            assert (found.place, found.shares) == (Place.NOT_IN_DEPTH, None)
            continue
        better = sum(sign * price > sign * cents for price in shares)
        all_of_mine = sum(
            each.left for each in orders if each.side == order.side and round(100 * each.price) == cents
        )
        assert found.shares is not None
        assert found.shares >= 0
        if here < all_of_mine:
            assert (found.place, found.shares) == (Place.PART_SHOWN, better + here)
        else:
            # The own order is last: all others there and all better ones are ahead of it.
            assert found.shares == better + here - order.left
            assert (found.place is Place.ALONE) == (here == all_of_mine)


def test_that_nothing_is_said_of_a_side_of_which_rows_are_missing() -> None:
    order, sale = mine(Side.BUY, 24.50, 500), mine(Side.SELL, 24.62, 400)
    without_asks = Depth(DEPTH.bids, unsent=frozenset({Side.SELL}))
    for depth, side_known in ((Depth(DEPTH.bids, DEPTH.asks, unreadable=1), False), (without_asks, True)):
        report = DepthReport(DepthState.LIVE, depth)
        assert place_in(sale, (sale,), report) == Ahead(Place.UNKNOWN)
        assert (place_in(order, (order,), report).shares is not None) is side_known
        assert displayed_sizes(report, 24.54, 24.60) == (600 if side_known else None, None)
