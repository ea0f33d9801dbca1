"""Exactly what is held or ordered wants a price, whatever came and went before."""

from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.book.quotes import is_priced_by_hammer
from psf_monitor.book.wanted_symbols import WantedSymbols
from psf_monitor.domain.instrument import Instrument

INSTRUMENTS = st.builds(
    Instrument,
    con_id=st.integers(1, 3),
    symbol=st.sampled_from(["CIM PRB", "MS PRK", "SPY"]),
    kind=st.sampled_from(["STK", "OPT"]),
    exchange=st.sampled_from(["NYSE", "LSEETF"]),
)


@given(st.lists(st.tuples(st.integers(0, 4), st.lists(INSTRUMENTS, max_size=2))))
def test_that_in_any_order_of_events_the_wanted_are_those_that_something_has(
    events: list[tuple[int, list[Instrument]]],
) -> None:
    wanted = WantedSymbols()
    world: dict[int, list[Instrument]] = {}
    for key, instruments in events:
        before = {i.symbol for each in world.values() for i in each}
        world[key] = instruments
        gone = wanted.replace([(key, instruments)])
        held = [i for each in world.values() for i in each]
        assert wanted.symbols == {i.symbol for i in held if is_priced_by_hammer(i)}
        assert gone == before - {i.symbol for i in held}


def test_that_many_that_come_and_leave_together_count_once() -> None:
    wanted = WantedSymbols()
    share = Instrument(1, "CIM PRB", exchange="NYSE")
    assert wanted.replace([(1, [share]), (2, [share])]) == set()
    before = wanted.symbols
    wanted.replace([(1, []), (3, [share])])
    assert wanted.symbols is before == {"CIM PRB"}
    assert wanted.replace([(2, []), (3, [])]) == {"CIM PRB"}
    assert wanted.symbols == frozenset()
