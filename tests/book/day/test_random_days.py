"""The day P&L of random days, next to a slow reference."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from psf_monitor.book.day.open_quantities import SETTLES_AFTER
from psf_monitor.domain.fills.fill import Fill, ListReach
from tests.book.day.traded_book import CIM, CLOSE, KEY, MARK, OPEN, TradedBook, snapshot
from tests.support.fill_records import fill
from tests.support.records import GUN


@dataclass
class Shares:
    """The day of an account, one share after the other: each has the price at which it came today."""

    held: int
    units: list[tuple[int, float]] = field(default_factory=list)
    gained: float = 0.0

    def __post_init__(self) -> None:
        self.units = [(1 if self.held > 0 else -1, CLOSE)] * abs(self.held)

    def trade(self, quantity: int, price: float) -> None:
        for _ in range(abs(quantity)):
            sign = 1 if quantity > 0 else -1
            if self.units and self.units[0][0] == -sign:
                other, came_at = self.units.pop(0)
                self.gained += other * (price - came_at)
            else:
                self.units.append((sign, price))

    @property
    def pnl(self) -> float:
        return self.gained + sum(sign * (MARK - came_at) for sign, came_at in self.units)


quantities = st.integers(-4, 4).filter(bool)
prices = st.sampled_from([23.5, 24.25, 24.5, 25.125, 26.0])
steps = st.one_of(
    st.tuples(st.just("trade"), quantities, prices, st.booleans()),
    st.tuples(st.just("correct"), quantities, prices, st.booleans()),
    st.tuples(st.just("transfer"), quantities, st.just(0.0), st.booleans()),
    st.tuples(st.just("reconnect"), st.just(0), st.just(0.0), st.booleans()),
)


@given(at_open=st.integers(-5, 5), has_record=st.booleans(), day=st.lists(steps, max_size=10))
@example(2, False, [("trade", -2, 25.125, True), ("reconnect", 0, 0.0, False)])
@example(-3, True, [("trade", 3, 23.5, False), ("correct", 1, 26.0, False)])
@example(0, False, [("trade", 1, 23.5, False), ("trade", 1, 23.5, False)])
@example(0, False, [("trade", 4, 24.25, True), ("reconnect", 0, 0.0, True), ("trade", -4, 26.0, True)])
def test_that_every_day_is_what_its_shares_earned_one_by_one(
    at_open: int, has_record: bool, day: list[tuple[str, int, float, bool]]
) -> None:
    traded = TradedBook(at_open, at=OPEN + timedelta(minutes=1))
    if has_record:
        traded.book.day.opened(snapshot(at_open))
    traded.list_whole()
    traded.book.position_rows()
    held, reported, was_transferred = at_open, list[Fill](), False
    for number, (kind, quantity, price, position_first) in enumerate(day):
        traded.clock.advance(60)
        if kind == "transfer":
            held, was_transferred = held + quantity, True
            traded.load(held)
            traded.list_whole(*reported, reach=ListReach(unexplained=frozenset({KEY})))
        elif kind == "reconnect":
            traded.book.account_lost(GUN, traded.clock())
            traded.book.position_rows()
            traded.clock.advance(30)
            traded.load(held)
            unexplained = frozenset({KEY}) if was_transferred else frozenset()
            again = reported[::-1] if position_first else reported
            traded.list_whole(*again, reach=ListReach(unexplained=unexplained))
        elif kind == "trade":
            side = "BUY" if quantity > 0 else "SELL"
            done = fill(f"{number}", CIM, side, abs(quantity), price, at=traded.clock())
            held += quantity
            reported.append(done)
            if position_first:
                traded.load(held)
                traded.book.position_rows()
                traded.fills.fills_reported(GUN, [done])
            else:
                traded.fills.fills_reported(GUN, [done])
                traded.book.position_rows()
                traded.load(held)
        elif reported:
            done = replace(reported[-1], price=price, revision=reported[-1].revision + 1)
            reported[-1] = done
            traded.fills.fills_reported(GUN, [done])
        traded.book.position_rows()
        # HAMMER is asked again for what nobody needed for a moment.
        traded.quote()
        traded.book.position_rows()
    for _ in range(2):
        traded.clock.advance(SETTLES_AFTER.total_seconds())
        traded.book.position_rows()
    reference = Shares(at_open)
    for done in reported:
        assert done.quantity is not None
        assert done.price is not None
        reference.trade(int(done.quantity) * (1 if done.side == "BUY" else -1), done.price)
    found = [row.day_pnl for row in traded.book.position_rows()]
    found += [each.day_pnl for each in traded.book.closed_today()]
    if not found:
        assert reference.pnl == pytest.approx(0) or was_transferred
    elif was_transferred and not (has_record and held == sum(sign for sign, _ in reference.units)):
        assert found == [None], "what was transferred earned nothing that anybody knows"
    else:
        assert found == [pytest.approx(reference.pnl)]
    assert traded.book.totals((GUN,)).day_pnl == (found[0] if found else 0.0)
