"""The executions of the day: each once, whatever is reported, how often and in which order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.book.fills import Fills
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.fill import Fill, FillKey
from psf_monitor.problem import Problem
from tests.support.fill_records import fill
from tests.support.records import GUN, NOON, PED, Clock

ACCOUNT = "U1240821"
LATE_EVENING = datetime(2026, 9, 19, 3, 59, tzinfo=UTC)
"""One minute before midnight in New York."""


class Watcher:
    """What a window that drains now and then has come to show."""

    def __init__(self, fills: Fills) -> None:
        self._fills = fills
        self.rows: dict[FillKey, Fill] = {}
        self.arrived: list[Fill] = []
        self.woken = 0
        fills.when_dirty(self._wake)

    def _wake(self) -> None:
        self.woken += 1

    def drain(self) -> None:
        changes = self._fills.drain()
        for key, row in changes.rows.items():
            if row is None:
                del self.rows[key]
            else:
                self.rows[key] = row
        self.arrived += changes.arrived


def watched(clock: Clock | None = None) -> tuple[Fills, Watcher]:
    fills = Fills(clock or Clock())
    return fills, Watcher(fills)


def report(fills: Fills, *reported: Fill, mode: AccountMode = GUN) -> None:
    fills.fills_reported(mode, reported)


# What a day may report: three executions, one corrected twice, each with its cost later, by both profiles.
_BASES = [
    fill("x.1", revision=1, quantity=100, at=NOON),
    fill("x.1", revision=2, quantity=90, at=NOON),
    fill("x.1", revision=3, quantity=95, at=NOON),
    fill("y.1", "SPY", "SELL", at=NOON - timedelta(minutes=5)),
    fill("z", "SPY", "SELL", revision=0, at=None),
]
TELLINGS = [
    replace(reported, mode=mode)
    for base in _BASES
    for reported in (base, replace(base, commission=1.0 + base.revision, commission_currency="USD"))
    for mode in (GUN, PED)
]
NEWS = st.sampled_from(["listed", "unavailable", "drain"])


@given(
    order=st.permutations(TELLINGS),
    again=st.lists(st.tuples(st.integers(0, len(TELLINGS) - 1), st.sampled_from(TELLINGS)), max_size=20),
    news=st.lists(
        st.tuples(st.integers(0, len(TELLINGS) - 1), NEWS, st.sampled_from([GUN, PED])), max_size=12
    ),
    batches=st.integers(1, 5),
)
def test_that_any_order_and_repetition_of_what_is_reported_ends_in_the_same_book(
    order: list[Fill],
    again: list[tuple[int, Fill]],
    news: list[tuple[int, str, AccountMode]],
    batches: int,
) -> None:
    fills, watcher = watched()
    for n in range(0, len(order), batches):
        batch = [*order[n : n + batches], *(reported for at, reported in again if n <= at < n + batches)]
        for mode in (GUN, PED):
            report(fills, *(reported for reported in batch if reported.mode is mode), mode=mode)
        for at, what, mode in news:
            if n <= at < n + batches:
                if what == "listed":
                    fills.fills_listed(mode, [ACCOUNT])
                elif what == "unavailable":
                    fills.fills_unavailable(mode, Problem("gone"))
                else:
                    watcher.drain()
    watcher.drain()
    assert [(f.fill_id, f.revision, f.quantity, f.commission, f.mode) for f in fills.fills()] == [
        ("y.1", 1, 100, 2.0, GUN),
        ("x.1", 3, 95, 4.0, GUN),
        ("z", 0, 100, 1.0, GUN),
    ]
    assert watcher.rows == {f.key: f for f in fills.fills()}
    keys = [f.key for f in watcher.arrived]
    assert len(keys) == len(set(keys))


def test_that_only_what_happens_while_we_watch_arrives() -> None:
    fills, watcher = watched()
    report(fills, fill("a"), fill("b"))
    fills.fills_listed(GUN, [ACCOUNT])
    watcher.drain()
    assert watcher.arrived == []
    report(fills, fill("a", commission=1.0), fill("c"))
    report(fills, fill("c", revision=2))
    watcher.drain()
    assert [(f.fill_id, f.revision) for f in watcher.arrived] == [("c", 2)]
    report(fills, fill("c", revision=2, commission=1.0))
    watcher.drain()
    assert len(watcher.arrived) == 1


def test_that_fills_during_an_outage_are_shown_but_not_announced() -> None:
    fills, watcher = watched()
    fills.fills_listed(GUN, [ACCOUNT])
    fills.fills_listed(PED, ["U1770037"])
    fills.fills_unavailable(GUN, Problem("IBKR_GUN was lost."))
    report(fills, fill("while it was down"))
    report(fills, fill("of the other", account="U1770037", mode=PED), mode=PED)
    fills.fills_listed(GUN, [ACCOUNT])
    watcher.drain()
    assert [f.fill_id for f in watcher.arrived] == ["of the other"]
    assert len(fills.fills()) == 2


def test_that_the_state_shows_when_the_list_was_whole_and_why_it_is_not() -> None:
    clock = Clock()
    fills, _ = watched(clock)
    assert (fills.state(GUN).as_of, fills.state(GUN).problem) == (None, None)
    fills.fills_listed(GUN, [ACCOUNT])
    clock.advance(60)
    fills.fills_unavailable(GUN, Problem("IBKR_GUN was lost."))
    assert (fills.state(GUN).as_of, str(fills.state(GUN).problem)) == (NOON, "IBKR_GUN was lost.")
    assert fills.state(GUN).accounts == (ACCOUNT,)
    fills.fills_listed(GUN, [ACCOUNT])
    assert (fills.state(GUN).as_of, fills.state(GUN).problem) == (clock.now, None)
    assert fills.state(PED).as_of is None


def test_that_the_window_is_woken_once_and_only_for_news() -> None:
    fills, watcher = watched()
    report(fills, fill("a"))
    report(fills, fill("b"))
    assert watcher.woken == 1
    watcher.drain()
    report(fills, fill("a"), fill("b"))
    assert watcher.woken == 1
    assert fills.drain().rows == {}
    fills.fills_unavailable(GUN, Problem("gone"))
    assert watcher.woken == 2


def test_that_a_window_that_comes_late_is_woken_for_what_there_is() -> None:
    fills = Fills(Clock())
    report(fills, fill())
    watcher = Watcher(fills)
    assert watcher.woken == 1
    watcher.drain()
    assert len(watcher.rows) == 1


def test_that_yesterday_leaves_at_new_yorks_midnight_and_does_not_come_back() -> None:
    clock = Clock(LATE_EVENING)
    fills, watcher = watched(clock)
    old, early = fill("old", at=LATE_EVENING), fill("early", at=LATE_EVENING + timedelta(minutes=2))
    report(fills, old, early)
    watcher.drain()
    assert len(watcher.rows) == 2
    clock.advance(61)
    assert fills.fills() == [early]
    watcher.drain()
    assert list(watcher.rows) == [early.key]
    report(fills, old)
    watcher.drain()
    assert list(watcher.rows) == [early.key]


def test_that_an_execution_of_another_day_is_not_of_today() -> None:
    fills, watcher = watched()
    report(fills, fill(at=NOON - timedelta(days=1)))
    watcher.drain()
    assert fills.fills() == []
    assert watcher.rows == {}


def test_that_an_execution_without_a_time_counts_on_the_day_it_was_first_seen() -> None:
    clock = Clock(LATE_EVENING)
    fills, watcher = watched(clock)
    timeless: Sequence[Fill] = [fill("t", at=None)]
    fills.fills_reported(GUN, timeless)
    assert fills.fills() == timeless
    clock.advance(120)
    fills.fills_reported(GUN, timeless)
    watcher.drain()
    assert fills.fills() == []
    fills.fills_reported(GUN, timeless)
    assert fills.fills() == []


def test_that_one_without_a_time_leaves_when_it_turns_out_to_have_been_seen_before_today() -> None:
    clock = Clock(LATE_EVENING)
    fills, watcher = watched(clock)
    timeless = fill("t", at=None)
    clock.advance(120)
    report(fills, timeless)
    watcher.drain()
    assert list(watcher.rows) == [timeless.key]
    fills.set_first_seen({timeless.key: LATE_EVENING})
    watcher.drain()
    assert (fills.fills(), watcher.rows) == ([], {})
    report(fills, timeless)
    assert fills.fills() == []


def test_that_weekend_executions_appear_on_the_day_on_which_they_are_booked() -> None:
    saturday = datetime(2026, 9, 19, 16, 0, tzinfo=UTC)
    clock = Clock(saturday)
    fills, window = watched(clock)
    report(fills, fill("a", at=saturday), fill("old", at=saturday - timedelta(days=1)))
    window.drain()
    clock.advance(86400)
    window.drain()
    assert window.rows == {}
    # A correction of it meanwhile, and one of Saturday that is reported on Sunday.
    report(fills, fill("a", revision=2, price=24.6, at=saturday), fill("b", at=saturday))
    window.drain()
    assert window.rows == {}
    clock.advance(86400)
    window.drain()
    assert {(each.fill_id, each.price) for each in window.rows.values()} == {("a", 24.6), ("b", 24.5)}
    assert {each.fill_id for each in fills.fills()} == {"a", "b"}
    assert [each.fill_id for each in window.arrived] == []
    clock.advance(86400)
    window.drain()
    assert (window.rows, fills.fills()) == ({}, [])


def test_that_the_day_that_has_no_hour_begins_at_midnight_too() -> None:
    # New York's clocks go back in the night to the first of November 2026.
    clock = Clock(datetime(2026, 11, 1, 12, 0, tzinfo=UTC))
    fills, _ = watched(clock)
    midnight = datetime(2026, 11, 1, 4, 0, tzinfo=UTC)
    before, after = fill("a", at=midnight - timedelta(seconds=1)), fill("b", at=midnight)
    report(fills, before, after)
    assert fills.fills() == [after]


def test_that_a_fill_whose_time_turns_out_to_be_yesterdays_leaves() -> None:
    fills, watcher = watched()
    report(fills, fill("t", at=None))
    watcher.drain()
    report(fills, fill("t", at=NOON - timedelta(days=1)))
    watcher.drain()
    assert (fills.fills(), watcher.rows) == ([], {})


def test_that_no_execution_is_ahead_of_its_time_once_tws_has_corrected_a_slow_clock() -> None:
    clock = Clock()
    fills, recorded = Fills(clock), fill("x.1", at=clock() + timedelta(seconds=90))
    found = []
    fills.fills_reported(GUN, [recorded])
    found.append(fills.state(GUN).ahead)
    clock.advance(130)
    fills.fills_reported(GUN, [recorded])
    fills.fills_listed(GUN, ["U1240821"])
    found.append(fills.state(GUN).ahead)
    assert found == [1, 0]
