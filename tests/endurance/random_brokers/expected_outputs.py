"""What every output has to hold of the brokers' state, and does hold; each difference is a sentence."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from msgspec import to_builtins

from psf_monitor import formatting
from psf_monitor.api import snapshot_records
from psf_monitor.domain.account import AccountMode
from tests.endurance.random_brokers.broker_state import (
    ACCOUNTS,
    CON_IDS,
    HAMMER_NAMES,
    PAID,
    BrokerState,
    Working,
)
from tests.support.scripted_product import ScriptedProduct

Records = Mapping[Any, Mapping[str, Any]]

_FIGURES = {
    "positions": ("qty", "avg_price", "current_price", "market_value", "unrealized_pnl", "day_pnl"),
    "orders": ("qty", "limit_price", "filled", "remaining"),
    "totals": ("market_value", "unrealized_pnl", "day_pnl"),
}
"""What is a number in the snapshot."""


def snapshot_of(product: ScriptedProduct, mode: AccountMode) -> dict[str, Any]:
    """Return the snapshot of one profile."""
    monitor = product.monitor
    found: dict[str, Any] = to_builtins(snapshot_records.snapshot(monitor.book, monitor.links, (mode,)))
    return found


def by_key(records: list[dict[str, Any]], key: str = "key") -> dict[Any, dict[str, Any]]:
    """Return records by a field; each may be there once only."""
    found = {record[key]: record for record in records}
    assert len(found) == len(records), f"one {key} twice: {records}"
    return found


def expected_figures(brokers: BrokerState) -> dict[str, dict[Any, dict[str, Any]]]:
    """Return the positions, open orders and closed shares of the login as they have to be reported."""
    held = {
        f"{account}/{CON_IDS[symbol]}": {
            "symbol": symbol,
            "qty": quantity,
            "avg_price": PAID,
            "current_price": brokers.mark(symbol),
            "market_value": quantity * brokers.mark(symbol),
            "unrealized_pnl": quantity * (brokers.mark(symbol) - PAID),
            "day_pnl": brokers.day_pnl(account, symbol),
            "stale_since": None,
        }
        for (account, symbol), quantity in brokers.held.items()
    }
    working = {
        f"{order.account}/{order.perm_id}": {
            "symbol": order.symbol,
            "side": order.side,
            **_terms(order),
            "status": "Submitted",
            "stale_since": None,
        }
        for order in brokers.orders.values()
    }
    # Also what is not held any more, as it may be again. What leaves before its execution is in the sums.
    closed = {(each.account, each.symbol) for each in brokers.executions} - brokers.held.keys()
    days = {f"{account}/{CON_IDS[symbol]}": brokers.day_pnl(account, symbol) for account, symbol in closed}
    return {
        "positions": held,
        "orders": working,
        "closed": {key: {"day_pnl": value} for key, value in days.items()},
        "totals": {"": expected_totals(brokers)},
    }


def expected_totals(brokers: BrokerState) -> dict[str, float]:
    """Return the sums over the login."""
    return {
        "market_value": sum(held * brokers.mark(symbol) for (_, symbol), held in brokers.held.items()),
        "unrealized_pnl": sum(
            held * (brokers.mark(symbol) - PAID) for (_, symbol), held in brokers.held.items()
        ),
        "day_pnl": brokers.total_day_pnl(),
    }


def _terms(order: Working) -> dict[str, float]:
    left = order.quantity - order.filled
    return {"qty": order.quantity, "limit_price": order.limit, "filled": order.filled, "remaining": left}


def wrong_snapshot(brokers: BrokerState, snapshot: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the snapshot of the login gets wrong."""
    right = expected_figures(brokers)
    yield from _differing("position", by_key(snapshot["positions"]), right["positions"])
    shown = by_key(snapshot["orders"])
    for key in shown.keys() - right["orders"].keys():
        yield from _wrong_end(brokers, shown.pop(key))
    yield from _differing("order", shown, right["orders"])
    worth = {
        account: {"net_liquidation": value, "stale_since": None} for account, value in brokers.worth.items()
    }
    yield from _differing("account", by_key(snapshot["summaries"], "account"), worth)
    if brokers.held:
        yield from _differing("total", {"": snapshot["totals"]}, right["totals"])


def never_true(
    brokers: BrokerState, before: Mapping[str, Records], snapshot: Mapping[str, Any]
) -> Iterator[str]:
    """Yield the figures of the login that were right neither ``before`` one thing happened nor are now."""
    now = expected_figures(brokers)
    for kind, names in _FIGURES.items():
        listed = {"": snapshot[kind]} if kind == "totals" else by_key(snapshot[kind])
        if kind == "totals" and any("evening before" not in each for each in snapshot[kind]["left_out"]):
            # It says what is missing in it.
            continue
        for key, shown in listed.items():
            for name in names:
                known = [of[each].get(key, {}) for of in (before, now) for each in (kind, "closed")]
                right = [record[name] for record in known if name in record]
                if kind == "orders" and key not in now[kind]:
                    order = brokers.was_open[shown["perm_id"]]
                    right.append(_terms(order)[name])
                figure = shown[name]
                if figure is not None and all(figure != pytest.approx(each, abs=1e-6) for each in right):
                    yield f"{name} of {kind} {key} is {figure}, and never was: {right}"


def _wrong_end(brokers: BrokerState, shown: Mapping[str, Any]) -> Iterator[str]:
    order = brokers.was_open[shown["perm_id"]]
    is_filled = order.filled == order.quantity
    right = ("Filled",) if is_filled else ("Cancelled", "Gone")
    if shown["status"] not in right or shown["filled"] != order.filled:
        yield f"{order} has ended and is shown as {shown['status']}, filled {shown['filled']}"


def ended_orders(brokers: BrokerState, snapshot: Mapping[str, Any], own: Mapping[str, Any]) -> set[str]:
    """Return the orders that are shown and have ended, of the login and of HAMMER's own account."""
    shown = {order["key"] for order in snapshot["orders"]} - expected_figures(brokers)["orders"].keys()
    working = {key for key, order in brokers.own_orders.items() if order["StatusID"] == "Open"}
    return shown | ({order["order_id"] for order in own["orders"]} - working)


def wrong_own_account(brokers: BrokerState, snapshot: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the snapshot of HAMMER's own account gets wrong."""
    names = {name: symbol for symbol, name in HAMMER_NAMES.items()}
    held = {
        names[name]: {"qty": quantity, "avg_price": PAID, "current_price": brokers.mark(names[name])}
        for name, quantity in brokers.own_held.items()
    }
    yield from _differing("own position", by_key(snapshot["positions"], "symbol"), held)
    shown = by_key(snapshot["orders"], "order_id")
    ended = {key for key, order in brokers.own_orders.items() if order["StatusID"] != "Open"}
    # One that ended before it was ever listed as open is not shown.
    right = {
        key: {"qty": order["QTY"], "filled": order["FilledQTY"], "status": _own_status(order)}
        for key, order in brokers.own_orders.items()
        if key in shown or key not in ended
    }
    yield from _differing("own order", shown, right)


def _own_status(order: Mapping[str, Any]) -> str:
    status: str = order["StatusID"]
    return {"Open": "Submitted", "Canceled": "Cancelled"}.get(status, status)


def wrong_fills(brokers: BrokerState, product: ScriptedProduct) -> Iterator[str]:
    """Yield what is wrong with today's executions."""
    right = {
        each.execution_id: {
            "account": each.account,
            "symbol": each.symbol,
            "side": each.side,
            "qty": each.shares,
            "price": each.price or None,
            "commission": each.commission,
        }
        for each in brokers.executions
    }
    own = {
        fill["FillID"]: {"qty": fill["QTY"], "price": fill["Price"]}
        for order in brokers.own_orders.values()
        for fill in order.get("Fills", ())
    }
    yield from _differing("execution", product.api_fills(), {**right, **own})


def wrong_cells(
    brokers: BrokerState, product: ScriptedProduct, snapshots: list[dict[str, Any]]
) -> Iterator[str]:
    """Yield where the window's cells and sums are not the snapshots."""
    quantity, money, signed = formatting.quantity, formatting.money, formatting.signed_money
    held = sorted(
        (
            p["symbol"],
            quantity(p["qty"]),
            money(p["market_value"]),
            signed(p["unrealized_pnl"]),
            signed(p["day_pnl"]),
        )
        for snapshot in snapshots
        for p in snapshot["positions"]
    )
    names = ("symbol", "quantity", "market_value", "unrealized_pnl", "day_pnl")
    cells = sorted(tuple(row[name] for name in names) for row in product.positions())
    if cells != held:
        yield f"the positions' cells are {cells}, not {held}"
    listed = sorted(
        (o["symbol"], quantity(o["qty"]), formatting.price(o["limit_price"]), quantity(o["filled"]))
        for snapshot in snapshots
        for o in snapshot["orders"]
    )
    terms = ("symbol", "quantity", "limit_price", "filled")
    order_cells = sorted(tuple(row[n] for n in terms) for row in product.cells(product.orders_table))
    if order_cells != listed:
        yield f"the orders' cells are {order_cells}, not {listed}"
    fills = {f["broker_id"]: (f["quantity"], f["price"], f["commission"]) for f in product.fills()}
    reported = {
        name: (quantity(f["qty"]), formatting.price(f["price"]), formatting.cents(f["commission"]))
        for name, f in product.api_fills().items()
    }
    if fills != reported:
        yield f"the fills' cells are {fills}, not {reported}"
    totals = snapshots[0]["totals"]
    sums = {"day_pnl": signed(totals["day_pnl"]), "unrealized_pnl": signed(totals["unrealized_pnl"])}
    costs = [each.commission for each in brokers.executions if each.shares]
    right = {
        "Net liq": money(sum(brokers.worth.values())),
        "Day P&L": sums["day_pnl"],
        "Unrlzd P&L": sums["unrealized_pnl"],
        "Comm": money(None if None in costs else sum(cost for cost in costs if cost)),
    }
    strip = product.window.links_panel.strips[next(iter(product.monitor.links))].content
    shown = {each.caption: each.text for each in strip.money} if strip else {}
    if right != {caption: shown.get(caption) for caption in right}:
        yield f"the strip says {shown}, not {right}"
    total = product.window.positions.frame.total
    assert total is not None
    row = {key: text for key, (text, _) in total.figures.figures.items() if key != "pnl_pct"}
    if row != {name: money(totals[name]) for name in ("cost_basis", "market_value")} | sums:
        yield f"the total row says {row}, not {totals}"


def wrong_lines(brokers: BrokerState, lines: list[dict[str, str]]) -> Iterator[str]:
    """Yield what is wrong with the executions as the journal exports them."""
    right = {
        each.execution_id: (
            each.symbol,
            each.side,
            f"{each.shares}",
            f"{each.price:g}" if each.price else "",
            "" if each.commission is None else f"{each.commission:g}",
        )
        for each in brokers.executions
    }
    of_tws = [line for line in lines if line["Account"] in ACCOUNTS]
    columns = ("Symbol", "Side", "Quantity", "Price", "Commission")
    found = {line["Execution ID"]: tuple(line[column] for column in columns) for line in of_tws}
    if found != right or len(of_tws) != len(right):
        yield f"the file has {found}, not {right}"


def _differing(what: str, shown: Records, right: Records) -> Iterator[str]:
    for key in shown.keys() | right.keys():
        if key not in shown or key not in right:
            yield f"{what} {key} is {'missing' if key in right else 'left over'}"
            continue
        for name, value in right[key].items():
            figure = shown[key][name]
            if figure != (pytest.approx(value, abs=1e-6) if isinstance(value, float) else value):
                yield f"{name} of {what} {key} is {figure}, not {value}"
