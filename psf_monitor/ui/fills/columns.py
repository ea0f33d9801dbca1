"""The columns of the fills tab: one line per execution, and one per share and account."""

from datetime import UTC, datetime

from psf_monitor import formatting
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.fill import is_ahead
from psf_monitor.domain.fills.trade_date import TradingSession
from psf_monitor.domain.orders.order import Side, display_number, placing_client
from psf_monitor.ui.fills.rows import FillRow, FillTotalRow
from psf_monitor.ui.fills.source_text import source, source_tone, source_tooltip
from psf_monitor.ui.style.sign_tone import HALF_CENT, signed_tone
from psf_monitor.ui.style.theme import Tone
from psf_monitor.ui.table.columns import (
    Band,
    Column,
    Head,
    Table,
    account_text,
    account_tone,
    account_tooltip,
    always,
    figure,
    optional,
    secondary,
    sensitive,
    text_column,
)
from psf_monitor.ui.table.header_tooltips import FILL_TOOLTIPS, FILL_TOTAL_TOOLTIPS, with_tooltips

_SIDE_TONES: dict[str, Tone] = {Side.BUY: Tone.BUY, Side.SELL: Tone.SELL}


def _at(row: FillRow) -> float | None:
    return None if row.fill.at is None else row.fill.at.timestamp()


def _time(row: FillRow, _now: datetime) -> str:
    return formatting.DASH if row.fill.at is None else formatting.clock(row.fill.at)


def _time_tone(row: FillRow, now: datetime) -> Tone:
    return Tone.WARN if is_ahead(row.fill, now) else Tone.TEXT


def _time_tooltip(row: FillRow, now: datetime) -> str:
    at = row.fill.at
    if at is None:
        text = row.fill.reported_time
        sentence = f": {text} is no time, or of a time zone that is not known" if text else ""
        return f"The broker gave no time that could be read{sentence}"
    ahead = ""
    if is_ahead(row.fill, now):
        by = formatting.ago((at - now).total_seconds())
        ahead = f"\n{by} ahead of this computer's clock: one of them, or the broker's time zone, is wrong"
        ahead += "\nIts day has not begun: it is in no sum" if row.is_later else ""
    return f"{formatting.stamp(at)} in New York, {at.astimezone(UTC):%H:%M:%S} UTC{ahead}"


def _trade_date(row: FillRow, _now: datetime) -> str:
    day, session = row.fill.trade_date, row.fill.session
    if day is None:
        return formatting.DASH
    named = "" if session in (None, TradingSession.REGULAR) else f" {session}"
    return f"{day.month:02}-{day.day:02}{named}"


def _trade_date_value(row: FillRow) -> float | None:
    day = row.fill.trade_date
    return None if day is None else float(day.toordinal())


def _trade_date_tooltip(row: FillRow, _now: datetime) -> str:
    day, session = row.fill.trade_date, row.fill.session
    if day is None:
        return "Without a time the trade date is not known"
    traded = f", traded in the {session} session" if session else ""
    booked = "" if _is_hammers(row) else "IBKR books it on "
    return f"{booked}{day:%a %Y-%m-%d}{traded}"


def _is_hammers(row: FillRow) -> bool:
    return row.mode is AccountMode.HAMMER_PRO


def _symbol_tooltip(row: FillRow, _now: datetime) -> str:
    instrument = row.fill.instrument
    if not instrument.is_combination:
        return instrument.symbol
    legs = f": {instrument.legs}" if instrument.legs else ""
    return f"A combination on {instrument.symbol}{legs}; where its legs are reported, the sums count those"


def _account(row: FillRow, now: datetime) -> str:
    model = f"\nof the model portfolio {row.fill.model}" if row.fill.model else ""
    return f"{account_tooltip(row, now)}{model}"


def _side_tone(row: FillRow, _now: datetime) -> Tone:
    return _SIDE_TONES.get(row.fill.side, Tone.TEXT)


def _price_tooltip(row: FillRow, _now: datetime) -> str:
    instrument = row.fill.instrument
    unit = formatting.unit_of_price(
        instrument.currency, instrument.price_unit, is_combination=instrument.is_combination
    )
    return f"{formatting.price(row.fill.price)} {unit}"


def _in_currency(row: FillRow, text: str) -> str:
    """Return an amount with the name of its currency if that is not the share's own."""
    currency = row.fill.commission_currency
    is_foreign = currency and text != formatting.DASH and currency != row.fill.instrument.currency
    return f"{text} {currency}" if is_foreign else text


def _commission(row: FillRow, _now: datetime) -> str:
    return _in_currency(row, formatting.cents(row.fill.commission))


def _commission_tooltip(row: FillRow, _now: datetime) -> str:
    fill = row.fill
    if fill.mode is AccountMode.HAMMER_PRO and fill.commission is None:
        return "HAMMER does not report what an execution costs"
    if fill.commission is None:
        return "The broker took it back" if fill.is_busted else "Commission not reported yet"
    kind = "a rebate" if fill.commission < 0 else "commission and fees"
    return f"{formatting.cents(fill.commission)} {fill.commission_currency or ''}, {kind}"


def _realized(row: FillRow, _now: datetime) -> str:
    return _in_currency(row, formatting.signed_cents(row.fill.realized_pnl))


def _realized_tone(row: FillRow, _now: datetime) -> Tone:
    return signed_tone(row.fill.realized_pnl, HALF_CENT, Tone.TEXT)


def _realized_tooltip(row: FillRow, _now: datetime) -> str:
    fill = row.fill
    if fill.realized_pnl is not None:
        money = f"{formatting.signed_cents(fill.realized_pnl)} {fill.commission_currency or ''}"
        return f"{money}, IBKR's own figure, commissions included"
    if fill.mode is AccountMode.HAMMER_PRO:
        return "HAMMER does not report the realized P&L"
    if not fill.is_reported:
        return "The broker took it back" if fill.is_busted else "Realized P&L not reported yet"
    return "It opened or added to the position: nothing was realized"


def _id(row: FillRow) -> float | None:
    return display_number(row.fill.order_id, row.fill.perm_id) or None


def _id_text(row: FillRow, _now: datetime) -> str:
    return row.fill.display_id or formatting.DASH


def _id_tooltip(row: FillRow, _now: datetime) -> str:
    fill = row.fill
    if fill.hammer_id:
        return f"HAMMER's order id {fill.hammer_id}"
    perm = str(fill.perm_id) if fill.perm_id else "not reported"
    # IBKR's own liquidations have TWS's client id, although nobody entered them there.
    by = "placed by IBKR itself" if fill.is_liquidation else formatting.placed_by(fill.client_id)
    return f"Order id {fill.order_id}, permanent id {perm}, {by}"


def _plain(number: float | None) -> str:
    """Return a number that serves as a name, without separators."""
    return formatting.DASH if number is None else f"{number:.0f}"


_I, _C = Band.IBKR, Band.CALCULATED

FILL_COLUMNS: tuple[Column[FillRow], ...] = (
    Column("at", "Time", _I, 66, _at, _time, _time_tone, tooltip=_time_tooltip, is_left=True, least=60),
    Column(
        "trade_date",
        "Trade date",
        _I,
        104,
        _trade_date_value,
        _trade_date,
        secondary,
        tooltip=_trade_date_tooltip,
        is_left=True,
        least=74,
    ),
    text_column(Head("account", "Acct", _I, 58, least=44), account_text, account_tone, tooltip=_account),
    text_column(
        Head("symbol", "Symbol", _I, 84, least=76),
        lambda r: r.fill.instrument.name,
        bold=always,
        tooltip=_symbol_tooltip,
    ),
    text_column(Head("side", "Side", _I, 52, least=46), lambda r: r.fill.side or formatting.DASH, _side_tone),
    sensitive(
        figure(Head("quantity", "Qty", _I, 62, least=50), lambda r: r.fill.quantity, formatting.quantity)
    ),
    figure(
        Head("price", "Price", _I, 74, least=66),
        lambda r: r.fill.price,
        formatting.price,
        bold=always,
        pointed=True,
        tooltip=_price_tooltip,
    ),
    sensitive(
        Column(
            "commission",
            "Commission",
            _I,
            88,
            lambda r: r.fill.commission,
            _commission,
            is_pointed=True,
            tooltip=_commission_tooltip,
            least=80,
            export_value=lambda r: r.plainly(r.fill.commission),
        )
    ),
    sensitive(
        Column(
            "realized_pnl",
            "Realized P&L",
            _I,
            96,
            lambda r: r.fill.realized_pnl,
            _realized,
            _realized_tone,
            always,
            is_pointed=True,
            tooltip=_realized_tooltip,
            least=90,
            export_value=lambda r: r.plainly(r.fill.realized_pnl),
        )
    ),
    Column("order_id", "Order ID", _I, 90, _id, _id_text, secondary, tooltip=_id_tooltip, least=76),
    text_column(
        Head("venue", "Venue", _I, 70, least=60), lambda r: r.fill.venue or formatting.DASH, secondary
    ),
    text_column(Head("source", "Source", _I, 110, least=102), source, source_tone, tooltip=source_tooltip),
    optional(
        text_column(
            Head("broker_id", "Execution id", _I, 170),
            lambda r: r.fill.broker_id or formatting.DASH,
            secondary,
        )
    ),
    optional(
        text_column(
            Head("liquidity", "Liquidity", _I, 76), lambda r: r.fill.liquidity or formatting.DASH, secondary
        )
    ),
    optional(
        text_column(Head("model", "Model", _I, 90), lambda r: r.fill.model or formatting.DASH, secondary)
    ),
    optional(
        figure(
            Head("revision", "Revision", _I, 66), lambda r: r.fill.revision, formatting.quantity, secondary
        )
    ),
    optional(figure(Head("perm_id", "Perm id", _I, 84), lambda r: r.fill.perm_id or None, _plain, secondary)),
    optional(
        figure(Head("client_id", "Client id", _I, 66), lambda r: placing_client(r.fill), _plain, secondary)
    ),
)


FILLS = Table(
    "Fills",
    with_tooltips(FILL_COLUMNS, FILL_TOOLTIPS),
    sort_key="at",
    order=lambda r: (-(_at(r) or 0.0), r.symbol, r.account, r.fill.fill_id),
    is_descending=True,
    holds=("at", "account", "symbol"),
)


def _sum(row: FillTotalRow, text: str) -> str:
    """Return a sum with the name of its currency if that is not the share's own."""
    currency = row.total.currency
    is_foreign = currency and text != formatting.DASH and currency != row.total.instrument.currency
    return f"{text} {currency}" if is_foreign else text


def _total_commission(row: FillTotalRow, _now: datetime) -> str:
    return _sum(row, formatting.cents(row.total.commission))


def _total_realized(row: FillTotalRow, _now: datetime) -> str:
    return _sum(row, formatting.signed_cents(row.total.realized_pnl))


def _total_tone(row: FillTotalRow, _now: datetime) -> Tone:
    return signed_tone(row.total.realized_pnl, HALF_CENT, Tone.TEXT)


def _of(unknown: int, row: FillTotalRow, what: str) -> str:
    sentence = formatting.counted(row.total.fills - unknown, "fill")
    return f"{what} of {sentence}, {unknown} of {row.total.fills} not reported"


def _commission_sum_tooltip(row: FillTotalRow, _now: datetime) -> str:
    return _of(row.total.without_commission, row, "Commission")


def _realized_sum_tooltip(row: FillTotalRow, _now: datetime) -> str:
    return f"{_of(row.total.without_realized, row, 'Realized P&L')}. IBKR's own figure, commissions included"


def _lacks(row: FillTotalRow) -> str:
    """Return what the sums of this row lack."""
    total = row.total
    yet = "" if row.mode is AccountMode.HAMMER_PRO else " yet"
    lacking = [
        formatting.counted(number, what)
        for number, what in (
            (total.without_commission, "commission"),
            (total.without_realized, "realized P&L"),
        )
        if number
    ]
    notes = [f"{' and '.join(lacking)} not reported{yet}"] if lacking else []
    if total.unknown:
        notes.append(f"{formatting.counted(total.unknown, 'fill')} of unknown size not counted")
    return " · ".join(notes)


FILL_TOTAL_COLUMNS: tuple[Column[FillTotalRow], ...] = (
    text_column(
        Head("account", "Acct", _I, 58, least=44), account_text, account_tone, tooltip=account_tooltip
    ),
    text_column(Head("symbol", "Symbol", _I, 84, least=76), lambda r: " → ".join(r.total.names), bold=always),
    figure(Head("fills", "Fills", _I, 48, least=40), lambda r: r.total.fills, formatting.quantity, secondary),
    sensitive(
        figure(Head("bought", "Bought", _C, 66, least=54), lambda r: r.total.bought, formatting.quantity)
    ),
    figure(
        Head("bought_average", "Avg bought", _C, 82, least=74),
        lambda r: r.total.bought_average,
        formatting.average_price,
        secondary,
        pointed=True,
    ),
    sensitive(figure(Head("sold", "Sold", _C, 66, least=54), lambda r: r.total.sold, formatting.quantity)),
    figure(
        Head("sold_average", "Avg sold", _C, 82, least=74),
        lambda r: r.total.sold_average,
        formatting.average_price,
        secondary,
        pointed=True,
    ),
    sensitive(
        figure(Head("net", "Net", _C, 66, least=54), lambda r: r.total.net, formatting.quantity, bold=always)
    ),
    sensitive(
        Column(
            "commission",
            "Commission",
            _C,
            88,
            lambda r: r.total.commission,
            _total_commission,
            is_pointed=True,
            tooltip=_commission_sum_tooltip,
            least=80,
            export_value=lambda r: r.plainly(r.total.commission),
        )
    ),
    sensitive(
        Column(
            "realized_pnl",
            "Realized P&L",
            _C,
            96,
            lambda r: r.total.realized_pnl,
            _total_realized,
            _total_tone,
            always,
            is_pointed=True,
            tooltip=_realized_sum_tooltip,
            least=90,
            export_value=lambda r: r.plainly(r.total.realized_pnl),
        )
    ),
    text_column(Head("lacks", "Left out", _C, 270, least=120), _lacks, lambda _row, _now: Tone.WARN),
)

FILL_TOTALS = Table(
    "Fills by symbol",
    with_tooltips(FILL_TOTAL_COLUMNS, FILL_TOTAL_TOOLTIPS),
    sort_key="symbol",
    order=lambda r: (r.symbol, r.mode.value, r.account, r.total.instrument.con_id),
)
