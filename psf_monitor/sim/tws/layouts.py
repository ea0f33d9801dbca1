"""The messages of a TWS about accounts, positions and executions: which field stands where.

Source: TWS API, recorded messages of servers 162 to 178. Pure: records in, lists of fields out.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from psf_monitor.sim.market.ledger import Profit, market_value, unrealized
from psf_monitor.sim.market.records import AccountValue, Security, SimExecution, SimHolding
from psf_monitor.sim.tws.framing import UNSET_FLOAT, Field

LEAST_VERSION = 157
MOST_VERSION = 178
ZONE = "America/New_York"

Message = list[Field]


def stamp(at: datetime) -> str:
    """Return New York's wall clock with the zone's name."""
    return f"{at.astimezone(ZoneInfo(ZONE)):%Y%m%d %H:%M:%S} {ZONE}"


def multiplier(security: Security) -> Field:
    """Empty for shares."""
    return None if security.multiplier == 1 else security.multiplier


def error(request_id: int, code: int, text: str, version: int) -> Message:
    """Message 4; from version 166 on with a field for why an order was rejected."""
    fields: Message = [4, 2, request_id, code, text]
    return [*fields, ""] if version >= 166 else fields


def _contract(item: Security, exchange: str) -> Message:
    """Return the fields of a contract as in messages 11 and 61: without expiry, strike and right."""
    return [
        item.con_id,
        item.symbol,
        item.kind,
        "",
        "0.0",
        "",
        multiplier(item),
        exchange,
        item.currency,
        item.local_symbol,
        item.trading_class,
    ]


def position(held: SimHolding) -> Message:
    """Message 61: average cost is per share or contract, positive for shorts too."""
    item = held.security
    return [
        61,
        3,
        held.account,
        *_contract(item, item.exchange),
        held.quantity,
        round(held.average_cost, 8),
    ]


def position_multi(request_id: int, held: SimHolding) -> Message:
    """Message 71, without a model code: the fields of message 61 after the account."""
    return [71, 1, request_id, *position(held)[2:], ""]


def portfolio(held: SimHolding, realized: float) -> Message:
    """Message 7: the position with the broker's own mark, value and profit."""
    item = held.security
    return [
        7,
        8,
        item.con_id,
        item.symbol,
        item.kind,
        "",
        "0",
        "0",
        multiplier(item),
        item.exchange,
        item.currency,
        item.local_symbol,
        item.trading_class,
        held.quantity,
        item.mark,
        round(market_value(held), 2),
        round(held.average_cost, 8),
        round(unrealized(held), 2),
        round(realized, 2),
        held.account,
    ]


def account_value(account: str, row: AccountValue) -> Message:
    """Message 6."""
    return [6, 2, row.tag, row.value, row.currency, account]


def account_time(at: datetime) -> Message:
    """Message 8: New York's hour and minute."""
    return [8, 1, f"{at.astimezone(ZoneInfo(ZONE)):%H:%M}"]


def account_value_multi(request_id: int, account: str, row: AccountValue) -> Message:
    """Message 73, without a model code."""
    return [73, 1, request_id, account, "", row.tag, row.value, row.currency]


def account_summary(request_id: int, account: str, row: AccountValue) -> Message:
    """Message 63."""
    return [63, 1, request_id, account, row.tag, row.value, row.currency]


def execution(request_id: int, fill: SimExecution, version: int, at: str | None = None) -> Message:
    """Message 11, executed ``at`` a time of TWS's clock; ``request_id`` -1 is one sent without a request.

    From 178 on a price may be pending.
    """
    item = fill.security
    fields: Message = [
        11,
        request_id,
        fill.order_id,
        *_contract(item, fill.venue),
        fill.exec_id,
        stamp(fill.time) if at is None else at,
        fill.account,
        fill.venue,
        fill.side,
        fill.shares,
        fill.price,
        fill.perm_id,
        fill.client_id,
        0,
        fill.cum_qty,
        fill.avg_price,
        "",
        "",
        "",
        "",
        2,
    ]
    return [*fields, 0] if version >= 178 else fields


def commission(fill: SimExecution) -> Message:
    """Message 59; the realized profit is unset when the fill closed nothing, the yield always."""
    realized: Field = UNSET_FLOAT if fill.realized_pnl is None else round(fill.realized_pnl, 4)
    return [59, 1, fill.exec_id, fill.commission, fill.security.currency, realized, UNSET_FLOAT, ""]


def pnl(request_id: int, profit: Profit) -> Message:
    """Message 94: daily, unrealized and realized."""
    return [94, request_id, *(round(part, 4) for part in (profit.daily, profit.unrealized, profit.realized))]


def pnl_single(request_id: int, held: SimHolding | None, realized: float) -> Message:
    """Message 95: quantity, daily, unrealized, realized and value; nothing held is all zeros.

    The daily part treats the present quantity as held since the close.
    """
    if held is None:
        return [95, request_id, 0, 0, 0, round(realized, 4), 0]
    item = held.security
    daily = held.quantity * (item.mark - item.prev_close) * item.point_value
    return [
        95,
        request_id,
        held.quantity,
        round(daily, 4),
        round(unrealized(held), 4),
        round(realized, 4),
        round(market_value(held), 4),
    ]
