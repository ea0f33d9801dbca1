"""The tooltips of column titles: what the figure is, whose it is, and how it is calculated."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from psf_monitor.ui.table.columns import Column, R

QUOTE_TOOLTIPS: Mapping[str, str] = {
    "account": "The login whose account it is: GUN and PED of IBKR, HAM of Hammer Pro.",
    "symbol": "The share as IBKR names it.",
    "bid": "HAMMER's bid: the highest price that somebody offers to pay now.",
    "ask": "HAMMER's ask: the lowest price at which somebody offers to sell now.",
}
_ORDER_ID = (
    "The number that the program gave the order, TWS's permanent one where it has none; HAMMER's id of its "
    "account's orders."
)
DAY_TOOLTIPS: Mapping[str, str] = {
    "days_to_ex_dividend": "Calendar days to the EX-DIV DATE in your own file, counted in New York.",
    "days_to_call": "Calendar days to the CALL DATE in your own file: from then on the issuer may call it.",
}
POSITION_TOOLTIPS: Mapping[str, str] = {
    **QUOTE_TOOLTIPS,
    "side": "Long, or SHORT where more was sold than is held.",
    "quantity": "Shares held as the broker says; short below 0.",
    "average_price": "The broker's average cost of a share; IBKR's includes commissions.",
    "bid_size": "HAMMER: shares at the bid; of its depth, while asked for, where the quote has none.",
    "ask_size": "HAMMER: shares at the ask; of its depth, while asked for, where the quote has none.",
    "spread": "HAMMER's ask less its bid, in the share's currency.",
    "last": "HAMMER's last trade.",
    "change": "HAMMER's last less its previous close.",
    "change_pct": "HAMMER's last less its previous close, in percent of that close.",
    "age": "How long ago HAMMER last reported another price or size of this share.",
    "volume": "HAMMER: shares traded today.",
    "high": "HAMMER: the highest trade of today.",
    "low": "HAMMER: the lowest trade of today.",
    "prev_close": "HAMMER: the close of the session before; outside the session maybe of another.",
    "grpan": "Of HAMMER's last prints that count, the price with the most weight (PSFALGO's GRPAN).",
    "grpan_concentration": "The share of those prints that lie within 0.04 of GRPAN, in percent.",
    "grpan_deviation": "HAMMER's last less GRPAN.",
    "rwvap_1d": "The volume-weighted average of HAMMER's prints of a day, outsized ones left out (PSFALGO).",
    "rwvap_1d_deviation": "HAMMER's last less RWVAP of a day.",
    "hammer_symbol": (
        "The name under which HAMMER is asked for the share, by the rule or by symbols.csv; a line there "
        "counts for every contract of this symbol, wherever it is listed."
    ),
    "mid": "The middle of HAMMER's bid and ask; none if they are crossed or over 30 % of it apart.",
    "mark": "The price at which the position is valued; the rule stands over the table, View chooses it.",
    "cost_basis": "Quantity times average cost, as the broker has it; short below 0.",
    "market_value": "Quantity times mark, short below 0.",
    "net_liquidation_pct": "Market value in percent of the net liquidation of its account; short below 0.",
    "unrealized_pnl": "Quantity times mark less average cost.",
    "pnl_pct": "Unrealized P&L in percent of what the position cost.",
    "day_pnl": "Quantity at the open times mark less previous close, and today's executions up to the mark.",
    "day_line": "Day P&L from 09:30 to 16:00 New York over its own line of zero: its shape, not its size.",
    "current_yield": "The dividend of a year, as your own file has coupon and par, in percent of the mark.",
    **DAY_TOOLTIPS,
    "working": "What open orders can buy and sell at most; of orders that cancel each other, the largest.",
    "exchange": "Where the broker says that the share is listed.",
    "con_id": "IBKR's number of the contract.",
    "account_number": "The broker's number of the account, all but its end covered.",
}
ORDER_TOOLTIPS: Mapping[str, str] = {
    **QUOTE_TOOLTIPS,
    "order_id": _ORDER_ID,
    "side": "BUY or SELL, as the broker has it.",
    "quantity": "Shares ordered in all.",
    "order_type": "The broker's order type, such as LMT or STP LMT.",
    "limit_price": "The price that the order may not be filled beyond.",
    "tif": "How long it is good: DAY, GTC (until cancelled), and so on.",
    "status": "The broker's own word for how the order stands.",
    "filled": "Shares filled so far, as the broker says.",
    "remaining": "Shares still to be filled, as the broker says.",
    "placed": "When it was placed; known only of orders that appeared while psf_monitor watched.",
    "stop_price": "The price that sets a stop order off.",
    "client_id": "The API client of TWS that placed it; 0 is TWS itself, a dash nobody knows who.",
    "reference": "The reference that its program gave the order.",
    "oca_group": "Orders of one group cancel each other.",
    "attributes": "What else TWS or HAMMER says of how it trades: all or none, a scale, its conditions.",
    "perm_id": "TWS's permanent number of the order.",
    "to_touch": "USD from the limit to its own side of the market: BUY bid less limit, SELL limit less ask.",
    "to_fill": "USD from the limit to the other side of the market: BUY ask less limit, SELL limit less bid.",
    "to_fill_pct": "To fill in percent of the limit.",
    "yield_at_limit": "The dividend of a year, as your own file has coupon and par, in percent of the limit.",
    **DAY_TOOLTIPS,
    "ahead": "Displayed at better prices and at its own in HAMMER's depth, less what is left of it: at most.",
    "ahead_place": "How it stands in HAMMER's depth; known only while the share's window asks for it.",
    "where": "Where the limit stands in HAMMER's market, or what the order waits for.",
}

FILL_TOOLTIPS: Mapping[str, str] = {
    "at": "When it was executed, as the broker says, in New York.",
    "trade_date": "The trading day on which the broker books it; another session than the regular is named.",
    "account": QUOTE_TOOLTIPS["account"],
    "symbol": QUOTE_TOOLTIPS["symbol"],
    "side": "BUY or SELL, as the broker has it.",
    "quantity": "Shares of this one execution.",
    "price": "The price of this execution, as the broker says.",
    "commission": (
        "Commission and fees as IBKR reports them, some seconds later; below 0 a rebate. HAMMER reports none."
    ),
    "realized_pnl": (
        "IBKR's own figure for what this execution closed, commissions included; HAMMER reports none."
    ),
    "order_id": _ORDER_ID,
    "venue": "The exchange that executed it, in the broker's own word.",
    "liquidity": "Whether it added liquidity, removed it or was routed out, as TWS reports it.",
    "model": "The model portfolio of an advisor's account, as TWS reports it.",
    "source": "Who reported it: the broker now, the journal, or a correction of what was reported before.",
    "broker_id": "The broker's own number of the execution; a correction has it with another end.",
    "revision": "How often the broker has reported it: 1 the first time, one more for each correction.",
    "perm_id": "TWS's permanent number of the order.",
    "client_id": "The API client of TWS that placed the order; 0 is TWS itself, a dash nobody knows who.",
}
FILL_TOTAL_TOOLTIPS: Mapping[str, str] = {
    "account": QUOTE_TOOLTIPS["account"],
    "symbol": QUOTE_TOOLTIPS["symbol"],
    "fills": "How many executions of the day are added up here.",
    "bought": "Shares bought in the day's executions.",
    "bought_average": "What a bought share cost on average, weighted by size, without commission.",
    "sold": "Shares sold in the day's executions.",
    "sold_average": "What a sold share brought on average, weighted by size, without commission.",
    "net": "Bought less sold.",
    "commission": "The sum of the broker's commissions and fees; what is not reported yet is named.",
    "realized_pnl": "The sum of IBKR's own figures; what is not reported yet is named.",
    "lacks": "What these sums do not have, or not yet.",
}
STRIP_TOOLTIPS: Mapping[str, str] = {
    "net_liquidation": "What the account would be worth if all of it were sold: the broker's own figure.",
    "excess_liquidity": "Equity less maintenance margin, the room to a margin call: the broker's own.",
    "cushion": "Excess liquidity in percent of net liquidation, of several accounts the lowest: below 0 IBKR "
    "may liquidate. Worked out from the broker's own figures.",
    "initial_margin": "The equity that is needed to open what is held: the broker's own figure.",
    "maintenance_margin": "The equity that is needed to keep what is held: the broker's own figure.",
    "available_funds": "Equity less initial margin, the room for new positions: the broker's own figure.",
    "buying_power": "What may be bought at most, on margin: the broker's own figure.",
    "total_cash": "Cash, with what is not settled; below 0 is borrowed: the broker's own figure.",
    "gross_position_value": "Long and short positions added up without their signs: the broker's own figure.",
    "market_value": "Quantity times mark of each position, short below 0; worked out with HAMMER's prices.",
    "day_pnl": "Quantity at the open times mark less previous close, and today's executions up to the mark: "
    "worked out with HAMMER's prices.",
    "unrealized_pnl": "Quantity times mark less the broker's average cost; worked out with HAMMER's prices.",
    "realized_pnl": "What was closed today, commissions included: IBKR's own figure.",
    "commission": "What the broker has reported of today's executions so far.",
}
"""By the key of a figure under the cards."""


def with_tooltips(columns: Sequence[Column[R]], about: Mapping[str, str]) -> tuple[Column[R], ...]:
    """Return the columns with their tooltips. Raises ``KeyError`` for a column without one."""
    return tuple(replace(column, about=about[column.key]) for column in columns)
