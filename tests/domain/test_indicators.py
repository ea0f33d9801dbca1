"""GRPAN and RWVAP by their definitions: the worked examples, and a slow and obvious second opinion."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.domain.indicators import (
    Grpan,
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
from psf_monitor.domain.market_hours import NEW_YORK, session_of
from psf_monitor.domain.quote import Print
from tests.records import NOON


def tape(*trades: tuple[float, float], step_s: float = 60) -> list[Print]:
    """Prints a minute apart that end at noon."""
    return [
        Print(price, size, NOON - timedelta(seconds=step_s * (len(trades) - 1 - n)))
        for n, (price, size) in enumerate(trades)
    ]


def test_that_the_worked_example_of_grpan_comes_out() -> None:
    assert grpan(tape((20.00, 100), (20.01, 50), (20.00, 200), (20.02, 30))) == Grpan(20.00, 100.0, 4)


def test_that_the_worked_example_of_rwvap_comes_out() -> None:
    found = rwvap(tape((20.00, 100), (20.01, 80), (19.99, 120)), None)
    assert found is not None
    assert round(found.price, 4) == 19.9987


def test_that_odd_lots_below_ten_shares_are_ignored() -> None:
    assert grpan(tape((20.00, 9), (20.00, 9.99), (21.00, 10))) == Grpan(21.00, 100.0, 1)
    assert grpan(tape((20.00, 9))) is None
    assert grpan([]) is None


@pytest.mark.parametrize(("size", "outweighed"), [(100, 3), (200, 3), (300, 3), (400, 0), (99, 0)])
def test_that_only_round_sizes_have_full_weight(size: float, outweighed: int) -> None:
    trades = [(20.00, size), *[(21.00, 50.0)] * 3]
    found = grpan(tape(*trades))
    assert found is not None
    assert found.price == (20.00 if outweighed else 21.00)


def test_that_the_later_print_wins_a_tie() -> None:
    assert grpan(tape((20.00, 100), (21.00, 100))) == Grpan(21.00, 50.0, 2)
    assert grpan(tape((20.00, 50), (21.00, 100), (20.00, 50), (20.00, 50), (20.00, 50))) == Grpan(
        20.00, 80.0, 5
    )


@pytest.mark.parametrize(("other", "concentration"), [(24.56, 100.0), (24.48, 100.0), (24.57, 75.0)])
def test_that_four_cents_away_is_still_near(other: float, concentration: float) -> None:
    found = grpan(tape((24.52, 100), (24.52, 100), (24.52, 100), (other, 100)))
    assert found == Grpan(24.52, concentration, 4)


def test_that_the_latest_looks_at_fifteen_prints_that_count() -> None:
    trades = [(20.00, 100.0)] * 20 + [(21.00, 100.0)] * 8 + [(22.00, 100.0)] * 7 + [(23.00, 5.0)] * 30
    assert latest_grpan(tape(*trades)) == Grpan(21.00, 100 * 8 / 15, 15)


def test_that_prints_above_the_average_daily_volume_are_left_out() -> None:
    trades = tape((20.00, 100), (20.01, 80), (25.00, 100_001))
    assert rwvap(trades, 100_000) == Rwvap((20.00 * 100 + 20.01 * 80) / 180, 2, 1)
    assert rwvap(trades, 50_000, multiplier=3) == rwvap(trades, None)
    assert rwvap(tape((25.00, 1000)), 10) is None


def test_that_the_deviation_is_last_less_indicator() -> None:
    assert deviation(24.55, 24.52) == 0.03
    assert deviation(None, 24.52) is None
    assert deviation(24.55, None) is None


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("now", "days", "begin"),
    [
        ("2026-09-18 12:00", 1, "2026-09-17 12:00"),  # Friday
        ("2026-09-21 12:00", 1, "2026-09-18 12:00"),  # Monday: the weekend is no day
        ("2026-09-21 12:00", 3, "2026-09-16 12:00"),
        ("2026-09-22 12:00", 5, "2026-09-15 12:00"),
        ("2026-09-08 09:31", 1, "2026-09-04 09:31"),  # after Labor Day
        ("2026-09-20 12:00", 1, "2026-09-18 00:00"),  # Sunday: all of Friday
        ("2026-09-19 00:30", 3, "2026-09-16 00:00"),
        ("2026-11-02 12:00", 1, "2026-10-30 12:00"),  # the clocks went back on Sunday
        ("2026-11-27 12:00", 1, "2026-11-25 12:00"),  # Thanksgiving
    ],
)
def test_that_days_are_trading_days(now: str, days: int, begin: str) -> None:
    assert trading_days_before(at(now), days) == at(begin)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)).map(lambda d: d.replace(tzinfo=UTC)),  # noqa: DTZ001
    st.integers(1, 5),
)
def test_that_so_many_sessions_lie_in_so_many_trading_days(now: datetime, days: int) -> None:
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


@pytest.mark.parametrize(
    ("window", "minutes"),
    [(Window.TEN_MINUTES, 10), (Window.HALF_HOUR, 30), (Window.HOUR, 60), (Window.THREE_HOURS, 180)],
)
def test_that_the_short_windows_are_clock_time(window: Window, minutes: int) -> None:
    assert begin_of(window, NOON) == NOON - timedelta(minutes=minutes)


def test_that_a_print_leaves_a_window_when_its_time_is_over() -> None:
    trades = tape((20.00, 100), (21.00, 100), step_s=600)
    first = indicators(trades, NOON).grpan[Window.TEN_MINUTES]
    assert first == Grpan(21.00, 50.0, 2)
    later = indicators(trades, NOON + timedelta(seconds=1)).grpan[Window.TEN_MINUTES]
    assert later == Grpan(21.00, 100.0, 1)
    assert indicators(trades, NOON + timedelta(minutes=11)).grpan[Window.TEN_MINUTES] is None


def test_that_what_is_kept_and_what_was_let_go_is_said() -> None:
    found = indicators(tape((20.00, 100)), NOON)
    assert (found.at, found.since, found.is_cut) == (NOON, NOON, False)
    assert indicators(tape(*[(20.00, 100)] * 149), NOON).is_cut is False
    assert indicators(tape(*[(20.00, 100)] * 150), NOON).is_cut is True
    assert indicators([], NOON).since is None
    assert set(indicators([], NOON).grpan.values()) == {None}


def slow_grpan(trades: list[Print]) -> Grpan | None:
    used = [t for t in trades if not t.size < 10]
    best: tuple[float, int, float] | None = None
    for price in {t.price for t in used}:
        action = sum(1.0 if t.size in (100.0, 200.0, 300.0) else 0.25 for t in used if t.price == price)
        latest = max(n for n, t in enumerate(used) if t.price == price)
        if best is None or (action, latest) > best[:2]:
            best = (action, latest, price)
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


tapes = st.lists(
    st.tuples(
        st.integers(1990, 2012).map(lambda cents: cents / 100),
        st.sampled_from([1.0, 9.0, 10.0, 50.0, 99.0, 100.0, 200.0, 300.0, 400.0, 5000.0]),
        st.integers(0, 6 * 86_400),
    ),
    max_size=60,
).map(
    lambda found: [
        Print(price, size, NOON - timedelta(seconds=ago))
        for price, size, ago in sorted(found, key=lambda t: -t[2])
    ]
)


@given(tapes, st.integers(0, 8 * 86_400), st.none() | st.sampled_from([50.0, 300.0, 4999.0]))
def test_that_every_window_agrees_with_the_slow_reference(
    trades: list[Print], after_s: int, volume: float | None
) -> None:
    now = NOON + timedelta(seconds=after_s)
    found = indicators(trades, now, average_daily_volume=volume)
    for window, value in found.grpan.items():
        if window is Window.LATEST:
            assert value == slow_grpan([t for t in trades if t.size >= 10][-15:])
        else:
            assert value == slow_grpan([t for t in trades if t.at >= slow_begin(window, now)])
    for window, average in found.rwvap.items():
        inside = [t for t in trades if t.at >= slow_begin(window, now)]
        used = [t for t in inside if volume is None or not t.size > volume]
        if not used:
            assert average is None
            continue
        assert average is not None
        assert average.price == pytest.approx(sum(t.price * t.size for t in used) / sum(t.size for t in used))
        assert (average.prints, average.left_out) == (len(used), len(inside) - len(used))


@given(tapes)
def test_that_a_longer_window_never_holds_fewer_prints(trades: list[Print]) -> None:
    found = indicators(trades, NOON)
    counts = [v.prints if v else 0 for w, v in found.grpan.items() if w is not Window.LATEST]
    assert all(shorter <= longer for shorter, longer in pairwise(counts))
