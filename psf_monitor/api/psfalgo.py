"""What is known, as PSFALGO's programs read it: its field names, and some of ours behind them.

Pure, over the book and the links. Prices and P&L in contract currency, account values in the account's base
currency, quantities in shares or contracts (short below 0), times ISO 8601 in UTC, unknown is ``None``.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from psf_monitor.api.records.fields import facts_of, time_text
from psf_monitor.api.records.fill import FillRecord as FillRecord
from psf_monitor.api.records.fill import fill as fill
from psf_monitor.api.records.link import LinkRecord as LinkRecord
from psf_monitor.api.records.link import link as link
from psf_monitor.api.records.link import switched_off as switched_off
from psf_monitor.api.records.order import OrderRecord as OrderRecord
from psf_monitor.api.records.order import order as order
from psf_monitor.api.records.order import order_key as order_key
from psf_monitor.api.sums import records as sum_records
from psf_monitor.book.book import Book
from psf_monitor.book.no_price import why_no_price
from psf_monitor.book.rows import OrderRow, PositionRow, QuoteState
from psf_monitor.book.sums.groups import GroupBy
from psf_monitor.book.totals import counted_modes
from psf_monitor.connection.status import CONNECTED_STATES, LinkStatus
from psf_monitor.domain.account import IBKR_MODES, AccountMode, AccountSummary


class HasStatus(Protocol):
    """A link, as far as it is read here."""

    @property
    def status(self) -> LinkStatus:
        """Its present moment."""


Links = Mapping[AccountMode, HasStatus]


@dataclass(frozen=True, slots=True)
class PositionRecord:
    """One position. PSFALGO: ``symbol`` to ``timestamp``, and from ``prev_close`` on.

    ``current_price`` is the mark from HAMMER's quote and ``timestamp`` that quote's time; an old price is no
    current price, so both are null unless ``quote_state`` is LIVE, and so is what is calculated from them.
    ``stale_since`` is when the broker's part stopped being current. ``excluded`` rows are in no total of the
    window. ``key`` names the position in the stream. ``qty`` is null when the broker names the position and
    not how much of it there is. ``working_buy`` and ``working_sell`` are what open orders can fill at most;
    ``working_uncounted`` orders are in neither. ``other_names`` are those of its orders. One of ``avg_price``
    is ``price_unit`` of the currency, as in fills. ``no_price`` says why there is none,
    ``day_pnl_gap`` why there is no day P&L, or of
    which times of today no execution is known. ``quote_as_of`` is HAMMER's last word of a quote that is
    FROZEN, ``quote_late_s`` by how many seconds one that is LATE came late.

    ``models`` are the model portfolios that hold it, with the quantity of each; empty where TWS names none.

    ``price_status`` is OK for a price of now, STALE for one that is old and not told, else NO_PRICE.
    ``potential_qty`` is ``qty`` with all that open orders can still buy and sell; null when one of them
    could not be counted. ``facts`` are what the trader's own files say of the share, by the title of the
    column, and ``group`` is theirs, too; ``facts_as_of`` is when a file was read that cannot be read again.
    ``issuer`` is their CMON, else the root of the symbol. ``current_yield`` in percent of the mark, days are
    calendar days in New York, below 0 when the day is past. The other last fields come of PSFALGO's own
    ledger, which is not known here: always null.
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
    other_names: list[str]
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


@dataclass(frozen=True, slots=True)
class SummaryRecord:
    """What the broker says that one account is worth, in ``currency``."""

    account_type: str
    account: str
    connected: bool
    net_liquidation: float | None
    buying_power: float | None
    total_cash: float | None
    gross_position_value: float | None
    available_funds: float | None
    unrealized_pnl: float | None
    realized_pnl: float | None
    excess_liquidity: float | None
    currency: str | None
    stale_since: str | None
    key: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything of some profiles at one moment; ``groups`` by what their rows have in common."""

    positions: list[PositionRecord]
    orders: list[OrderRecord]
    summaries: list[SummaryRecord]
    totals: sum_records.SumRecord
    groups: dict[str, list[sum_records.GroupRecord]]
    exposure: sum_records.ExposureRecord


def snapshot(book: Book, links: Links, modes: Collection[AccountMode] = IBKR_MODES) -> Snapshot:
    """The profiles' positions, orders and account values as they are now, each once."""
    return Snapshot(
        [position(row) for row in position_rows(book, modes)],
        [order(row) for row in order_rows(book, modes)],
        [record for mode in modes for record in summaries(book, links, mode)],
        sum_records.sums(book.totals(counted_modes(modes))),
        {by.value: sum_records.groups(book, by, modes) for by in GroupBy if by is not GroupBy.NONE},
        sum_records.exposure(book.exposure(*modes) if len(modes) == 1 else book.exposure()),
    )


def position_rows(book: Book, modes: Collection[AccountMode]) -> list[PositionRow]:
    """The positions of these profiles, sorted; one that two logins reach stands under the first of them."""
    accounts = _accounts(book, modes)
    return sorted((r for r in book.position_rows() if r.mode in modes or r.account in accounts), key=_place)


def order_rows(book: Book, modes: Collection[AccountMode]) -> list[OrderRow]:
    """The working orders of these profiles, sorted, as ``position_rows``."""
    accounts = _accounts(book, modes)
    return sorted((r for r in book.order_rows() if r.mode in modes or r.account in accounts), key=_place)


def summaries(book: Book, links: Links, mode: AccountMode) -> list[SummaryRecord]:
    """The account values, one record for each account that the broker named, told of or not."""
    known = book.summaries(mode)
    is_connected = links[mode].status.state in CONNECTED_STATES
    named = (AccountSummary(mode, account) for account in book.account_state(mode).accounts)
    stale_since = book.strip(mode).as_of
    return [_summary(each, is_connected, stale_since) for each in known or named]


def position(row: PositionRow) -> PositionRecord:
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
        other_names=list(row.other_names),
        price_unit=row.price_unit,
        no_price=why_no_price(row) or None,
        prev_close=row.prev_close if is_live else None,
        price_status=_price_status(row),
        potential_qty=_potential(row),
        day_pnl_gap=row.day_why or row.day_gap or None,
        quote_as_of=time_text(row.quote_as_of),
        quote_late_s=row.quote_late_s,
        models=dict(row.models),
        issuer=row.issuer,
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
    """What is held when every open order that can fill has filled; the broker's position is part of it."""
    if row.quantity is None or row.working.uncounted:
        return None
    return row.quantity + row.working.buy - row.working.sell


def _accounts(book: Book, modes: Iterable[AccountMode]) -> set[str]:
    """The IBKR accounts of these profiles: another profile may reach the same login and stand in its rows."""
    return {a for mode in modes if mode in IBKR_MODES for a in book.account_state(mode).accounts}


def _place(row: PositionRow | OrderRow) -> tuple[object, ...]:
    return (row.mode, row.symbol, row.key)


def _summary(known: AccountSummary, is_connected: bool, stale_since: datetime | None) -> SummaryRecord:
    return SummaryRecord(
        account_type=known.mode.value,
        account=known.account,
        connected=is_connected,
        net_liquidation=known.net_liquidation,
        buying_power=known.buying_power,
        total_cash=known.total_cash,
        gross_position_value=known.gross_position_value,
        available_funds=known.available_funds,
        unrealized_pnl=known.unrealized_pnl,
        realized_pnl=known.realized_pnl,
        excess_liquidity=known.excess_liquidity,
        currency=known.currency,
        stale_since=time_text(stale_since),
        key=f"{known.mode.value}/{known.account}",
    )
