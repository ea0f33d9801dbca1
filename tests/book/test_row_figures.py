"""Every figure of a row stands in the field of its name."""

from datetime import timedelta

import pytest

from psf_monitor.book.day.day_state import DayKnown
from psf_monitor.book.market.trades import Figures
from psf_monitor.book.orders.working_quantity import Working
from psf_monitor.book.row_figures import LoginState, Market, holding_of, listed_of, order_row, position_row
from psf_monitor.book.rows import ORDER_FIELDS, POSITION_FIELDS, OrderRow, PositionRow, QuoteState
from psf_monitor.domain.day_pnl import OpenQuantity, OpenSource
from psf_monitor.domain.depth import Ahead, Place
from psf_monitor.domain.facts import ShareFacts
from psf_monitor.domain.indicators import Grpan, Rwvap
from psf_monitor.domain.net_liquidation import NetLiquidation
from psf_monitor.domain.quote import Quote
from psf_monitor.domain.valuation import MarkSource
from tests.support.records import NOON, order, position

QUOTE = Quote(
    bid=24.52,
    ask=24.6,
    bid_size=601.0,
    ask_size=402.0,
    last=24.55,
    volume=70_000.0,
    prev_close=24.47,
    open=24.4,
    high=24.7,
    low=24.3,
    changed_at=NOON,
    received_at=NOON + timedelta(seconds=1),
    stale_since=NOON + timedelta(seconds=2),
    late_s=90.0,
)
FACTS = ShareFacts(usual_par=25.0)


def test_that_every_figure_of_a_position_is_in_the_field_of_its_name() -> None:
    held = position(quantity=3000, average_cost=23.5)
    opening, working = OpenQuantity(3000, OpenSource.EXECUTIONS), Working(buy=100)
    figures = Figures(NOON, Grpan(24.51, 80.0, 12), Rwvap(24.44, 10, 0))
    whole = NetLiquidation(1_000_000.0, "")
    row = position_row(
        holding_of(
            held,
            working=working,
            other_names=("CIM PRB2",),
            known=DayKnown(opening, why="why"),
            facts=FACTS,
        ),
        Market(QUOTE, QuoteState.LATE, "CIM-B", figures),
        LoginState(NOON + timedelta(seconds=3), is_excluded=True, day_gap="gap", net_liquidation=whole),
    )
    fields = dict(zip(type(row).__annotations__, row, strict=True))
    for name in ("bid", "ask", "bid_size", "ask_size", "last", "volume", "prev_close", "high", "low"):
        assert fields[name] == getattr(QUOTE, name)
    expected = {
        "key": held.key,
        "mode": held.mode,
        "account": held.account,
        "symbol": "CIM PRB",
        "currency": "USD",
        "exchange": held.instrument.exchange,
        "quantity": 3000,
        "average_price": 23.5,
        "working": working,
        "multiplier": 1.0,
        "price_unit": 1.0,
        "unpriced": None,
        "other_names": ("CIM PRB2",),
        "also_quoted": (),
        "models": (),
        "opening": opening,
        "day_why": "why",
        "issuer": "CIM",
        "cost_basis": pytest.approx(70_500),
        "net_liquidation": whole,
        "quote_state": QuoteState.LATE,
        "hammer_symbol": "CIM-B",
        "quote_changed_at": QUOTE.changed_at,
        "grpan": 24.51,
        "grpan_concentration": 80.0,
        "rwvap_1d": 24.44,
        "mark": 24.55,
        "mark_source": MarkSource.LAST,
        "market_value": pytest.approx(73_650),
        "unrealized_pnl": pytest.approx(3_150),
        "pnl_pct": pytest.approx(100 * 3_150 / 70_500),
        "day_pnl": pytest.approx(240),
        "stale_since": NOON + timedelta(seconds=3),
        "is_excluded": True,
        "quote_as_of": QUOTE.stale_since,
        "quote_late_s": 90.0,
        "day_gap": "gap",
        "facts": FACTS,
    }
    assert {name: fields[name] for name in expected} == expected
    assert row.earned is not None
    assert row.traded.fills == 0


def test_that_every_figure_of_an_order_is_in_the_field_of_its_name() -> None:
    placed = order(limit_price=24.5, oca_group="oca", reference="ref", client_id=7)
    ahead = Ahead(Place.UNKNOWN)
    row = order_row(
        listed_of(placed, placed_at=NOON),
        Market(QUOTE, QuoteState.LATE, "CIM-B"),
        LoginState(NOON + timedelta(seconds=3), is_excluded=True),
        ahead=ahead,
        facts=FACTS,
    )
    fields = dict(zip(type(row).__annotations__, row, strict=True))
    own = set(ORDER_FIELDS) & set(dir(placed))
    assert {name: fields[name] for name in own} == {name: getattr(placed, name) for name in own}
    expected = {
        "symbol": "CIM PRB",
        "con_id": placed.instrument.con_id,
        "kind": "STK",
        "placed_at": NOON,
        "is_placed_reported": False,
        "unread": (),
        "listed_as": None,
        "quote_state": QuoteState.LATE,
        "bid": 24.52,
        "ask": 24.6,
        "to_touch": pytest.approx(0.02),
        "to_fill": pytest.approx(0.1),
        "to_fill_pct": pytest.approx(100 * 0.1 / 24.5),
        "is_near_fill": False,
        "stale_since": NOON + timedelta(seconds=3),
        "is_excluded": True,
        "hammer_symbol": "CIM-B",
        "quote_as_of": QUOTE.stale_since,
        "quote_late_s": 90.0,
        "ahead": ahead,
        "facts": FACTS,
    }
    assert {name: fields[name] for name in expected} == expected


def test_that_columns_that_no_price_changes_come_first() -> None:
    assert tuple(PositionRow.__annotations__)[: len(POSITION_FIELDS)] == POSITION_FIELDS
    assert tuple(OrderRow.__annotations__)[: len(ORDER_FIELDS)] == ORDER_FIELDS
    assert not {"bid", "mark", "stale_since", "facts"} & {*POSITION_FIELDS, *ORDER_FIELDS}
