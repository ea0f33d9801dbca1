"""HAMMER's messages about its own account. Pure: JSON in, records out.

The brokers behind Hammer Pro use different names for the same field, with different capitals; every known
name is accepted. An entry may contain only what changed, so entries are kept unread until they are needed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec

from psf_monitor.domain.account import AccountMode, AccountSummary, masked
from psf_monitor.domain.order import OrderStatus, Side
from psf_monitor.hammer.account import errors
from psf_monitor.hammer.messages import UNREADABLE, ProtocolError
from psf_monitor.hammer.prices.figures import finite, is_yes, positive_price, time_of

MODE = AccountMode.HAMMER_PRO

Entry = dict[str, Any]
"""One position, transaction or set of balances; field names are in lower case without punctuation."""

_HELD = ("qty", "quantity", "netqty", "netquantity", "position")
_LONG, _SHORT = ("longqty", "longquantity"), ("shortqty", "shortquantity")
_AVERAGE_PRICE = ("paid", "avgprice", "averageprice", "avgcost", "averagecost", "basisprice", "basis")
_ORDERED = ("qty", "quantity", "orderqty", "orderquantity", "originalqty", "originalquantity")
FILLED = ("filledqty", "filledquantity")
_ORDER_ID = ("orderid", "transactionid")
_STATUS = ("statusid", "status")

_SIDES = {
    "buy": Side.BUY,
    "buytocover": Side.BUY,
    "cover": Side.BUY,
    "sell": Side.SELL,
    "sellshort": Side.SELL,
    "short": Side.SELL,
    "shortsell": Side.SELL,
}
_OPEN_STATUSES = {
    "open": OrderStatus.SUBMITTED,
    "partial": OrderStatus.SUBMITTED,
    "partialfill": OrderStatus.SUBMITTED,
    "partiallyfilled": OrderStatus.SUBMITTED,
    "accepted": OrderStatus.SUBMITTED,
    "working": OrderStatus.SUBMITTED,
    "pending": OrderStatus.PENDING_SUBMIT,
    "pendingnew": OrderStatus.PENDING_SUBMIT,
    "pendingcancel": OrderStatus.PENDING_CANCEL,
}
_DONE_STATUSES = {
    "filled": OrderStatus.FILLED,
    "canceled": OrderStatus.CANCELLED,
    "cancelled": OrderStatus.CANCELLED,
    "rejected": OrderStatus.REJECTED,
}
_DONE_NAMES = {*_DONE_STATUSES, "expired", "executed", "completed", "deleted", "replaced", "closed"}
_ORDER_TYPES = {
    "limit": "LMT",
    "market": "MKT",
    "stop": "STP",
    "stoplimit": "STP LMT",
    "limitonclose": "LOC",
    "marketonclose": "MOC",
    "limitonopen": "LOO",
    "marketonopen": "MOO",
}
_BALANCES = {
    "net_liquidation": ("netliquidation", "netliq", "accountvalue", "totalequity", "equity"),
    "excess_liquidity": ("excessliquidity", "excessequity"),
    "available_funds": ("availablefunds",),
    "buying_power": ("buyingpower", "bp"),
    "total_cash": ("totalcash", "cashbalance", "cash"),
    "gross_position_value": ("grosspositionvalue",),
    "unrealized_pnl": ("unrealizedpnl", "openpnl"),
    "realized_pnl": ("realizedpnl", "closedpnl"),
}
"""In the order of the fields of ``AccountSummary``."""

_any = msgspec.json.Decoder()


class ListPending(ProtocolError):  # noqa: N818
    """An answer without the requested list: HAMMER does not have it yet, and sends it later."""


@dataclass(frozen=True, slots=True)
class TradingAccount:
    """An account set up in Hammer Pro. ``key`` is what its commands take."""

    key: str
    number: str
    nick: str

    def is_named(self, name: str) -> bool:
        """Return whether the trader may mean this account: by key, number or nick."""
        return name in (self.key, self.number, self.nick)


@dataclass(frozen=True, slots=True)
class Listing:
    """Some entries of one kind; ``is_all``: the list is complete. ``None``: HAMMER did not say.

    ``unreadable`` counts the items that are no entry.
    """

    entries: tuple[Entry, ...]
    is_all: bool | None
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class Transaction:
    """An order as HAMMER sends it, in the domain's terms; figures as in ``Order``."""

    side: str
    quantity: float | None
    order_type: str
    limit_price: float | None
    stop_price: float | None
    tif: str
    status: str
    is_open: bool
    filled: float | None
    remaining: float | None
    average_fill_price: float | None


@dataclass(frozen=True, slots=True)
class ReportedFill:
    """One execution of a transaction; ``name`` is its id, or its place in the list if it has none.

    Without a name it stands for the whole filled quantity of the transaction at the average price. ``at`` is
    UTC, ``None`` if no readable time is reported.
    """

    name: str
    quantity: float | None
    price: float | None
    at: datetime | None


def accounts_of(result: msgspec.Raw) -> tuple[TradingAccount, ...]:
    """Return the answer to ``enumTradingAccounts``. Raises ``ProtocolError`` if it is no list."""
    found = listing_of(result, "accounts", "")
    read = (
        TradingAccount(_as_text(e, "accountkey"), _as_text(e, "accountid"), _as_text(e, "accountnick"))
        for e in found.entries
    )
    return tuple(account for account in read if account.key)


def chosen_account(accounts: Collection[TradingAccount], wanted: str) -> TradingAccount:
    """Return the account that the trader named, or the only one. Raises ``Unavailable`` if there is none."""
    listed = ", ".join(f"{a.nick or masked(a.number)} ({masked(a.key)})" for a in accounts)
    if not accounts:
        raise errors.Unavailable(errors.NO_ACCOUNT)
    named = [account for account in accounts if not wanted or account.is_named(wanted)]
    if not named:
        raise errors.Unavailable(errors.another_account(listed))
    if not wanted and len(named) > 1:
        raise errors.Unavailable(errors.several_accounts(listed))
    return named[0]


def listing_of(result: msgspec.Raw, name: str, key: str) -> Listing:
    """Return positions, transactions or accounts: a bare list, or a list under ``name``.

    Entries of another account than ``key`` are left out. Raises ``ListPending`` if there is no list,
    ``ProtocolError`` if nothing in the list can be read.
    """
    plain = _plain(result)
    is_all = None
    if isinstance(plain, dict):
        received = entry_of(plain)
        if _is_other(received, key):
            return Listing((), is_all=False)
        is_all = {"set": True, "change": False}.get(_as_text(received, "setorchange").lower())
        plain = received.get(name)
    if not isinstance(plain, list):
        raise ListPending(f"unreadable {name}", bytes(result))
    entries = [entry_of(entry) for entry in plain if isinstance(entry, dict)]
    if plain and not entries:
        raise ProtocolError(f"unreadable {name}", bytes(result))
    mine = tuple(entry for entry in entries if not _is_other(entry, key))
    return Listing(mine, is_all, unreadable=len(plain) - len(entries))


def balances_of(result: msgspec.Raw, key: str) -> Entry:
    """Return the balances, one level deep or two, there also in a list; empty if they are another account's.

    Raises ``ListPending`` if there is no field at all.
    """
    plain = _plain(result)
    if not isinstance(plain, dict):
        raise ListPending("unreadable balances", bytes(result))
    received = entry_of(plain)
    if _is_other(received, key):
        return {}
    inner = (each for value in received.values() for each in (value if isinstance(value, list) else [value]))
    nested = [read for each in inner if isinstance(each, dict) and not _is_other(read := entry_of(each), key)]
    for name in {name for entry in nested for name in entry}:
        values = [entry[name] for entry in nested if name in entry]
        # With two times or currencies it is unknown which one is meant.
        received.setdefault(name, values[0] if values.count(values[0]) == len(values) else None)
    if not received.keys() - {"accountkey"}:
        raise ListPending("no balances", bytes(result))
    return received


def account_key_of(result: msgspec.Raw) -> str:
    """Return the account of a ``tradingAccountStateUpdate``; empty if it names none."""
    plain = _plain(result)
    return _as_text(entry_of(plain), "accountkey") if isinstance(plain, dict) else ""


def is_account(named: str, key: str) -> bool:
    """Return whether this may be the account ``key``: unnamed, in other capitals, or without its broker."""
    return named.upper() in ("", key.upper(), key.upper().rpartition(":")[2])


def entry_of(raw: Mapping[str, Any]) -> Entry:
    """Return the fields under normalized names; of two with the same name, the first with a value is kept."""
    entry: Entry = {}
    for name, value in raw.items():
        plain_name = "".join(filter(str.isalnum, name)).lower()
        if entry.get(plain_name) in (None, ""):
            entry[plain_name] = value
    return entry


def symbol_of(entry: Entry) -> str:
    """Return HAMMER's symbol of the share in HAMMER's capitals, however the entry writes it."""
    symbol = _as_text(entry, "symbol") or _as_text(entry, "sym")
    return symbol.upper() if symbol.islower() else symbol


def order_id_of(entry: Entry) -> str:
    """Return the id as HAMMER writes it, which need not be a number; empty for none, 0 or a negative one."""
    ids = (_as_text(entry, name) for name in _ORDER_ID)
    return next((value for value in ids if value.strip("-0") and value != "-1"), "")


def quantity_of(entry: Entry) -> float | None:
    """Return the shares held, negative for short; ``None`` if they cannot be read."""
    held, long, short = (_first(entry, names) for names in (_HELD, _LONG, _SHORT))
    net = None if long is None and short is None else (long or 0.0) - abs(short or 0.0)
    if held is not None:
        # One that its own sides contradict may be without its sign.
        return held if net in (None, held) else None
    return None if any(is_unreadable(entry, names) for names in (_HELD, _LONG, _SHORT)) else net


def average_price_of(entry: Entry) -> float | None:
    """Return the price paid per share; ``None`` if it is not reported."""
    return next(filter(None, (positive_price(entry.get(name)) for name in _AVERAGE_PRICE)), None)


def transaction_of(entry: Entry) -> Transaction:
    """Return an entry as a transaction, with everything reported about one order."""
    quantity = _size(entry, *_ORDERED)
    fills = _fills(entry.get("fills"))
    is_signed = any((n := finite(entry.get(name))) is not None and n < 0 for name in _ORDERED)
    filled = _size(entry, *FILLED, is_signed=is_signed)
    if filled is None and fills:
        filled = sum(size for size, _ in fills)
    remaining = _size(entry, "remainingqty", "remainingquantity", is_signed=is_signed)
    if remaining is None and quantity is not None and filled is not None and filled <= quantity:
        remaining = quantity - filled
    average = positive_price(entry.get("filledprice"))
    if average is None and fills:
        average = sum(size * price for size, price in fills) / sum(size for size, _ in fills)
    text = _first_text(entry, _STATUS)
    is_open = _is_open(entry, text, remaining)
    status = (_OPEN_STATUSES | _DONE_STATUSES).get(_letters(text), text)
    action, order_type = _as_text(entry, "action"), _as_text(entry, "ordertype")
    return Transaction(
        side=_SIDES.get(_letters(action), action),
        quantity=quantity,
        order_type=_ORDER_TYPES.get(_letters(order_type), order_type),
        limit_price=positive_price(entry.get("limitprice")),
        stop_price=positive_price(entry.get("stopprice")),
        tif=_as_text(entry, "tif").upper(),
        status=status if status or not is_open else OrderStatus.SUBMITTED,
        is_open=is_open,
        filled=filled,
        remaining=remaining,
        average_fill_price=average,
    )


def _is_open(entry: Entry, value: str, remaining: float | None) -> bool:
    """Return whether an order may still fill: by its status, as PSFALGO reads it, else by ``IsOpen``.

    An order with an unknown status is shown rather than hidden.
    """
    letters = _letters(value)
    if letters in _OPEN_STATUSES or letters in _DONE_NAMES:
        return letters in _OPEN_STATUSES
    if entry.get("isopen") not in (None, ""):
        return is_yes(entry["isopen"])
    return bool(value or remaining)


def fills_of(entry: Entry) -> list[ReportedFill]:
    """Return the executions that a transaction lists; a filled quantity alone is not one."""
    raw = entry.get("fills")
    received = [entry_of(fill) for fill in raw if isinstance(fill, dict)] if isinstance(raw, list) else []
    found: dict[str, ReportedFill] = {}
    for place, fill in enumerate(received, 1):
        quantity, price = _size(fill, *_ORDERED) or None, positive_price(fill.get("price"))
        name = _as_text(fill, "fillid") or f"#{place}"
        each = ReportedFill(name, quantity, price, _time(fill, "filldt", "filleddt"))
        if quantity is not None or price is not None:
            # Different executions under one id are two.
            found[name if found.get(name, each) == each else f"{name}#{place}"] = each
    return [replace(fill, name=name) for name, fill in found.items()]


def whole_fill_of(entry: Entry) -> list[ReportedFill]:
    """Return the filled quantity of a transaction that has ended without listing executions; else nothing.

    While a transaction is open, or lists some executions, the others may still be reported. If only the
    status says that it filled, the quantity is unknown.
    """
    received = transaction_of(entry)
    is_filled = received.status == OrderStatus.FILLED
    if received.is_open or not (received.filled or is_filled) or fills_of(entry):
        return []
    times = ("filleddt", "lasttransactiondt") if is_filled else ("filleddt",)
    quantity = received.filled or None
    return [ReportedFill("", quantity, received.average_fill_price, _time(entry, *times))]


def summary_of(balances: Entry, account: str) -> AccountSummary:
    """Return the account values under the known names; values under other names stay unknown."""
    found = (
        next((n for name in names if (n := finite(balances.get(name))) is not None), None)
        for names in _BALANCES.values()
    )
    return AccountSummary(MODE, account, _as_text(balances, "currency").upper() or None, *found)


def _fills(raw: object) -> list[tuple[float, float]]:
    """Return size and price of every fill that reports both."""
    found: list[tuple[float, float]] = []
    for fill in raw if isinstance(raw, list) else []:
        entry = entry_of(fill) if isinstance(fill, dict) else {}
        size, price = _size(entry, *_ORDERED), positive_price(entry.get("price"))
        if size and price is not None:
            found.append((size, price))
    return found


def _plain(result: msgspec.Raw) -> object:
    try:
        return _any.decode(result)
    except UNREADABLE as error:
        raise ProtocolError("an unreadable account", bytes(result)) from error


def _is_other(entry: Entry, key: str) -> bool:
    return bool(key) and not is_account(_as_text(entry, "accountkey"), key)


def _as_text(entry: Entry, name: str) -> str:
    value = entry.get(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _size(entry: Entry, *names: str, is_signed: bool = True) -> float | None:
    """Return a number of shares; negative numbers count only where the broker marks sales that way."""
    known = next((n for name in names if (n := finite(entry.get(name))) is not None), None)
    return None if known is None or (known < 0 and not is_signed) else abs(known)


def _time(entry: Entry, *names: str) -> datetime | None:
    received = (entry.get(name) for name in names)
    return next((at for raw in received if (at := time_of(raw)) is not None), None)


def _first(entry: Entry, names: tuple[str, ...]) -> float | None:
    return next((number for name in names if (number := finite(entry.get(name))) is not None), None)


def is_unreadable(entry: Entry, names: tuple[str, ...]) -> bool:
    """Return whether one of these fields is set to something that is not a number."""
    return _first(entry, names) is None and any(entry.get(name) not in (None, "") for name in names)


def _first_text(entry: Entry, names: tuple[str, ...]) -> str:
    return next((value for name in names if (value := _as_text(entry, name))), "")


def _letters(value: str) -> str:
    return "".join(filter(str.isalnum, value)).lower()
