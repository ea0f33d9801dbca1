"""The columns of the positions table."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from psf_monitor import formatting
from psf_monitor.book.rows import PositionRow, QuoteState
from psf_monitor.ui.base.view_options import QUIET_AFTER_MIN
from psf_monitor.ui.positions import cell_tooltips
from psf_monitor.ui.style.sign_tone import HALF_CENT, HALF_PRICE, HALF_USD, signed_tone
from psf_monitor.ui.style.theme import Tone
from psf_monitor.ui.table.cells.column_inputs import POSITION_INPUTS, with_inputs
from psf_monitor.ui.table.columns import (
    Band,
    Column,
    Head,
    Table,
    account_number,
    account_text,
    account_tone,
    account_tooltip,
    always,
    figure,
    optional,
    quoted,
    secondary,
    sensitive,
    sensitive_tooltip,
    text_column,
)
from psf_monitor.ui.table.facts.columns import days_columns, yield_column
from psf_monitor.ui.table.header_tooltips import POSITION_TOOLTIPS, with_tooltips

if TYPE_CHECKING:
    from psf_monitor.domain.position import PositionKey

Figure = Callable[[PositionRow], float | None]


def _signed(get: Figure, zero: float) -> Callable[[PositionRow, datetime], Tone]:
    """Return a tone function for gain or loss by the sign as shown; ``zero`` is half of the last digit."""

    def tone(row: PositionRow, _now: datetime) -> Tone:
        return signed_tone(get(row), zero)

    return tone


def _age_value(row: PositionRow) -> float | None:
    return None if row.quote_changed_at is None else -row.quote_changed_at.timestamp()


def _age(row: PositionRow, now: datetime) -> str:
    if row.quote_changed_at is not None:
        return formatting.age(formatting.seconds_between(row.quote_changed_at, now))
    return "none" if row.quote_state is QuoteState.MISSING else formatting.DASH


def _age_tone(row: PositionRow, now: datetime, quiet_after_min: int = QUIET_AFTER_MIN) -> Tone:
    if row.quote_changed_at is None:
        return Tone.MISSING if row.quote_state is QuoteState.MISSING else Tone.TEXT2
    is_quiet = now - row.quote_changed_at >= timedelta(minutes=quiet_after_min)
    return Tone.WARN if is_quiet else Tone.TEXT2


def _working_value(row: PositionRow) -> float | None:
    return (row.working.buy + row.working.sell) or None


def _working(row: PositionRow, _now: datetime) -> str:
    buy, sell = row.working.buy, row.working.sell
    if buy and sell:
        known = f"B {formatting.quantity(buy)} S {formatting.quantity(sell)}"
    else:
        known = (
            f"BUY {formatting.quantity(buy)}" if buy else f"SELL {formatting.quantity(sell)}" if sell else ""
        )
    # A quantity that cannot be counted must not look like zero.
    uncounted = f"+{len(row.working.uncounted)} ?" if row.working.uncounted else ""
    return f"{known} {uncounted}".strip()


def _symbol(row: PositionRow) -> str:
    return row.symbol if row.listed_as is None else f"{row.symbol} → {row.listed_as}"


def _digits(number: float | None) -> str:
    return formatting.DASH if number is None else f"{number:.0f}"


def _side_tone(row: PositionRow, _now: datetime) -> Tone:
    return Tone.SHORT if row.quantity is not None and row.quantity < 0 else Tone.TEXT2


def _side(row: PositionRow) -> str:
    if not row.quantity:
        return formatting.DASH if row.quantity is None else "Flat"
    return "SHORT" if row.quantity < 0 else "Long"


def _change(row: PositionRow) -> float | None:
    return row.change


def _unrealized(row: PositionRow) -> float | None:
    return row.unrealized_pnl


def _pnl_pct(row: PositionRow) -> float | None:
    return row.pnl_pct


def _day(row: PositionRow) -> float | None:
    return row.day_pnl


_I, _H, _C = Band.IBKR, Band.HAMMER, Band.CALCULATED
_change_tone = _signed(_change, HALF_PRICE)
_unrealized_tone = _signed(_unrealized, HALF_USD)
_pnl_pct_tone = _signed(_pnl_pct, HALF_CENT)
_day_tone = _signed(_day, HALF_USD)

_TO_EX_DIVIDEND, _TO_CALL = days_columns(PositionRow)

POSITION_COLUMNS: tuple[Column[PositionRow], ...] = (
    text_column(
        Head("account", "Acct", _I, 58, least=44), account_text, account_tone, tooltip=account_tooltip
    ),
    text_column(
        Head("symbol", "Symbol", _I, 84),
        _symbol,
        bold=always,
        tooltip=lambda r, now: cell_tooltips.symbol(r, now),
    ),
    text_column(Head("side", "Side", _I, 50), _side, _side_tone),
    sensitive(
        figure(
            Head("quantity", "Qty", _I, 60),
            lambda r: r.quantity,
            formatting.quantity,
            tooltip=lambda r, now: cell_tooltips.quantity(r, now),
        )
    ),
    figure(
        Head("average_price", "Avg px", _I, 74, least=73),
        lambda r: r.average_price,
        formatting.average_price,
        secondary,
        tooltip=lambda r, now: cell_tooltips.average_price(r, now),
    ),
    figure(
        Head("bid_size", "Bid sz", _H, 46, is_wide_only=True),
        lambda r: r.bid_size,
        formatting.quantity,
        secondary,
        tooltip=lambda r, _now: cell_tooltips.size(r, r.bid_size),
    ),
    quoted("bid", "Bid", 66, lambda r: r.bid),
    quoted("ask", "Ask", 66, lambda r: r.ask),
    figure(
        Head("ask_size", "Ask sz", _H, 48, is_wide_only=True),
        lambda r: r.ask_size,
        formatting.quantity,
        secondary,
        tooltip=lambda r, _now: cell_tooltips.size(r, r.ask_size),
    ),
    figure(
        Head("spread", "Spread", _H, 54, is_wide_only=True),
        lambda r: r.spread,
        formatting.price,
        secondary,
        pointed=True,
    ),
    quoted("last", "Last", 66, lambda r: r.last, bold=always),
    figure(Head("change", "Chg", _H, 54), _change, formatting.change, _change_tone, pointed=True),
    figure(
        Head("change_pct", "Chg %", _H, 56, is_wide_only=True),
        lambda r: r.change_pct,
        formatting.percent,
        _change_tone,
    ),
    Column(
        "age",
        "Age",
        _H,
        44,
        _age_value,
        _age,
        _age_tone,
        is_timed=True,
        tooltip=lambda r, now: cell_tooltips.age(r, now),
    ),
    optional(figure(Head("volume", "Volume", _H, 70), lambda r: r.volume, formatting.quantity, secondary)),
    optional(quoted("high", "High", 66, lambda r: r.high, tinted=False)),
    optional(quoted("low", "Low", 66, lambda r: r.low, tinted=False)),
    optional(quoted("prev_close", "Prev close", 74, lambda r: r.prev_close, tinted=False)),
    optional(
        replace(
            quoted("grpan", "GRPAN", 66, lambda r: r.grpan, tinted=False),
            tooltip=lambda r, _now: cell_tooltips.grpan(r, formatting.price(r.grpan)),
        )
    ),
    optional(
        figure(
            Head("grpan_concentration", "GRPAN conc.", _H, 90),
            lambda r: r.grpan_concentration,
            formatting.share,
            secondary,
            tooltip=lambda r, _now: cell_tooltips.grpan(r, formatting.share(r.grpan_concentration)),
        )
    ),
    optional(
        figure(
            Head("grpan_deviation", "GRPAN dev.", _H, 84),
            lambda r: r.grpan_deviation,
            formatting.change,
            pointed=True,
            tooltip=lambda r, _now: cell_tooltips.grpan(r, formatting.change(r.grpan_deviation)),
        )
    ),
    optional(
        replace(
            quoted("rwvap_1d", "RWVAP 1d", 70, lambda r: r.rwvap_1d, tinted=False),
            tooltip=lambda r, _now: cell_tooltips.rwvap(r, formatting.price(r.rwvap_1d)),
        )
    ),
    optional(
        figure(
            Head("rwvap_1d_deviation", "RWVAP dev.", _H, 84),
            lambda r: r.rwvap_1d_deviation,
            formatting.deviation,
            pointed=True,
            tooltip=lambda r, _now: cell_tooltips.rwvap(r, formatting.deviation(r.rwvap_1d_deviation)),
        )
    ),
    optional(
        text_column(
            Head("hammer_symbol", "HAMMER sym", _H, 84),
            lambda r: r.hammer_symbol or formatting.DASH,
            secondary,
        )
    ),
    optional(figure(Head("mid", "Mid", _C, 66), lambda r: r.mid, formatting.price, secondary, pointed=True)),
    optional(
        figure(
            Head("mark", "Mark", _C, 66),
            lambda r: r.mark,
            formatting.price,
            pointed=True,
            tooltip=lambda r, now: cell_tooltips.mark(r, now),
        )
    ),
    optional(
        sensitive(
            replace(
                figure(
                    Head("cost_basis", "Cost basis", _C, 86),
                    lambda r: r.cost_basis,
                    formatting.money,
                    tooltip=lambda r, now: cell_tooltips.cost_basis(r, now),
                ),
                depends_on=(_I,),
            )
        )
    ),
    sensitive(
        figure(
            Head("market_value", "Mkt value", _C, 86, least=76),
            lambda r: r.market_value,
            formatting.money,
            tooltip=lambda r, now: cell_tooltips.market_value(r, now),
        )
    ),
    optional(
        sensitive_tooltip(
            figure(
                Head("net_liquidation_pct", "% net liq", _C, 66),
                lambda r: r.net_liquidation_pct,
                formatting.share,
                tooltip=lambda r, now: cell_tooltips.net_liquidation_pct(r, now),
            )
        )
    ),
    sensitive(
        figure(
            Head("unrealized_pnl", "Unrlzd P&L", _C, 84),
            _unrealized,
            formatting.signed_money,
            _unrealized_tone,
            bold=always,
            tooltip=lambda r, now: cell_tooltips.unrealized_pnl(r, now),
        )
    ),
    figure(Head("pnl_pct", "P&L %", _C, 62, is_wide_only=True), _pnl_pct, formatting.percent, _pnl_pct_tone),
    sensitive(
        figure(
            Head("day_pnl", "Day P&L", _C, 70),
            _day,
            formatting.signed_money,
            _day_tone,
            tooltip=lambda r, now: cell_tooltips.day_pnl(r, now),
        )
    ),
    yield_column("current_yield", "Cur yield", lambda r: r.current_yield, lambda r: r.mark, Band.CALCULATED),
    _TO_EX_DIVIDEND,
    _TO_CALL,
    optional(Column("day_line", "Day line", _C, 94, _day, lambda _r, _now: "", line=lambda _r: ())),
    sensitive(
        Column(
            "working",
            "Working",
            _I,
            88,
            _working_value,
            _working,
            secondary,
            tooltip=lambda r, now: cell_tooltips.working(r, now),
        )
    ),
    optional(
        text_column(Head("exchange", "Exchange", _I, 76), lambda r: r.exchange or formatting.DASH, secondary)
    ),
    optional(figure(Head("con_id", "ConId", _I, 84), lambda r: r.key.con_id or None, _digits, secondary)),
    optional(text_column(Head("account_number", "Account number", _I, 108), account_number, secondary)),
)

POSITIONS = Table(
    "Positions",
    with_inputs(with_tooltips(POSITION_COLUMNS, POSITION_TOOLTIPS), POSITION_INPUTS),
    sort_key="symbol",
    order=lambda r: (r.symbol, r.mode.value, r.account, r.key.con_id),
)


def positions_table(
    quiet_after_min: Callable[[], int], day_line: "Callable[[PositionKey], Sequence[float]]"
) -> Table[PositionRow]:
    """Return the table with ages that are marked after the number of minutes set at that moment.

    ``day_line`` returns a position's day P&L by the minutes of the day.
    """
    differs: dict[str, dict[str, Any]] = {
        "age": {"tone": lambda row, now: _age_tone(row, now, quiet_after_min())},
        "day_line": {"line": lambda row: day_line(row.key)},
    }
    columns = tuple(
        replace(column, **differs[column.key]) if column.key in differs else column
        for column in POSITIONS.columns
    )
    return replace(POSITIONS, columns=columns)
