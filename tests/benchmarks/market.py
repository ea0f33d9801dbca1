"""The market of the benchmarks: its shares, positions and orders, its prices, its time."""

import time
from datetime import UTC, datetime, timedelta

from psf_monitor.sim.market.scenarios import GUN, PED, AccountRow, HoldingRow, Listing, OrderRow, Scenario

CLIENT_ID = 31
_A_FRIDAY_MORNING = datetime(2026, 9, 18, 14, 30, tzinfo=UTC)
_BEGAN_S = time.time() // 1
ACCOUNTS = {GUN: "U1240821", PED: "U1770037"}
FIRST_BID = 20.0
STEP = 0.01
"""Update k of a symbol adds this much to its bid, so that a painted bid identifies the update."""
CYCLE = 2000
"""After this many updates of a symbol its bids start again."""

_STRIDE = 1999
"""A prime: from name to name in such steps, all of them are gone through once."""


def trading_clock() -> datetime:
    """A clock that runs, within the session whenever the benchmark is run: that of TWS and HAMMER, too.

    Its seconds are those of the computer's clock.
    """
    return _A_FRIDAY_MORNING + timedelta(seconds=time.time() - _BEGAN_S)


def name_of(number: int) -> str:
    return f"S{number:04d} PRA"


def bid_of(k: int) -> float:
    return round(FIRST_BID + STEP * (k % CYCLE), 2)


def update_of(number: int, symbols: int, *, is_scattered: bool = False) -> tuple[int, float]:
    """Symbol and bid of an update: of all in turn, by name or, as a market has it, in no such order."""
    k, place = divmod(number, symbols)
    return place * _STRIDE % symbols if is_scattered else place, bid_of(k)


def ask_and_last(bid: float) -> tuple[float, float]:
    return round(bid + 0.02, 2), round(bid + 0.01, 2)


def benchmark_scenario(symbols: int, positions: int, orders: int) -> Scenario:
    """A market that moves by what is streamed alone; positions and orders go to both logins in turn."""
    logins = (GUN, PED)
    listings = tuple(
        Listing(1000 + n, name_of(n), f"S{n:04d}-A", 100, 19.5, 19.52, 100, 19.51, 0.0, 1000, 1.5, 0, 1)
        for n in range(symbols)
    )
    return Scenario(
        "benchmark",
        tuple(AccountRow(login, ACCOUNTS[login], 1_000_000.0, 500_000.0, CLIENT_ID) for login in logins),
        listings,
        tuple(HoldingRow(logins[n % 2], name_of(n % symbols), 100, 19.0) for n in range(positions)),
        tuple(
            OrderRow(
                logins[n % 2],
                name_of(n % symbols),
                5_000_000 + n,
                1 + n,
                CLIENT_ID,
                "BUY",
                100,
                "LMT",
                18.5,
                "DAY",
                "Submitted",
                0,
                60,
            )
            for n in range(orders)
        ),
        least_orders=0,
        most_orders=0,
    )
