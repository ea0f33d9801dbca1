"""``GET day``: the day P&L of every share and login, and its components."""

from dataclasses import dataclass

from psf_monitor.api.errors import Answer
from psf_monitor.api.source import Source
from psf_monitor.book.book import Book
from psf_monitor.book.rows import ClosedToday, PositionRow, QuoteState
from psf_monitor.domain.account import IBKR_MODES, AccountMode


@dataclass(frozen=True, slots=True)
class DayRecord:
    """One share's day in one account, in contract currency; ``key`` is that of the position.

    ``day_pnl`` = ``open_qty`` x (mark - ``prev_close``) + the sum of today's executions from their price to
    the mark, which are ``by_move`` and ``by_fills``; commissions are in neither. ``open_source`` says where
    the quantity at the open comes from. Null is unknown, and ``why`` says why; ``gap`` says for which times
    that count for today executions are unknown. ``closed``: nothing of it is held any more. ``realized_pnl``
    and ``commission`` are the broker's figures of today's executions.
    """

    key: str
    account: str
    account_type: str
    symbol: str
    con_id: int | None
    currency: str
    closed: bool
    excluded: bool
    qty: float | None
    open_qty: float | None
    open_source: str | None
    prev_close: float | None
    mark: float | None
    day_pnl: float | None
    by_move: float | None
    by_fills: float | None
    fills: int
    net_traded: float
    realized_pnl: float | None
    commission: float | None
    why: str | None
    gap: str | None


@dataclass(frozen=True, slots=True)
class DaySum:
    """A login's day as its strip shows it: null is unknown. ``left_out`` says what the figures leave out or
    assume.

    ``realized_pnl`` is IBKR's own figure of the account, ``commission`` the cost of today's executions.
    ``excluded`` names the logins that ``ALL`` does not count.
    """

    day_pnl: float | None
    realized_pnl: float | None
    commission: float | None
    unrealized_pnl: float | None
    frozen: bool
    left_out: list[str]
    excluded: list[str]


@dataclass(frozen=True, slots=True)
class DayAnswer:
    """Today by share; ``totals`` by login and, as ``ALL``, of the IBKR logins together."""

    success: bool
    timestamp: str
    count: int
    shares: list[DayRecord]
    totals: dict[str, DaySum]


class DayPnlRoutes:
    """Answers from the book that the window reads."""

    def __init__(self, source: Source) -> None:
        self._source = source

    async def day(self) -> Answer:
        """Return today's P&L of every share, including those closed today, and of every login."""
        return Answer(day_of(self._source.book, tuple(self._source.links), self._source.clock().isoformat()))


def day_of(book: Book, modes: tuple[AccountMode, ...], timestamp: str) -> DayAnswer:
    """Return the day as currently known by the book."""
    shares = [_held(row) for row in book.position_rows()] + [_closed(each) for each in book.closed_today()]
    shares.sort(key=lambda each: (each.account_type, each.symbol, each.key))
    totals = {mode.value: _sum(book, mode) for mode in modes}
    return DayAnswer(True, timestamp, len(shares), shares, {**totals, "ALL": _sum(book, None)})


def _held(row: PositionRow) -> DayRecord:
    is_live = row.quote_state is QuoteState.LIVE
    earned = row.earned if is_live else None
    why = row.day_why or ("" if earned else "it has no present price, or no previous close")
    return DayRecord(
        key=f"{row.account}/{row.key.con_id or row.key.symbol}",
        account=row.account,
        account_type=row.mode.value,
        symbol=row.symbol,
        con_id=row.key.con_id or None,
        currency=row.currency,
        closed=False,
        excluded=row.is_excluded,
        qty=row.quantity,
        prev_close=row.prev_close if is_live else None,
        mark=row.mark if is_live else None,
        day_pnl=earned.pnl if earned else None,
        by_move=earned.by_move if earned else None,
        by_fills=earned.by_fills if earned else None,
        why=why or None,
        gap=row.day_caveat or None,
        open_qty=row.opening.quantity if row.opening else None,
        open_source=row.opening.source.name if row.opening else None,
        fills=row.traded.fills,
        net_traded=row.traded.net,
        realized_pnl=row.traded.realized_pnl,
        commission=row.traded.commission,
    )


def _closed(each: ClosedToday) -> DayRecord:
    return DayRecord(
        key=f"{each.account}/{each.key.con_id or each.key.symbol}",
        account=each.account,
        account_type=each.mode.value,
        symbol=each.symbol,
        con_id=each.key.con_id or None,
        currency=each.currency,
        closed=True,
        excluded=False,
        qty=0.0,
        prev_close=each.prev_close,
        mark=None,
        day_pnl=each.day_pnl,
        by_move=None,
        by_fills=None,
        why=each.why or None,
        gap=each.basis or None,
        open_qty=each.opening.quantity if each.opening else None,
        open_source=each.opening.source.name if each.opening else None,
        fills=each.traded.fills,
        net_traded=each.traded.net,
        realized_pnl=each.traded.realized_pnl,
        commission=each.traded.commission,
    )


def _sum(book: Book, mode: AccountMode | None) -> DaySum:
    strip = book.strip(mode)
    is_old = strip.is_frozen
    return DaySum(
        day_pnl=None if is_old else strip.day_pnl,
        realized_pnl=strip.realized_pnl,
        commission=strip.commission,
        unrealized_pnl=None if is_old else strip.unrealized_pnl,
        frozen=is_old,
        left_out=list(strip.remarks),
        excluded=[each.value for each in book.totals(IBKR_MODES).excluded_modes] if mode is None else [],
    )
