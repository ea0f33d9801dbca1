"""Executions by age, reported in any order, corrected and removed."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.book.day.fills_by_age import FillsByAge
from psf_monitor.book.fills import Fills
from tests.support.fill_records import fill
from tests.support.records import GUN, NOON, Clock

REPORTED = st.tuples(
    st.integers(0, 40), st.integers(0, 9), st.sampled_from(["put", "put", "put", "drop", "look"])
)


@given(st.lists(REPORTED, max_size=120))
def test_that_their_order_is_as_if_sorted_anew(reported: list[tuple[int, int, str]]) -> None:
    order, known = FillsByAge(), {}
    for number, (name, minute, what) in enumerate(reported):
        execution, moment = fill(f"{name}.1", quantity=number + 1), NOON + timedelta(minutes=minute)
        if what == "put":
            order.add(execution, moment)
            known[execution.key] = (moment, execution.key, execution)
        elif what == "drop":
            order.drop(execution.key)
            known.pop(execution.key, None)
        else:
            assert order.listed() == [each for _, _, each in sorted(known.values(), key=lambda k: k[:2])]
    assert order.listed() == [each for _, _, each in sorted(known.values(), key=lambda k: k[:2])]


def test_that_one_without_a_time_moves_to_when_it_was_seen_first() -> None:
    fills = Fills(Clock(NOON))
    timed, untimed = fill("1.1", at=NOON - timedelta(minutes=5)), fill("2.1", at=None)
    fills.fills_reported(GUN, [untimed, timed])
    assert fills.fills() == [timed, untimed]
    fills.set_first_seen({untimed.key: NOON - timedelta(minutes=10)})
    assert fills.fills() == [untimed, timed]
