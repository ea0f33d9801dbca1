"""The same numbers as the window, once, as one JSON object: what PSFALGO's algorithms read. No Qt here."""

import asyncio
import json
import sys
from collections.abc import Collection
from contextlib import suppress
from typing import Any

from psf_monitor.desk import Desk
from psf_monitor.domain.account import IBKR_MODES, AccountMode, AccountSummary
from psf_monitor.link import CONNECTED_STATES, LinkState
from psf_monitor.monitor.book import Book
from psf_monitor.monitor.rows import OrderRow, PositionRow, QuoteState
from psf_monitor.settings import Settings

COMPLETE, FAILED, QUOTES_MISSING = 0, 1, 3
"""Exit codes: everything is there; a connection failed; some quotes are missing and null."""

_LOOK_EVERY_S = 0.1


async def take(settings: Settings, modes: Collection[AccountMode], timeout_s: float) -> int:
    """Connect, wait for every quote or ``timeout_s``, print the snapshot, disconnect; the exit code."""
    # ib_insync asks the policy for the loop, and from Python 3.12 on that is not always the running one.
    asyncio.set_event_loop(asyncio.get_running_loop())
    desk = Desk(settings)
    running = asyncio.create_task(desk.run())
    try:
        return await _take(desk, modes, timeout_s)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def _take(desk: Desk, modes: Collection[AccountMode], timeout_s: float) -> int:
    links = [desk.links[mode] for mode in dict.fromkeys((*modes, AccountMode.HAMMER_PRO))]
    for link in links:
        link.connect()
    with suppress(TimeoutError):
        async with asyncio.timeout(timeout_s):
            while not _is_complete(desk, modes):
                if any(link.status.state is LinkState.FAILED for link in links):
                    break
                if any(desk.book.account_state(mode).trouble for mode in modes):
                    break
                await asyncio.sleep(_LOOK_EVERY_S)
    for link in links:
        trouble = link.status.trouble
        if trouble is not None:
            return _fail(f"{link.name}: {trouble}")
        if link.status.state not in CONNECTED_STATES:
            return _fail(f"{link.name}: not connected after {timeout_s:g} s.")
    for mode in modes:
        state = desk.book.account_state(mode)
        if mode is AccountMode.HAMMER_PRO:
            if state.trouble or not _is_loaded(desk.book, mode):
                return _fail(f"{mode}: {state.trouble or f'its account did not come in {timeout_s:g} s.'}")
            continue
        if not state.is_loaded:
            return _fail(f"{mode}: TWS did not list the positions in {timeout_s:g} s.")
        if state.orders_trouble or state.orders_checked_at is None:
            return _fail(state.orders_trouble or f"{mode}: TWS did not list the orders in {timeout_s:g} s.")
        if not desk.book.summaries(mode):
            return _fail(f"{mode}: TWS did not send the account values in {timeout_s:g} s.")
    desk.book.drain()
    rows = [row for row in desk.book.position_rows() if row.mode in modes]
    sys.stdout.write(json.dumps(as_json(desk, modes), indent=2) + "\n")
    return COMPLETE if all(_has_quote(row) for row in rows) else QUOTES_MISSING


def _fail(sentence: str) -> int:
    sys.stderr.write(f"psf-monitor: {sentence}\n")
    return FAILED


def _has_quote(row: PositionRow) -> bool:
    return row.quote_state is QuoteState.LIVE and row.mark is not None


def _is_complete(desk: Desk, modes: Collection[AccountMode]) -> bool:
    """Whether waiting adds nothing: all is loaded, and each position has a quote or was refused one."""
    book = desk.book
    book.drain()
    if not all(_is_loaded(book, mode) for mode in modes):
        return False
    if desk.links[AccountMode.HAMMER_PRO].status.state is not LinkState.READY:
        return False
    rows = [row for row in book.position_rows() if row.mode in modes]
    return all(_has_quote(row) or row.quote_state is QuoteState.MISSING for row in rows)


def _is_loaded(book: Book, mode: AccountMode) -> bool:
    state = book.account_state(mode)
    return state.is_loaded and state.orders_checked_at is not None and bool(book.summaries(mode))


def as_json(desk: Desk, modes: Collection[AccountMode] = IBKR_MODES) -> dict[str, list[dict[str, Any]]]:
    """The drained book in PSFALGO's field names; unknown is ``None``.

    Prices and P&L in contract currency, account values in the account's base currency, quantities in shares
    or contracts (short below 0). ``current_price`` is the mark from HAMMER's quote, ``timestamp`` that
    quote's time (ISO 8601, UTC); an old price is no current price, so it is not given.
    """
    book = desk.book
    return {
        "positions": [_position(row) for row in _sorted(book.position_rows()) if row.mode in modes],
        "orders": [_order(row) for row in _sorted(book.order_rows()) if row.mode in modes],
        "summaries": [
            _summary(summary, is_connected=desk.links[mode].status.state in CONNECTED_STATES)
            for mode in modes
            for summary in _summaries(book, mode)
        ],
    }


def _sorted(rows: list[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: (row.mode, row.symbol, row.key))


def _summaries(book: Book, mode: AccountMode) -> list[AccountSummary]:
    known = book.summaries(mode)
    return known or [AccountSummary(mode, account) for account in book.account_state(mode).accounts]


def _position(row: PositionRow) -> dict[str, Any]:
    is_live = row.quote_state is QuoteState.LIVE
    at = row.quote_changed_at if is_live else None
    return {
        "symbol": row.symbol,
        "qty": row.quantity,
        "avg_price": row.average_price,
        "account": row.account,
        "account_type": row.mode.value,
        "current_price": row.mark if is_live else None,
        "timestamp": at.isoformat() if at else None,
        "con_id": row.key.con_id or None,
        "market_value": row.market_value if is_live else None,
        "unrealized_pnl": row.unrealized_pnl if is_live else None,
        "bid": row.bid if is_live else None,
        "ask": row.ask if is_live else None,
    }


def _order(row: OrderRow) -> dict[str, Any]:
    return {
        "order_id": row.hammer_id or row.order_id,
        "perm_id": row.perm_id or None,
        "symbol": row.symbol,
        "side": row.side,
        "qty": row.quantity,
        "order_type": row.order_type,
        "limit_price": row.limit_price,
        "status": row.status,
        "filled": row.filled,
        "remaining": row.remaining,
        "account": row.account,
        "account_type": row.mode.value,
    }


def _summary(summary: AccountSummary, *, is_connected: bool) -> dict[str, Any]:
    return {
        "account_type": summary.mode.value,
        "account": summary.account,
        "connected": is_connected,
        "net_liquidation": summary.net_liquidation,
        "buying_power": summary.buying_power,
        "total_cash": summary.total_cash,
        "gross_position_value": summary.gross_position_value,
        "available_funds": summary.available_funds,
        "unrealized_pnl": summary.unrealized_pnl,
        "realized_pnl": summary.realized_pnl,
    }
