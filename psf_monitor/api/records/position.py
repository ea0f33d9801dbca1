"""One position, as PSFALGO's programs read it."""

from dataclasses import dataclass

from psf_monitor.api.records.fields import facts_of, time_text
from psf_monitor.book.no_price import why_no_price
from psf_monitor.book.rows import PositionRow, QuoteState


@dataclass(frozen=True, slots=True)
class PositionRecord:
    """One position. PSFALGO has ``symbol`` to ``timestamp``, and the fields from ``prev_close`` on.

    ``current_price`` is the mark from HAMMER's quote and ``timestamp`` that quote's time. An old price is not
    a current price: both are null unless ``quote_state`` is LIVE, and so is everything calculated from them.
    ``stale_since`` is when the broker's part stopped being current. ``excluded`` rows are in no total of the
    window. ``key`` identifies the position in the stream. ``qty`` is null if the broker names the position
    without its quantity. ``working_buy`` and ``working_sell`` are the most that open orders can fill;
    ``working_uncounted`` orders are in neither. ``other_names`` are further names of the same contract, in
    any login, ``listed_as`` the one that prices it, ``also_quoted`` others that HAMMER quotes. An
    ``avg_price`` of 1 is ``price_unit`` of the currency, as in fills. ``no_price`` says why there is no
    price, or no mark, ``day_pnl_gap`` why there is no day P&L, or for which times that count for today
    executions are unknown. ``quote_as_of`` is the time of HAMMER's last message before a quote became FROZEN,
    ``quote_late_s`` the delay in seconds of a LATE one.

    ``models`` are the model portfolios that hold it, with their quantities; empty if TWS names none.

    ``price_status`` is OK for a current price, STALE for an old one, which is not given, else NO_PRICE.
    ``potential_qty`` is ``qty`` with everything that open orders can still buy and sell; null if one of them
    cannot be counted. ``facts`` are from the trader's own files about the share, by column title, ``group``
    is their group, and ``facts_as_of`` is when a file was read that can no longer be read. ``issuer`` is
    their CMON, else the root of the symbol. ``cost_basis`` is in ``currency``, ``net_liquidation_pct`` the
    market value in percent of the account's net liquidation, null if that is not known as of now in the same
    currency; both are negative for a short. ``current_yield`` is in percent of the mark. Days are calendar
    days in New York, negative once past. The other last fields are of PSFALGO's own ledger, which is not
    known here: always null.
    """

    symbol: str
    qty: float | None
    avg_price: float | None
    account: str
    account_type: str
    current_price: float | None
    timestamp: str | None
    con_id: int | None
    market_value: float | None
    unrealized_pnl: float | None
    bid: float | None
    ask: float | None
    currency: str
    day_pnl: float | None
    quote_state: str
    stale_since: str | None
    excluded: bool
    key: str
    working_buy: float
    working_sell: float
    working_uncounted: int
    listed_as: str | None
    other_names: list[str]
    also_quoted: list[str]
    price_unit: float | None
    no_price: str | None
    day_pnl_gap: str | None
    prev_close: float | None
    price_status: str
    potential_qty: float | None
    quote_as_of: str | None
    quote_late_s: float | None
    models: dict[str, float | None]
    issuer: str
    cost_basis: float | None
    net_liquidation_pct: float | None
    current_yield: float | None
    days_to_ex_dividend: int | None
    days_to_call: int | None
    facts: dict[str, float | str] | None
    befday_qty: float | None = None
    befday_cost: float | None = None
    group: str | None = None
    lt_qty: float | None = None
    mm_qty: float | None = None
    facts_as_of: str | None = None


def position(row: PositionRow) -> PositionRecord:
    """Return the record of a position's row; a price that is not live is ``None``, and so is its value."""
    is_live = row.quote_state is QuoteState.LIVE
    return PositionRecord(
        symbol=row.symbol,
        qty=row.quantity,
        avg_price=row.average_price,
        account=row.account,
        account_type=row.mode.value,
        current_price=row.mark if is_live else None,
        timestamp=time_text(row.quote_changed_at) if is_live else None,
        con_id=row.key.con_id or None,
        market_value=row.market_value if is_live else None,
        unrealized_pnl=row.unrealized_pnl if is_live else None,
        bid=row.bid if is_live else None,
        ask=row.ask if is_live else None,
        currency=row.currency,
        day_pnl=row.day_pnl if is_live else None,
        quote_state=row.quote_state.name,
        stale_since=time_text(row.stale_since),
        excluded=row.is_excluded,
        key=f"{row.account}/{row.key.con_id or row.key.symbol}",
        working_buy=row.working.buy,
        working_sell=row.working.sell,
        working_uncounted=len(row.working.uncounted),
        listed_as=row.listed_as,
        other_names=list(row.other_names),
        also_quoted=list(row.also_quoted),
        price_unit=row.price_unit,
        no_price=why_no_price(row) or None,
        prev_close=row.prev_close if is_live else None,
        price_status=_price_status(row),
        potential_qty=_potential(row),
        day_pnl_gap=row.day_why or row.day_caveat or None,
        quote_as_of=time_text(row.quote_as_of),
        quote_late_s=row.quote_late_s,
        models=dict(row.models),
        issuer=row.issuer,
        cost_basis=row.cost_basis,
        net_liquidation_pct=row.net_liquidation_pct if is_live else None,
        current_yield=row.current_yield if is_live else None,
        days_to_ex_dividend=row.facts.days_to_ex_dividend if row.facts else None,
        days_to_call=row.facts.days_to_call if row.facts else None,
        facts=facts_of(row.facts),
        group=row.group or None,
        facts_as_of=time_text(row.facts.stale_since) if row.facts else None,
    )


def _price_status(row: PositionRow) -> str:
    if row.mark is None:
        return "NO_PRICE"
    return "OK" if row.quote_state is QuoteState.LIVE else "STALE"


def _potential(row: PositionRow) -> float | None:
    """Return the quantity after every open order that can fill has filled; ``None`` if one cannot be
    counted.
    """
    if row.quantity is None or row.working.uncounted:
        return None
    return row.quantity + row.working.buy - row.working.sell
