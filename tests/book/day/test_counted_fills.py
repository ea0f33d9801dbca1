"""What sums include after each execution equals counting and adding up everything again."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.book.book import Book
from psf_monitor.book.day.counted_fills import CountedFills, position_of
from psf_monitor.book.fills import Fills
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.fill import Fill, FillKey
from psf_monitor.domain.fills.fill_totals import COMBINATION, counted
from psf_monitor.domain.position import PositionKey
from tests.support.fill_records import fill
from tests.support.records import GUN, NOON, Clock

HAMMER = AccountMode.HAMMER_PRO
REPORTED = st.builds(
    fill,
    st.integers(0, 12).map("{}.1".format),
    st.sampled_from(["GS PRA", "CIM PRB"]),
    st.sampled_from(["BUY", "SELL"]),
    st.sampled_from([0.0, 100.0, 0.1, None]),
    kind=st.sampled_from(["STK", COMBINATION]),
    at=st.sampled_from([NOON, NOON.replace(minute=1), NOON.replace(minute=2)]),
    account=st.sampled_from(["U1240821", "U7"]),
    perm_id=st.integers(0, 3),
    mode=st.sampled_from([GUN, HAMMER]),
    hammer_id=st.sampled_from(["", "H1"]),
    commission=st.sampled_from([None, 0.1, 1e9, -1e9]),
)


def age(execution: Fill) -> tuple[object, FillKey]:
    return execution.at, execution.key


def anew(fills: list[Fill]) -> list[tuple[PositionKey, list[Fill]]]:
    """By contract, of all at once."""
    found: dict[PositionKey, list[Fill]] = {}
    for each in counted(sorted(fills, key=age)):
        found.setdefault(position_of(each), []).append(each)
    return list(found.items())


@given(st.lists(st.lists(st.tuples(REPORTED, st.booleans()), max_size=8), max_size=8))
def test_that_they_are_what_all_at_once_come_to(batches: list[list[tuple[Fill, bool]]]) -> None:
    kept, known = CountedFills(age), dict[FillKey, Fill]()  # type: ignore[arg-type]
    for batch in batches:
        fields = {each.key: each if is_there else None for each, is_there in batch}
        before = dict(kept.by_key)
        touched = kept.change((known.get(key), each) for key, each in fields.items())
        known.update((key, each) for key, each in fields.items() if each is not None)
        for key in (key for key, each in fields.items() if each is None):
            known.pop(key, None)
        assert list(kept.by_key.items()) == anew(list(known.values()))
        assert {key for key in before | kept.by_key if before.get(key) != kept.by_key.get(key)} <= touched
    fresh = CountedFills(age)  # type: ignore[arg-type]
    fresh.replace_all(sorted(known.values(), key=age))
    assert list(fresh.by_key.items()) == list(kept.by_key.items())


def test_that_an_execution_marks_its_own_share_alone() -> None:
    clock = Clock(NOON)
    book, fills = Book(clock), Fills(clock)
    book.attach_fills(fills)
    fills.fills_reported(GUN, [fill("1.1", "GS PRA"), fill("2.1", "CIM PRB")])
    fills.fills_listed(GUN, ["U1240821"])
    book.day.settle()
    reported = replace(fill("2.1", "CIM PRB"), commission=1.0, commission_currency="USD")
    fills.fills_reported(GUN, [reported])
    news = book.day.settle()
    assert (news.positions, news.modes) == ({position_of(reported)}, set())
