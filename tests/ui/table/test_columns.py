"""What the cells of both tables say, and in which tone."""

from datetime import timedelta

from psf_monitor.book.orders.working_quantity import Working
from psf_monitor.book.rows import OrderRow, PositionRow, QuoteState
from psf_monitor.domain.orders.order_standing import MarketPosition
from psf_monitor.domain.position import PositionKey
from psf_monitor.ui.orders.columns import ORDERS
from psf_monitor.ui.positions.columns import POSITIONS
from psf_monitor.ui.style.shapes import Shape
from psf_monitor.ui.style.theme import Tone
from psf_monitor.ui.table.columns import Column
from tests.conftest import named_in_failure
from tests.support.records import NOON, PED
from tests.ui.rows import a_position, an_order


def held(key: str) -> Column[PositionRow]:
    return POSITIONS.columns[POSITIONS.index(key)]


def ordered(key: str) -> Column[OrderRow]:
    return ORDERS.columns[ORDERS.index(key)]


def test_that_a_position_reads_column_by_column() -> None:
    for key, text in (
        ("account", "GUN"),
        ("symbol", "CIM PRB"),
        ("side", "Long"),
        ("quantity", "3,000"),
        ("average_price", "23.4186"),
        ("bid_size", "600"),
        ("bid", "24.52"),
        ("ask", "24.60"),
        ("ask_size", "400"),
        ("spread", "0.08"),
        ("last", "24.55"),
        ("change", "+0.08"),
        ("change_pct", "+0.33%"),
        ("age", "2s"),
        ("cost_basis", "70,256"),
        ("market_value", "73,650"),
        ("net_liquidation_pct", "—"),
        ("unrealized_pnl", "+3,394"),
        ("pnl_pct", "+4.83%"),
        ("day_pnl", "+240"),
        ("working", ""),
    ):
        with named_in_failure(key, text):
            assert held(key).text(a_position(), NOON + timedelta(seconds=2)) == text


def test_that_an_order_reads_column_by_column() -> None:
    for key, text in (
        ("account", "GUN"),
        ("order_id", "11"),
        ("side", "BUY"),
        ("quantity", "500"),
        ("order_type", "LMT"),
        ("limit_price", "24.52"),
        ("tif", "—"),
        ("status", "Submitted"),
        ("filled", "0"),
        ("remaining", "500"),
        ("placed", "—"),
        ("bid", "24.52"),
        ("ask", "24.60"),
        ("to_touch", "0.00"),
        ("to_fill", "0.08"),
        ("where", "At bid"),
    ):
        with named_in_failure(key, text):
            assert ordered(key).text(an_order(), NOON) == text


def test_that_a_short_is_written_out_with_a_minus_and_a_chip() -> None:
    row = a_position(quantity=-800)
    assert held("side").text(row, NOON) == "SHORT"
    assert held("side").tone(row, NOON) is Tone.SHORT
    assert held("quantity").text(row, NOON) == "−800"
    assert held("market_value").text(row, NOON) == "−19,640"


def test_that_a_profit_is_coloured_by_what_is_shown() -> None:
    for value, tone in ((12.0, Tone.GAIN), (-12.0, Tone.LOSS), (0.2, Tone.TEXT), (None, Tone.TEXT2)):
        with named_in_failure(value, tone):
            assert held("unrealized_pnl").tone(a_position(unrealized_pnl=value), NOON) is tone


def test_that_a_symbol_that_hammer_does_not_know_shows_none() -> None:
    row = a_position(quote_state=QuoteState.MISSING, quote_changed_at=None, bid=None)
    assert held("age").text(row, NOON) == "none"
    assert held("age").tone(row, NOON) is Tone.MISSING
    assert held("bid").text(row, NOON) == "—"


def test_that_a_symbol_that_waits_for_hammer_does_not_show_none() -> None:
    row = a_position(quote_state=QuoteState.WAITING, quote_changed_at=None)
    assert held("age").text(row, NOON) == "—"


def test_that_a_quiet_share_warns_in_its_age_alone() -> None:
    row, later = a_position(), NOON + timedelta(minutes=15)
    assert (held("age").text(row, later), held("age").tone(row, later)) == ("15m", Tone.WARN)
    assert not any(column.is_old(row) for column in POSITIONS.columns)


def test_that_frozen_prices_make_hammers_and_calculated_cells_old_and_no_others() -> None:
    row = a_position(quote_state=QuoteState.FROZEN)
    old = {column.band for column in POSITIONS.columns if column.is_old(row)}
    assert old == {"HAMMER QUOTES", "CALCULATED"}
    struck = {c.key for c in POSITIONS.columns if c.is_struck}
    assert struck == {"bid", "ask", "last", "high", "low", "prev_close", "grpan", "rwvap_1d"}


def test_that_a_lost_account_makes_what_it_reported_and_what_is_calculated_from_it_old() -> None:
    row = a_position(stale_since=NOON)
    assert {c.band for c in POSITIONS.columns if c.is_old(row)} == {"IBKR", "CALCULATED"}


def test_that_working_quantities_are_reported_with_their_side() -> None:
    for buy, sell, text in (
        (1000, 0, "BUY 1,000"),
        (0, 500, "SELL 500"),
        (1000, 500, "B 1,000 S 500"),
        (0, 0, ""),
    ):
        with named_in_failure(buy, sell, text):
            assert held("working").text(a_position(working=Working(buy, sell)), NOON) == text


def test_that_an_excluded_row_names_which_kind_of_login_it_is_of() -> None:
    row = a_position(is_excluded=True, mode=PED, key=PositionKey("DU1", 1), account="DU1234370")
    assert held("account").text(row, NOON) == "PAPER"
    assert held("account").tone(row, NOON) is Tone.PAPER
    tooltip = held("account").tooltip
    assert tooltip is not None
    assert "IBKR_PED, account DU••••370" in tooltip(row, NOON)


def test_that_a_value_shows_the_sum_it_is_made_of() -> None:
    tooltip = held("market_value").tooltip
    assert tooltip is not None
    assert tooltip(a_position(), NOON) == "3,000 × 24.55 (last, market 24.52/24.60) in USD"
    assert "× 50" in tooltip(a_position(multiplier=50.0), NOON)


def test_that_a_profit_shows_the_sum_it_is_made_of() -> None:
    tooltip = held("unrealized_pnl").tooltip
    assert tooltip is not None
    assert tooltip(a_position(), NOON).startswith("3,000 × (24.55 − 23.4186)")


def test_that_every_status_has_a_shape_and_keeps_its_text() -> None:
    for status, shape in (
        ("Submitted", Shape.DISC),
        ("PreSubmitted", Shape.HALF),
        ("PendingSubmit", Shape.RING),
        ("ApiPending", Shape.RING),
        ("PendingCancel", Shape.SQUARE),
        ("Cancelled", Shape.CROSS),
        ("Inactive", Shape.CROSS),
        ("SomethingNew", Shape.RING),
    ):
        with named_in_failure(status, shape):
            row, column = an_order(status=status), ordered("status")
            assert column.mark is not None
            assert column.mark(row)[0] is shape
            assert column.text(row, NOON) == status


def test_that_a_partly_filled_order_is_marked() -> None:
    row = an_order(filled=300.0, remaining=500.0)
    assert ordered("status").text(row, NOON) == "Submitted · part"
    assert ordered("filled").is_bold(row)
    assert not ordered("filled").is_bold(an_order())


def test_that_an_order_of_another_client_shows_its_permanent_id() -> None:
    row = an_order(order_id=-2, perm_id=1840501)
    assert ordered("order_id").text(row, NOON) == "1840501"
    tooltip = ordered("order_id").tooltip
    assert tooltip is not None
    assert tooltip(row, NOON) == "Order id -2, permanent id 1840501, placed by API client 3"


def test_that_an_unknown_time_of_placing_explains_why_it_is_unknown() -> None:
    tooltip = ordered("placed").tooltip
    assert tooltip is not None
    assert tooltip(an_order(), NOON).startswith("TWS does not report when an order was placed")
    assert ordered("placed").text(an_order(placed_at=NOON), NOON) == "12:00:00"


def test_that_a_near_fill_stands_out_only_on_live_prices() -> None:
    near = an_order(is_near_fill=True, to_fill=0.02, market_position=MarketPosition.AT_BID)
    frozen = an_order(is_near_fill=True, to_fill=0.02, quote_state=QuoteState.FROZEN)
    assert ORDERS.is_highlighted(near)
    assert ordered("to_fill").tone(near, NOON) is Tone.WARN
    assert not ORDERS.is_highlighted(frozen)
    assert ordered("where").text(frozen, NOON) == "Frozen"


def test_that_the_compact_tables_keep_what_the_work_needs() -> None:
    left_out = {c.key for c in POSITIONS.columns if c.is_wide_only}
    assert left_out == {"bid_size", "ask_size", "spread", "change_pct", "pnl_pct"}
    assert {c.key for c in ORDERS.columns if c.is_wide_only} == {"tif", "placed", "to_touch"}
