"""Multiplies quantities and amounts by a factor per account, so that prices, sums and percents stay right."""

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

_PLACES_OF_ACCOUNTS = {"5": 20, "11": 16, "61": 2, "71": 3}
_PLACES_OF_QUANTITIES = {"5": (14, 49, 53), "11": (19, 24), "61": (14,), "71": (15,)}
_VALUES = {"63": (3, 4, 5), "73": (3, 5, 6), "6": (5, 2, 3)}
"""Messages of account values: the fields of account, tag and value."""
_NO_AMOUNT = re.compile(
    r"Cushion|Leverage|ExchangeRate|DayTrades|Account|Currency|Type|Title|Next|Prio|Ready"
)
_STATES = frozenset(
    (
        *("ApiPending", "PendingSubmit", "PendingCancel", "PreSubmitted", "Submitted"),
        *("ApiCancelled", "Cancelled", "Filled", "Inactive"),
    )
)
_FIRST_STATE, _AMOUNTS_OF_A_STATE = 60, 12
"""After the state of an open order come its margins and commissions (TWS API, order state)."""
_OWN_ACCOUNT = frozenset(
    (
        *("getPositions", "getTransactions", "getBalances"),
        *("positionsUpdate", "transactionsUpdate", "balancesUpdate"),
    )
)
"""HAMMER's messages about its own account."""
_NO_AMOUNT_KEYS = re.compile(
    r"price|avg|average|id$|time|date|account|symbol|multiplier|percent|pct|leverage"
)
_UNSET = frozenset({"", "1.7976931348623157E308", "2147483647"})
_HAMMER = "HAMMER"


class Amounts:
    """``factor_of`` returns the factor of an account; ``scaled`` counts the multiplied figures."""

    def __init__(self, factor_of: Callable[[str], Decimal]) -> None:
        self.scaled = 0
        self._factor_of = factor_of
        self._accounts_of: dict[str, str] = {}

    def learn(self, fields: list[str]) -> None:
        """Remember the account of a TWS order or execution: later messages name only its id."""
        if fields[0] == "5" and len(fields) > 25:
            self._accounts_of[f"order {fields[25]}"] = fields[20]
        elif fields[0] == "11" and len(fields) > 16:
            self._accounts_of[f"execution {fields[14]}"] = fields[16]

    def scale(self, fields: list[str], changed: list[str]) -> None:
        """Multiply the account's figures in ``changed``; ``fields`` is the original message."""
        name = fields[0]
        if name in _VALUES:
            at_account, at_tag, at_value = _VALUES[name]
            if len(fields) > max(_VALUES[name]) and not _NO_AMOUNT.search(fields[at_tag]):
                self._multiply(changed, (at_value,), fields[at_account])
        elif name in _PLACES_OF_QUANTITIES and _PLACES_OF_ACCOUNTS[name] < len(fields):
            places = (*_PLACES_OF_QUANTITIES[name], *_state_amounts(fields))
            self._multiply(changed, places, fields[_PLACES_OF_ACCOUNTS[name]])
        elif name == "3" and len(fields) > 6:
            self._multiply(changed, (3, 4), self._accounts_of.get(f"order {fields[6]}", ""))
        elif name == "59" and len(fields) > 5:
            self._multiply(changed, (3, 5), self._accounts_of.get(f"execution {fields[2]}", ""))

    def of_hammer(self, content: Any) -> Any:
        """Return a HAMMER frame with its own account's quantities and amounts multiplied."""
        if (
            not isinstance(content, Mapping)
            or content.get("cmd") not in _OWN_ACCOUNT
            or "result" not in content
        ):
            return content
        return {**content, "result": self._multiplied(content["result"], "")}

    def _multiplied(self, content: Any, key: str) -> Any:
        """Multiply every number except prices, counts and times."""
        if isinstance(content, dict):
            return {name: self._multiplied(value, _plain(name)) for name, value in content.items()}
        if isinstance(content, list):
            return [self._multiplied(each, key) for each in content]
        if isinstance(content, bool) or content is None or not key or _NO_AMOUNT_KEYS.search(key):
            return content
        try:
            made = Decimal(str(content)) * self._factor_of(_HAMMER)
        except InvalidOperation:
            return content
        self.scaled += 1
        return f"{made.normalize():f}" if isinstance(content, str) else float(made)

    def _multiply(self, changed: list[str], places: Iterable[int], account: str) -> None:
        factor = self._factor_of(account)
        for place in places:
            if place < len(changed) and changed[place] not in _UNSET:
                try:
                    changed[place] = f"{(Decimal(changed[place]) * factor).normalize():f}"
                    self.scaled += 1
                except InvalidOperation:
                    continue


def is_of_own_account(payload: bytes) -> bool:
    """Return whether HAMMER may have sent this frame about its own account."""
    return any(f'"{command}"'.encode() in payload for command in _OWN_ACCOUNT)


def _state_amounts(fields: list[str]) -> range:
    if fields[0] == "5":
        for place in range(_FIRST_STATE, len(fields)):
            if fields[place] in _STATES and fields[place - 1] in ("0", "1"):
                return range(place + 1, place + 1 + _AMOUNTS_OF_A_STATE)
    return range(0)


def _plain(key: object) -> str:
    """Return a HAMMER name in lower case without punctuation: its brokers write names in many ways."""
    return "".join(filter(str.isalnum, str(key))).lower()
