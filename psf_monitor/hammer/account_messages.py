"""What HAMMER says of its own account. Pure: JSON in, what it means out.

The brokers behind Hammer Pro name the same thing differently, in their own capitals; every known name is
taken. An entry may tell only what changed, so entries are kept as they came until they are read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from psf_monitor.domain.account import AccountMode, AccountSummary
from psf_monitor.domain.order import OrderStatus, Side
from psf_monitor.hammer.messages import UNREADABLE, ProtocolError, finite

MODE = AccountMode.HAMMER_PRO

Entry = dict[str, Any]
"""One position, transaction or set of balances, its field names in small letters without punctuation."""

_QUANTITY = ("qty", "quantity")
_AVERAGE_PRICE = ("paid", "avgprice", "basis")

_SIDES = {"buy": Side.BUY, "cover": Side.BUY, "sell": Side.SELL, "short": Side.SELL}
_STATUSES = {
    "open": OrderStatus.SUBMITTED,
    "filled": OrderStatus.FILLED,
    "canceled": OrderStatus.CANCELLED,
    "cancelled": OrderStatus.CANCELLED,
    "rejected": OrderStatus.REJECTED,
}
_ORDER_TYPES = {"limit": "LMT", "market": "MKT", "stop": "STP", "stoplimit": "STP LMT"}
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

_any = msgspec.json.Decoder()


@dataclass(frozen=True, slots=True)
class TradingAccount:
    """An account that Hammer Pro is set up for. ``key`` is what its commands take."""

    key: str
    number: str
    nick: str

    def is_named(self, name: str) -> bool:
        """Whether the trader may mean this one: by key, number or nick."""
        return name in (self.key, self.number, self.nick)


@dataclass(frozen=True, slots=True)
class Listing:
    """Some entries of one kind; ``is_all``: what is not among them is no more. ``None``: it did not say."""

    entries: tuple[Entry, ...]
    is_all: bool | None


@dataclass(frozen=True, slots=True)
class Transaction:
    """An order as HAMMER tells it, in the domain's words; figures as in ``Order``."""

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
class ToldFill:
    """One execution of a transaction; ``name`` is its id, or its place in the list where it has none.

    ``at`` is UTC, ``None`` unless the time says its offset: brokers differ in what they leave unsaid.
    """

    name: str
    quantity: float | None
    price: float | None
    at: datetime | None


def accounts_of(result: msgspec.Raw) -> tuple[TradingAccount, ...]:
    """The answer to ``enumTradingAccounts``; ``ProtocolError`` when it is no list."""
    found = listing_of(result, "accounts", "")
    read = (
        TradingAccount(_word(e, "accountkey"), _word(e, "accountid"), _word(e, "accountnick"))
        for e in found.entries
    )
    return tuple(account for account in read if account.key)


def listing_of(result: msgspec.Raw, name: str, key: str) -> Listing:
    """Positions, transactions or accounts: a bare list, or a list under ``name``.

    What belongs to another account than ``key`` is left out. ``ProtocolError`` when there is no list.
    """
    plain = _plain(result)
    is_all = None
    if isinstance(plain, dict):
        told = entry_of(plain)
        if _is_other(told, key):
            return Listing((), is_all=False)
        is_all = {"set": True, "change": False}.get(_word(told, "setorchange").lower())
        plain = told.get(name)
    if not isinstance(plain, list) or not all(isinstance(entry, dict) for entry in plain):
        raise ProtocolError(f"unreadable {name}", bytes(result))
    entries = (entry_of(entry) for entry in plain)
    return Listing(tuple(entry for entry in entries if not _is_other(entry, key)), is_all)


def balances_of(result: msgspec.Raw, key: str) -> Entry:
    """The balances, one level deep or two; empty when they are another account's."""
    plain = _plain(result)
    if not isinstance(plain, dict):
        raise ProtocolError("unreadable balances", bytes(result))
    told = entry_of(plain)
    if _is_other(told, key):
        return {}
    for value in tuple(told.values()):
        if isinstance(value, dict):
            told |= entry_of(value)
    return told


def account_key_of(result: msgspec.Raw) -> str:
    """Which account a ``tradingAccountStateUpdate`` is about; empty when it does not say."""
    plain = _plain(result)
    return _word(entry_of(plain), "accountkey") if isinstance(plain, dict) else ""


def entry_of(raw: Mapping[str, Any]) -> Entry:
    return {"".join(filter(str.isalnum, name)).lower(): value for name, value in raw.items()}


def symbol_of(entry: Entry) -> str:
    return _word(entry, "symbol") or _word(entry, "sym")


def order_id_of(entry: Entry) -> str:
    return _word(entry, "orderid")


def quantity_of(entry: Entry) -> float | None:
    """Shares held, short below 0; ``None`` when it cannot be read."""
    for name in _QUANTITY:
        if name in entry:
            return finite(entry[name])
    if "longqty" not in entry and "shortqty" not in entry:
        return None
    long, short = finite(entry.get("longqty") or 0), finite(entry.get("shortqty") or 0)
    return None if long is None or short is None else long - abs(short)


def average_price_of(entry: Entry) -> float | None:
    """What was paid per share; ``None`` when it is not told."""
    return next((price for name in _AVERAGE_PRICE if (price := _positive(entry, name)) is not None), None)


def transaction_of(entry: Entry) -> Transaction:
    """An entry with all that was told of one order."""
    word = _word(entry, "statusid")
    is_open = _yes(entry["isopen"]) if "isopen" in entry else word.lower() == "open"
    status = _STATUSES.get(word.lower(), word)
    if is_open and not word:
        status = OrderStatus.SUBMITTED
    quantity = _size(entry, *_QUANTITY)
    fills = _fills(entry.get("fills"))
    filled = _size(entry, "filledqty")
    if filled is None and fills:
        filled = sum(size for size, _ in fills)
    remaining = _size(entry, "remainingqty")
    if remaining is None and quantity is not None and filled is not None:
        remaining = max(quantity - filled, 0.0)
    average = _positive(entry, "filledprice")
    if average is None and fills:
        average = sum(size * price for size, price in fills) / sum(size for size, _ in fills)
    action, order_type = _word(entry, "action"), _word(entry, "ordertype")
    return Transaction(
        side=_SIDES.get(action.lower(), action),
        quantity=quantity,
        order_type=_ORDER_TYPES.get("".join(filter(str.isalnum, order_type)).lower(), order_type),
        limit_price=_positive(entry, "limitprice"),
        stop_price=_positive(entry, "stopprice"),
        tif=_word(entry, "tif").upper(),
        status=status,
        is_open=is_open,
        filled=filled,
        remaining=remaining,
        average_fill_price=average,
    )


def fills_of(entry: Entry) -> list[ToldFill]:
    """The executions that a transaction tells one by one; a count of what is filled alone is not one."""
    raw = entry.get("fills")
    told = [entry_of(fill) for fill in raw if isinstance(fill, dict)] if isinstance(raw, list) else []
    found = (
        ToldFill(
            _word(fill, "fillid") or f"#{place}",
            _size(fill, *_QUANTITY) or None,
            _positive(fill, "price"),
            _time(fill.get("filldt")),
        )
        for place, fill in enumerate(told, 1)
    )
    return [fill for fill in found if fill.quantity is not None or fill.price is not None]


def summary_of(balances: Entry, account: str) -> AccountSummary:
    """The account values under the names that are known; what goes by another name is unknown."""
    found = {
        field: next((n for name in names if (n := finite(balances.get(name))) is not None), None)
        for field, names in _BALANCES.items()
    }
    return AccountSummary(MODE, account, _word(balances, "currency").upper() or None, **found)


def _fills(raw: object) -> list[tuple[float, float]]:
    """Size and price of every fill that tells both."""
    found: list[tuple[float, float]] = []
    for fill in raw if isinstance(raw, list) else []:
        entry = entry_of(fill) if isinstance(fill, dict) else {}
        size, price = _size(entry, *_QUANTITY), _positive(entry, "price")
        if size and price is not None:
            found.append((size, price))
    return found


def _plain(result: msgspec.Raw) -> object:
    try:
        return _any.decode(result)
    except UNREADABLE as error:
        raise ProtocolError("an unreadable account", bytes(result)) from error


def _is_other(entry: Entry, key: str) -> bool:
    return bool(key) and _word(entry, "accountkey") not in ("", key)


def _word(entry: Entry, name: str) -> str:
    value = entry.get(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _size(entry: Entry, *names: str) -> float | None:
    known = next((n for name in names if (n := finite(entry.get(name))) is not None), None)
    return None if known is None else abs(known)


def _positive(entry: Entry, name: str) -> float | None:
    price = finite(entry.get(name))
    return price if price is not None and price > 0 else None


def _time(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
        return None if at is None or at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _yes(value: object) -> bool:
    return value in (True, 1) or (isinstance(value, str) and value.strip().lower() in ("true", "1", "yes"))
