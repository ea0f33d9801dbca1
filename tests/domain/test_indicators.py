"""GRPAN and RWVAP by their definitions: the worked examples, and a slow and obvious second opinion."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.domain.indicators import (
    DEFAULT_RULES,
    Grpan,
    IndicatorRules,
    Rwvap,
    Window,
    begin_of,
    deviation,
    grpan,
    indicators,
    latest_grpan,
    rwvap,
    trading_days_before,
)
from psf_monitor.domain.market_hours import NEW_YORK, opened_at, session_of
from psf_monitor.domain.quote import Print
from tests.conftest import named_in_failure
from tests.support.records import NOON


def time_and_sales(
    *trades: tuple[float, float] | tuple[float, float, str], step_s: float = 60
) -> list[Print]:
    """Prints a minute apart that end at noon; on NYSE unless a venue is named."""
    return [
        Print(trade[0], trade[1], NOON - timedelta(seconds=step_s * (len(trades) - 1 - n)), venue)
        for n, trade in enumerate(trades)
        for venue in (trade[2] if len(trade) == 3 else "NYSE",)
    ]


def test_that_the_worked_examples_of_grpan_come_out() -> None:
    for trades, price, concentration in (
        (
            [
                (24.60, 37, "NYSE"),
                (24.60, 58, "NYSE"),
                (24.60, 45, "EDGX"),
                (24.60, 73, "NSDQ"),
                (24.50, 100, "FNRA"),
                (24.50, 100, "FNRA"),
            ],
            24.60,
            100 * 4 / 6,
        ),
        ([(24.40, 300, "FNRA"), (24.40, 300, "FNRA"), (24.60, 400, "NYSE")], 24.60, 100 / 3),
        (
            [
                (24.55, 12, "NYSE"),
                (24.55, 15, "NYSE"),
                (24.55, 19, "NYSE"),
                (24.55, 12, "NYSE"),
                (24.55, 12, "NYSE"),
                (24.60, 40, "FNRA"),
            ],
            24.60,
            100.0,
        ),
        ([(20.00, 100, ""), (20.01, 50, ""), (20.00, 200, ""), (20.02, 30, "")], 20.00, 100.0),
    ):
        with named_in_failure(trades, price, concentration):
            found = grpan(time_and_sales(*trades))
            assert found is not None
            assert found.price == price
            assert found.concentration == pytest.approx(concentration)


def test_that_rwvap_is_weighted_by_size() -> None:
    found = rwvap(
        time_and_sales((20.00, 100), (20.01, 80), (19.99, 120), (20.00, 100), (20.00, 100), (30.00, 19)), None
    )
    assert found == Rwvap(pytest.approx((20.00 * 300 + 20.01 * 80 + 19.99 * 120) / 500), 5, 0)  # type: ignore[arg-type]


def test_that_four_prints_that_count_make_no_rwvap() -> None:
    four = [(20.00, 100.0)] * 4
    assert rwvap(time_and_sales(*four, (20.00, 19)), None) is None
    assert rwvap(time_and_sales(*four, (20.00, 20)), None) == Rwvap(20.00, 5, 0)
    assert rwvap(time_and_sales(*four, (20.00, 500)), 499) is None, "what is too large does not count"


def test_that_prints_below_twenty_shares_are_ignored() -> None:
    assert grpan(time_and_sales((20.00, 19), (20.00, 19.99), (21.00, 20))) == Grpan(21.00, 100.0, 1)
    assert grpan(time_and_sales((20.00, 19))) is None
    assert grpan([]) is None


def test_that_every_print_on_an_exchange_weighs_the_same() -> None:
    for venue in ("NYSE", "NSDQ", "ARCA", "BATS", "IEXG", "NSX"):
        with named_in_failure(venue):
            weights = {
                size: DEFAULT_RULES.weight(Print(20.0, size, NOON, venue))
                for size in (20, 37, 100, 300, 90_001)
            }
            assert weights == dict.fromkeys(weights, 1.0)


def test_that_off_exchange_round_sizes_weigh_most() -> None:
    for size, weight in (
        (100, 1.0),
        (200, 1.0),
        (300, 0.4),
        (400, 0.4),
        (10_000, 0.4),
        (20, 0.2),
        (99, 0.2),
        (150, 0.2),
        (350, 0.2),
    ):
        with named_in_failure(size, weight):
            for venue in ("FNRA", "ADFN", "TRF", "D", "fnra", "", "UNKNOWN"):
                assert DEFAULT_RULES.weight(Print(20.0, size, NOON, venue)) == weight, venue


def test_that_the_traders_own_rules_count() -> None:
    rules = IndicatorRules(
        least_size=10, exchange_weight=0.1, finra_odd_weight=0.5, rwvap_volume_multiplier=2
    )
    trades = time_and_sales((20.00, 12), (20.00, 12), (21.00, 12, "FNRA"))
    assert grpan(trades, rules) == Grpan(21.00, pytest.approx(100 / 3), 3)  # type: ignore[arg-type]
    found = rwvap(time_and_sales(*[(20.00, 100.0)] * 5, (25.00, 200)), 100, rules)
    assert found == Rwvap(15_000 / 700, 6, 0)


def test_that_of_a_tie_the_price_that_was_printed_first_wins() -> None:
    assert grpan(time_and_sales((20.00, 100), (21.00, 100))) == Grpan(20.00, 50.0, 2)
    assert grpan(time_and_sales((21.00, 50), (20.00, 50), (20.00, 50), (21.00, 50))) == Grpan(21.00, 50.0, 4)
    # 3 times 0.4 and 6 times 0.2 are one weight, whatever binary fractions make of them.
    fractions = [(20.00, 25.0, "FNRA")] * 6 + [(21.00, 300.0, "FNRA")] * 3
    found = grpan(time_and_sales(*fractions))
    assert found is not None
    assert found.price == 20.00


def test_that_four_cents_away_is_still_near() -> None:
    for other, concentration in ((24.56, 100.0), (24.48, 100.0), (24.57, 75.0)):
        with named_in_failure(other, concentration):
            found = grpan(time_and_sales((24.52, 100), (24.52, 100), (24.52, 100), (other, 100)))
            assert found == Grpan(24.52, concentration, 4)


def test_that_concentration_counts_prints_and_weighs_nothing() -> None:
    found = grpan(time_and_sales((20.00, 100), (21.00, 25, "FNRA"), (21.00, 25, "FNRA"), (21.00, 25, "FNRA")))
    assert found == Grpan(20.00, 25.0, 4)


def test_that_the_latest_looks_at_fifteen_prints_that_count() -> None:
    trades = [(20.00, 100.0)] * 20 + [(21.00, 100.0)] * 8 + [(22.00, 100.0)] * 7 + [(23.00, 5.0)] * 30
    assert latest_grpan(time_and_sales(*trades)) == Grpan(21.00, 100 * 8 / 15, 15)


def test_that_no_window_holds_more_than_the_last_150_prints_that_count() -> None:
    trades = [(20.00, 100.0)] * 200 + [(21.00, 100.0)] * 140 + [(22.00, 5.0)] * 100
    found = indicators(time_and_sales(*trades, step_s=1), NOON)
    assert found.grpan[Window.DAY] == Grpan(21.00, pytest.approx(100 * 140 / 150), 150)  # type: ignore[arg-type]
    assert found.rwvap[Window.DAY] == Rwvap(pytest.approx((10 * 20 + 140 * 21) / 150), 150, 0)  # type: ignore[arg-type]
    assert found.since == NOON - timedelta(seconds=249)


def test_that_prints_above_the_average_daily_volume_are_left_out() -> None:
    trades = time_and_sales(*[(20.00, 100.0)] * 4, (20.01, 80), (25.00, 100_001))
    assert rwvap(trades, 100_000) == Rwvap((20.00 * 400 + 20.01 * 80) / 480, 5, 1)
    assert rwvap(trades, 50_000, IndicatorRules(rwvap_volume_multiplier=3)) == rwvap(trades, None)


def test_that_of_the_trades_so_far_those_count_that_count_for_psfalgo() -> None:
    for size, venue, counts in (
        (100, "FNRA", True),
        (200, "ADFN", True),
        (300, "FNRA", False),
        (150, "TRF", False),
        (37, "D", False),
        (37, "NYSE", True),
        (37, "", True),
        (19, "NYSE", False),
    ):
        with named_in_failure(size, venue, counts):
            assert (grpan([Print(20.0, size, NOON, venue, is_history=True)]) is not None) is counts


def test_that_the_least_size_of_the_trades_so_far_is_a_rule_of_its_own() -> None:
    trade = Print(20.0, 17, NOON, "NYSE", is_history=True)
    assert grpan([trade], IndicatorRules(least_size=10)) is not None
    assert grpan([trade], IndicatorRules(least_size=10, history_least_size=18)) is None


@pytest.mark.parametrize("after", [timedelta(hours=6), timedelta(days=1, hours=3)])
def test_that_outside_the_session_now_is_the_time_of_the_last_trade(after: timedelta) -> None:
    trades = time_and_sales((20.00, 100), (21.00, 100), step_s=300)
    found = indicators(trades, NOON + after)
    assert found.grpan[Window.TEN_MINUTES] == Grpan(20.00, 50.0, 2)
    assert (found.at, found.until) == (NOON + after, NOON)
    inside = indicators(trades, NOON + timedelta(minutes=30))
    assert inside.grpan[Window.TEN_MINUTES] is None
    assert inside.until == inside.at


def test_that_the_deviation_is_last_less_indicator() -> None:
    assert deviation(24.55, 24.52) == 0.03
    assert deviation(None, 24.52) is None
    assert deviation(24.55, None) is None


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def test_that_days_are_trading_days() -> None:
    for now, days, begin in (
        ("2026-09-18 12:00", 1, "2026-09-17 12:00"),  # Friday
        ("2026-09-21 12:00", 1, "2026-09-18 12:00"),  # Monday: the weekend is no day
        ("2026-09-21 12:00", 3, "2026-09-16 12:00"),
        ("2026-09-22 12:00", 5, "2026-09-15 12:00"),
        ("2026-09-08 09:31", 1, "2026-09-04 09:31"),  # after Labor Day
        ("2026-09-20 12:00", 1, "2026-09-18 00:00"),  # Sunday: all of Friday
        ("2026-09-19 00:30", 3, "2026-09-16 00:00"),
        ("2026-11-02 12:00", 1, "2026-10-30 12:00"),  # the clocks went back on Sunday
        ("2026-11-27 12:00", 1, "2026-11-25 12:00"),  # Thanksgiving
    ):
        with named_in_failure(now, days, begin):
            assert trading_days_before(at(now), days) == at(begin)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)).map(lambda d: d.replace(tzinfo=UTC)),  # noqa: DTZ001
    st.integers(1, 5),
)
def test_that_the_trading_days_before_contain_that_many_sessions(now: datetime, days: int) -> None:
    begin = trading_days_before(now, days)
    length = now - begin
    day = begin.astimezone(NEW_YORK).date()
    traded = timedelta()
    while day <= now.astimezone(NEW_YORK).date():
        midnight = datetime.combine(day, time(), NEW_YORK)
        if session_of(day) is not None:
            end = datetime.combine(day + timedelta(days=1), time(), NEW_YORK)
            traded += max(min(end, now) - max(midnight, begin), timedelta())
        day += timedelta(days=1)
    # An hour more or less where the clocks change.
    assert abs(traded - timedelta(days=days)) <= timedelta(hours=1), length


def test_that_the_short_windows_are_clock_time() -> None:
    for window, minutes in (
        (Window.TEN_MINUTES, 10),
        (Window.HALF_HOUR, 30),
        (Window.HOUR, 60),
        (Window.THREE_HOURS, 180),
    ):
        with named_in_failure(window, minutes):
            assert begin_of(window, NOON) == NOON - timedelta(minutes=minutes)


def test_that_a_print_leaves_a_window_when_its_time_is_over() -> None:
    trades = time_and_sales((20.00, 100), (21.00, 100), step_s=600)
    first = indicators(trades, NOON).grpan[Window.TEN_MINUTES]
    assert first == Grpan(20.00, 50.0, 2)
    later = indicators(trades, NOON + timedelta(seconds=1)).grpan[Window.TEN_MINUTES]
    assert later == Grpan(21.00, 100.0, 1)
    assert indicators(trades, NOON + timedelta(minutes=11)).grpan[Window.TEN_MINUTES] is None


def test_that_the_oldest_print_is_named_and_no_print_gives_no_figure() -> None:
    found = indicators(time_and_sales((20.00, 100)), NOON)
    assert (found.at, found.until, found.since) == (NOON, NOON, NOON)
    assert indicators([], NOON).since is None
    assert set(indicators([], NOON).grpan.values()) == {None}


def slow_weight(trade: Print) -> Decimal:
    if trade.venue != "FNRA" or trade.size in (100, 200):
        return Decimal("1.0")
    return Decimal("0.4") if trade.size >= 300 and not trade.size % 100 else Decimal("0.2")


def slow_grpan(trades: list[Print]) -> Grpan | None:
    used = [t for t in trades if not t.size < 20]
    best: tuple[Decimal, int, float] | None = None
    for price in {t.price for t in used}:
        weight = sum((slow_weight(t) for t in used if t.price == price), Decimal())
        first = min(n for n, t in enumerate(used) if t.price == price)
        if best is None or (weight, -first) > best[:2]:
            best = (weight, -first, price)
    if best is None:
        return None
    near = [t for t in used if round(abs(round(t.price * 100) - round(best[2] * 100))) <= 4]
    return Grpan(best[2], 100 * len(near) / len(used), len(used))


def slow_begin(window: Window, now: datetime) -> datetime:
    amount, unit = window.value.split()
    if unit == "min":
        return now - timedelta(minutes=int(amount))
    if unit == "h":
        return now - timedelta(minutes=60 * int(amount))
    local = now.astimezone(NEW_YORK)
    days = [local.date() - timedelta(days=n) for n in range(30)]
    trading: list[date] = [day for day in days if session_of(day) is not None]
    if trading[0] == local.date():
        return datetime.combine(trading[int(amount)], local.time(), NEW_YORK)
    return datetime.combine(trading[int(amount) - 1], time(), NEW_YORK)


trade_lists = st.lists(
    st.tuples(
        st.integers(1990, 2012).map(lambda cents: cents / 100),
        st.sampled_from([1.0, 19.0, 20.0, 50.0, 99.0, 100.0, 200.0, 300.0, 400.0, 5000.0]),
        st.integers(0, 6 * 86_400),
        st.sampled_from(["NYSE", "FNRA"]),
    ),
    max_size=60,
).map(
    lambda found: [
        Print(price, size, NOON - timedelta(seconds=ago), venue)
        for price, size, ago, venue in sorted(found, key=lambda t: -t[2])
    ]
)


@given(trade_lists, st.integers(0, 8 * 86_400), st.none() | st.sampled_from([50.0, 300.0, 4999.0]))
def test_that_every_window_agrees_with_the_slow_reference(
    trades: list[Print], after_s: int, volume: float | None
) -> None:
    now = NOON + timedelta(seconds=after_s)
    found = indicators(trades, now, average_daily_volume=volume)
    end = now if opened_at(now) is not None or not trades else trades[-1].at
    for window, value in found.grpan.items():
        if window is Window.LATEST:
            assert value == slow_grpan([t for t in trades if t.size >= 20][-15:])
        else:
            assert value == slow_grpan([t for t in trades if t.at >= slow_begin(window, end)])
    for window, average in found.rwvap.items():
        inside = [t for t in trades if t.at >= slow_begin(window, end) and t.size >= 20]
        used = [t for t in inside if volume is None or not t.size > volume]
        if len(used) < 5:
            assert average is None
            continue
        assert average is not None
        assert average.price == pytest.approx(sum(t.price * t.size for t in used) / sum(t.size for t in used))
        assert (average.prints, average.left_out) == (len(used), len(inside) - len(used))


@given(trade_lists)
def test_that_a_longer_window_never_holds_fewer_prints(trades: list[Print]) -> None:
    found = indicators(trades, NOON)
    counts = [v.prints if v else 0 for w, v in found.grpan.items() if w is not Window.LATEST]
    assert all(shorter <= longer for shorter, longer in pairwise(counts))
