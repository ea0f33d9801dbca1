"""What an entry of HAMMER's own account says of its contract besides the name. Pure.

HAMMER's positions are US shares, and no public client was sent any of these fields. A broker behind it may
send them, and what is then no share in US dollars must not be valued as one.
"""

import re
from typing import NamedTuple

from psf_monitor.domain.instrument import Instrument, nameless
from psf_monitor.hammer.account.fields import Entry, first_text, is_unreadable, number_of
from psf_monitor.hammer.account.messages import symbol_of
from psf_monitor.hammer.prices.field_names import letters_of
from psf_monitor.hammer.symbols import SymbolTable, guessed

_SHARE = "STK"
_CURRENCY = ("currency", "currencycode", "currencyid", "ccy", "curr")
_KIND = (
    *("sectype", "securitytype", "securitytypeid", "assettype", "assetclass", "instrumenttype"),
    *("producttype", "symboltype"),
)
_ANY_TYPE = ("type", "positiontype")
"""Fields that may be about something else: only words that mean a kind of contract count."""
_MULTIPLIER = ("multiplier", "contractmultiplier", "contractsize")
_OF_OPTIONS = ("strike", "strikeprice", "putcall", "callput", "optiontype")

_NAMES = frozenset((*_CURRENCY, *_KIND, *_ANY_TYPE, *_MULTIPLIER, *_OF_OPTIONS))

_LIKE_A_SHARE = re.compile(r"[A-Za-z]\D*")
_US_DOLLARS = frozenset({"usd", "us", "usdollar", "usdollars", "dollar", "dollars"})
_KINDS = {
    **dict.fromkeys(("stk", "stock", "stocks", "equity", "equities", "share", "shares"), _SHARE),
    **dict.fromkeys(("commonstock", "preferredstock", "preferred", "pfd", "common", "etf", "adr"), _SHARE),
    **dict.fromkeys(("usstock", "usequity", "stockequity", "equitystock"), _SHARE),
    **dict.fromkeys(("opt", "option", "options", "equityoption", "stockoption"), "OPT"),
    **dict.fromkeys(("fut", "future", "futures"), "FUT"),
    **dict.fromkeys(("fop", "futureoption", "futuresoption"), "FOP"),
    **dict.fromkeys(("war", "warrant", "warrants"), "WAR"),
    **dict.fromkeys(("bond", "bonds", "fixedincome"), "BOND"),
    **dict.fromkeys(("fund", "mutualfund"), "FUND"),
    **dict.fromkeys(("cash", "forex", "fx", "currency"), "CASH"),
    **dict.fromkeys(("crypto", "cryptocurrency"), "CRYPTO"),
}
"""TWS's security types by the words for them."""
_LETTERS_OF_SHARES = frozenset({"s", "e", "eq", "cs", "ps"})


class _Terms(NamedTuple):
    """The terms that are set; ``unread`` names those that cannot be read."""

    kind: str | None
    currency: str | None
    multiplier: float | None
    unread: tuple[str, ...]


def instrument_of(entry: Entry, symbols: SymbolTable) -> Instrument:
    """Return the contract of an entry under the name that the trader reads.

    Symbols of US shares begin with a letter and have no digits: any other is something else, of unknown size,
    and is not valued, unless HAMMER says that it is a share. A preferred share may have IBKR's name at
    HAMMER, too. What has no symbol may be anything. What HAMMER says to be of another currency, kind or size
    is that.
    """
    hammer_symbol = symbol_of(entry)
    if not hammer_symbol.strip():
        return Instrument(0, nameless(0), kind="", multiplier=None)
    said = _terms_of(entry)
    symbol = symbols.to_ibkr(hammer_symbol)
    named = symbols.to_hammer(symbol)
    is_like_a_share = said.kind == _SHARE or _LIKE_A_SHARE.fullmatch(hammer_symbol) is not None
    kind = _SHARE if is_like_a_share and hammer_symbol in (named, guessed(named)) else ""
    if said.kind not in (None, _SHARE):
        kind = said.kind or ""
    multiplier = said.multiplier
    if kind == _SHARE and multiplier not in (None, 1.0):
        # A share is one share.
        kind = ""
    if kind == _SHARE and "multiplier" in said.unread:
        kind = ""
    elif kind == _SHARE:
        multiplier = 1.0
    currency = "USD" if said.currency is None else said.currency
    return Instrument(0, symbol, kind, currency, "", multiplier)


def is_no_plain_share(entry: Entry) -> bool:
    """Return whether an entry itself says that it is anything but shares in US dollars."""
    said = _terms_of(entry)
    return (
        said.kind not in (None, _SHARE)
        or said.currency not in (None, "USD")
        or said.multiplier not in (None, 1.0)
        or bool(said.unread)
    )


def unread_terms(entry: Entry) -> tuple[str, ...]:
    """Return which of currency, kind and multiplier are set to something that cannot be read."""
    return _terms_of(entry).unread


_NOTHING_SAID = _Terms(None, None, None, ())


def _terms_of(entry: Entry) -> _Terms:
    # All orders of a day are read at each change of one.
    if _NAMES.isdisjoint(entry):
        return _NOTHING_SAID
    currency, kind = _currency_of(entry), _kind_of(entry)
    multiplier = number_of(entry, _MULTIPLIER) or None
    is_unread = {
        "currency": currency == "",
        "kind": kind == "",
        "multiplier": is_unreadable(entry, _MULTIPLIER) or (multiplier or 0.0) < 0,
    }
    unread = tuple(name for name, unread in is_unread.items() if unread)
    return _Terms(kind, currency, None if "multiplier" in unread else multiplier, unread)


def _currency_of(entry: Entry) -> str | None:
    """Return the currency; ``None`` if it is not set, empty if it cannot be read."""
    if not _is_set(entry, _CURRENCY):
        return None
    text = first_text(entry, _CURRENCY)
    letters = letters_of(text)
    if letters in _US_DOLLARS or text == "$":
        return "USD"
    return letters.upper() if letters.isalpha() else ""


def _kind_of(entry: Entry) -> str | None:
    """Return TWS's security type; ``None`` if it is not set, empty if it cannot be read."""
    for name in _ANY_TYPE:
        if (known := _KINDS.get(letters_of(first_text(entry, (name,))))) not in (None, "CASH"):
            return known
    if _is_set(entry, _KIND):
        word = letters_of(first_text(entry, _KIND))
        return _SHARE if word in _LETTERS_OF_SHARES else _KINDS.get(word, "")
    return "OPT" if any(entry.get(name) not in (None, "", 0, "0") for name in _OF_OPTIONS) else None


def _is_set(entry: Entry, names: tuple[str, ...]) -> bool:
    return any(entry.get(name) not in (None, "") for name in names)
