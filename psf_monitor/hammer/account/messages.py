"""HAMMER's messages about its own account. Pure: JSON in, records out.

The brokers behind Hammer Pro use different names for the same field, with different capitals; every known
name is accepted. An entry may contain only what changed, so entries are kept unread until they are needed.
"""

from collections.abc import Collection
from dataclasses import dataclass

import msgspec

from psf_monitor.domain.account import AccountMode, AccountSummary
from psf_monitor.domain.instrument import one_spaced
from psf_monitor.formatting import masked
from psf_monitor.hammer.account import errors
from psf_monitor.hammer.account.fields import (
    Entry,
    entry_of,
    first_text,
    is_unreadable,
    number_of,
    text_of,
)
from psf_monitor.hammer.messages import UNREADABLE, ProtocolError, despite_odd_numbers
from psf_monitor.hammer.prices.field_names import letters_of
from psf_monitor.hammer.prices.figures import is_no_figure, is_no_price, positive_price

MODE = AccountMode.HAMMER_PRO

_HELD = ("qty", "quantity", "netqty", "netquantity", "position")
_LONG, _SHORT = ("longqty", "longquantity"), ("shortqty", "shortquantity")
_ACCOUNT_NAMES = ("accountid", "account", "accountnumber", "accountnick", "accountname", "acct")
_SIDE = ("side", "positionside", "longshort", "direction")
_LONG_SIDES, _SHORT_SIDES = ("long", "l", "buy", "b", "bot"), ("short", "s", "ss", "sell", "sellshort", "sld")
_AVERAGE_PRICE = ("paid", "avgprice", "averageprice", "avgcost", "averagecost", "basisprice", "basis")

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


class ListPendingError(ProtocolError):
    """An answer without the requested list: HAMMER does not have it yet, and sends it later."""


@dataclass(frozen=True, slots=True)
class TradingAccount:
    """An account set up in Hammer Pro. ``key`` is what its commands take."""

    key: str
    number: str
    nick: str

    def is_named(self, name: str) -> bool:
        """Return whether the trader may mean this account: by key, number or nick, in whatever capitals."""
        return name.strip().upper() in {each.upper() for each in (self.key, self.number, self.nick)}


@dataclass(frozen=True, slots=True)
class EntryList:
    """Some entries of one kind; ``is_all``: the list is complete. ``None``: HAMMER did not say.

    ``unreadable`` counts the items that are no entry. ``is_of_another``: all of it is another account's.
    """

    entries: tuple[Entry, ...]
    is_all: bool | None
    unreadable: int = 0
    is_of_another: bool = False


def accounts_of(result: msgspec.Raw) -> tuple[TradingAccount, ...]:
    """Return the answer to ``enumTradingAccounts``, each account once.

    Raises ``ProtocolError`` if it is no list, or names no account that can be read.
    """
    found = listing_of(result, "accounts", "")
    read = (
        TradingAccount(text_of(e, "accountkey"), text_of(e, "accountid"), text_of(e, "accountnick"))
        for e in found.entries
    )
    by_key = {account.key: account for account in read if account.key}
    if found.entries and not by_key:
        raise ProtocolError("unreadable accounts", bytes(result))
    return tuple(by_key.values())


def chosen_account(accounts: Collection[TradingAccount], wanted: str) -> TradingAccount:
    """Return the account that the trader named, or the only one.

    Raises ``UnavailableError`` if there is none.
    """
    listed = ", ".join(f"{a.nick or masked(a.number)} ({masked(a.key)})" for a in accounts)
    if not accounts:
        raise errors.UnavailableError(errors.NO_ACCOUNT)
    named = [account for account in accounts if not wanted or account.is_named(wanted)]
    if not named:
        raise errors.UnavailableError(errors.another_account(listed))
    if not wanted and len(named) > 1:
        raise errors.UnavailableError(errors.several_accounts(listed))
    return named[0]


def names_of_others(accounts: Collection[TradingAccount], mine: TradingAccount) -> frozenset[str]:
    """Return the names of all accounts but ``mine`` that HAMMER's entries may carry, in capitals."""
    named = {each: {*_names_of_key(each.key), each.number.upper(), each.nick.upper()} for each in accounts}
    own = named.get(mine, set())
    return frozenset(name for each in accounts if each != mine for name in named[each] - own if name)


def listing_of(result: msgspec.Raw, name: str, key: str, others: Collection[str] = ()) -> EntryList:
    """Return positions, transactions or accounts: a bare list, or a list under ``name``.

    Entries of another account than ``key``, or with one of the names of ``others``, are left out. Raises
    ``ListPendingError`` if there is no list, ``ProtocolError`` if nothing in the list can be read.
    """
    plain = _plain(result)
    is_all = None
    if isinstance(plain, dict):
        received = entry_of(plain)
        if _is_other(received, key, others):
            return EntryList((), is_all=False, is_of_another=True)
        is_all = {"set": True, "change": False}.get(text_of(received, "setorchange").lower())
        plain = received.get(name)
    if not isinstance(plain, list):
        raise ListPendingError(f"unreadable {name}", bytes(result))
    entries = [entry_of(entry) for entry in plain if isinstance(entry, dict)]
    if plain and not entries:
        raise ProtocolError(f"unreadable {name}", bytes(result))
    mine = tuple(entry for entry in entries if not _is_other(entry, key, others))
    return EntryList(mine, is_all, unreadable=len(plain) - len(entries))


def balances_of(result: msgspec.Raw, key: str, others: Collection[str] = ()) -> Entry:
    """Return the balances, one level deep or two, there also in a list; empty if they are another account's.

    ``others`` as in ``listing_of``.

    Raises ``ListPendingError`` if there is no field at all.
    """
    plain = _plain(result)
    if not isinstance(plain, dict):
        raise ListPendingError("unreadable balances", bytes(result))
    received = entry_of(plain)
    if _is_other(received, key, others):
        return {}
    inner = (each for value in received.values() for each in (value if isinstance(value, list) else [value]))
    read = [entry_of(each) for each in inner if isinstance(each, dict)]
    nested = [each for each in read if not _is_other(each, key, others)]
    for name in {name for entry in nested for name in entry}:
        values = [entry[name] for entry in nested if name in entry]
        # With two times or currencies it is unknown which one is meant.
        received.setdefault(name, values[0] if values.count(values[0]) == len(values) else values)
    if not received.keys() - {"accountkey"}:
        raise ListPendingError("no balances", bytes(result))
    return received


def account_key_of(result: msgspec.Raw) -> str:
    """Return the account of a ``tradingAccountStateUpdate``; empty if it names none."""
    plain = _plain(result)
    return text_of(entry_of(plain), "accountkey") if isinstance(plain, dict) else ""


def state_of(result: msgspec.Raw) -> str:
    """Return the state in a ``tradingAccountStateUpdate``; empty if it names none."""
    plain = _plain(result)
    return text_of(entry_of(plain), "state") if isinstance(plain, dict) else ""


def is_account(named: str, key: str) -> bool:
    """Return whether this may be the account ``key``: unnamed, in other capitals, or without its broker."""
    return not named or named.upper() in _names_of_key(key)


def _names_of_key(key: str) -> tuple[str, str]:
    return key.upper(), key.upper().rpartition(":")[2]


def symbol_of(entry: Entry) -> str:
    """Return HAMMER's symbol of the share in HAMMER's capitals, however the entry writes it."""
    symbol = text_of(entry, "symbol") or text_of(entry, "sym")
    return one_spaced(symbol.upper() if symbol.islower() else symbol)


def quantity_of(entry: Entry) -> float | None:
    """Return the shares held, negative for short; ``None`` if they cannot be read."""
    held, long, short = (number_of(entry, names) for names in (_HELD, _LONG, _SHORT))
    net = None if long is None and short is None else (long or 0.0) - abs(short or 0.0)
    if held is not None:
        # One that its own sides contradict may be without its sign.
        return held if net in (None, held) and not _is_contradicted(entry, held) else None
    if any(is_unreadable(entry, names) for names in (_HELD, _LONG, _SHORT)):
        return None
    return None if net is None or _is_contradicted(entry, net) else net


def _is_contradicted(entry: Entry, held: float) -> bool:
    """Return whether a word says that the position is on the other side."""
    side = letters_of(first_text(entry, _SIDE))
    return side in (_SHORT_SIDES if held > 0 else _LONG_SIDES if held < 0 else ())


def average_price_of(entry: Entry) -> float | None:
    """Return the price paid per share; ``None`` if it is not reported."""
    return next(filter(None, (positive_price(entry.get(name)) for name in _AVERAGE_PRICE)), None)


def has_unreadable_price(entry: Entry) -> bool:
    """Return whether the average price of a position is set to something that is no price."""
    return average_price_of(entry) is None and any(is_no_price(entry.get(name)) for name in _AVERAGE_PRICE)


def summary_of(balances: Entry, account: str) -> AccountSummary:
    """Return the account values under the known names; values under other names stay unknown."""
    found = (number_of(balances, names) for names in _BALANCES.values())
    return AccountSummary(MODE, account, text_of(balances, "currency").upper() or None, *found)


def unreadable_balances(balances: Entry) -> list[str]:
    """Return the account values, as ``AccountSummary`` names them, that are reported as no single number."""
    return [
        field
        for field, names in _BALANCES.items()
        if number_of(balances, names) is None and any(is_no_figure(balances.get(name)) for name in names)
    ]


def _plain(result: msgspec.Raw) -> object:
    try:
        return despite_odd_numbers(_any.decode, result)
    except UNREADABLE as error:
        raise ProtocolError("an unreadable account", bytes(result)) from error


def _is_other(entry: Entry, key: str, others: Collection[str]) -> bool:
    """Return whether an entry is another account's, by its key or by a name that another account has."""
    if not key:
        return False
    if named := text_of(entry, "accountkey"):
        return not is_account(named, key)
    return any(text_of(entry, name).upper() in others for name in _ACCOUNT_NAMES)
