"""What a share earned today: the quantity at the open and the executions, each against the right price."""

from datetime import timedelta

import pytest

from psf_monitor.domain.day_pnl import NOTHING_TRADED, DayTraded, day_pnl, quantity_at_open, traded
from tests.support.fill_records import fill
from tests.support.records import NOON

BOUGHT = fill("1", side="BUY", quantity=400, price=24.505, commission=2.0)
SOLD = fill("2", side="SELL", quantity=200, price=24.58, commission=1.0, realized_pnl=18.82)


def test_that_a_day_is_what_was_held_against_the_close_and_what_was_traded_against_its_price() -> None:
    day = day_pnl(4200, traded([BOUGHT, SOLD], NOON), 1.0, 24.55, 24.47)
    assert day is not None
    assert day.by_move == pytest.approx(4200 * 0.08)
    assert day.by_fills == pytest.approx(400 * (24.55 - 24.505) - 200 * (24.55 - 24.58))
    assert day.pnl == pytest.approx(360)


def test_that_a_position_opened_today_needs_no_close_and_a_closed_one_no_mark() -> None:
    opened = day_pnl(0, traded([BOUGHT], NOON), 1.0, 24.55, None)
    assert opened is not None
    assert opened.pnl == pytest.approx(18)
    closed = day_pnl(200, traded([SOLD], NOON), 1.0, None, 24.47)
    assert closed is not None
    assert closed.pnl == pytest.approx(200 * 0.11)
    assert (closed.by_move, closed.by_fills) == (None, None)
    both = day_pnl(200, traded([SOLD], NOON), 1.0, 99.0, 24.47)
    assert both is not None
    assert both.pnl == pytest.approx(closed.pnl), "what is gone does not move any more"


@pytest.mark.parametrize(
    ("at_open", "of_today", "point", "mark", "close"),
    [
        (100.0, NOTHING_TRADED, 1.0, 24.55, None),
        (100.0, NOTHING_TRADED, 1.0, None, 24.47),
        (100.0, NOTHING_TRADED, None, 24.55, 24.47),
        (100.0, DayTraded(fills=1, unknown=1), 1.0, 24.55, 24.47),
    ],
)
def test_that_a_result_that_lacks_an_input_is_unknown(
    at_open: float, of_today: DayTraded, point: float | None, mark: float | None, close: float | None
) -> None:
    assert day_pnl(at_open, of_today, point, mark, close) is None


def test_that_a_contract_counts_with_its_multiplier_and_a_short_gains_when_the_price_falls() -> None:
    day = day_pnl(-2, NOTHING_TRADED, 100.0, 1.5, 2.0)
    assert day is not None
    assert day.pnl == pytest.approx(100)


def test_that_costs_are_shown_once_they_are_reported_of_every_execution() -> None:
    whole = traded([BOUGHT, SOLD], NOON)
    assert (whole.fills, whole.net, whole.commission, whole.currency) == (2, 200.0, 3.0, "USD")
    assert whole.realized_pnl == pytest.approx(18.82)
    part = traded([BOUGHT, fill("3")], NOON)
    assert (part.commission, part.realized_pnl) == (None, None)
    assert traded([fill("4", quantity=None)], NOON).unknown == 1


def test_that_shares_traded_before_the_record_were_not_held_at_the_open() -> None:
    early = fill("1", side="BUY", quantity=300, at=NOON - timedelta(hours=3))
    late = fill("2", side="SELL", quantity=100, at=NOON + timedelta(hours=1))
    assert quantity_at_open(1000, NOON, [early, late]) == 700
    assert quantity_at_open(1000, NOON, [early, fill("3", at=None)]) is None
    assert quantity_at_open(1000, NOON, [fill("4", quantity=None)]) is None
