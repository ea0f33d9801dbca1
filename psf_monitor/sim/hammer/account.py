"""Hammer Pro's own account, played: a small book of its own, and every way in which brokers tell it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from functools import partial
from typing import Any

_QUANTITY_NAMES = ("QTY", "Quantity", "Qty", "LongQty/ShortQty")
_PRICE_NAMES = ("Paid", "AvgPrice", "Basis")
_BALANCE_NAMES = (
    {"worth": "NetLiquidation", "cash": "TotalCash", "power": "BuyingPower"},
    {"worth": "AccountValue", "cash": "Cash", "power": "buying_power"},
)

COMMANDS = frozenset(
    {"enumTradingAccounts", "startTradingAccount", "getPositions", "getTransactions", "getBalances"}
)
"""The commands that are about accounts; ``subscribe`` is when it names one."""


class Shape(Enum):
    """How positions are told: as a bare list, or wrapped with the account's key."""

    LIST = auto()
    WRAPPED = auto()


@dataclass(slots=True)
class OwnOrder:
    """One transaction; ``fills`` are size, price and time of each."""

    order_id: str
    symbol: str
    action: str
    quantity: int
    limit: float | None
    status: str = "Open"
    fills: list[tuple[int, float, datetime]] = field(default_factory=list)

    @property
    def filled(self) -> int:
        return sum(size for size, _, _ in self.fills)


class OwnAccount:
    """The account behind one key. ``shape``, ``style`` and ``as_text`` choose the variant that is spoken.

    ``refuses`` are commands that it turns down, ``is_started`` whether it was started. ``holdings`` are
    quantity (short below 0) and average price by HAMMER symbol. What changes is told to ``say``.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        key: str = "ALARIC:TOPI000000A1",
        number: str = "TOPI000000A1",
        nick: str = "Main",
        holdings: dict[str, tuple[float, float]] | None = None,
        cash: float = 250_000.0,
    ) -> None:
        self.key = key
        self.number = number
        self.nick = nick
        self.shape = Shape.WRAPPED
        self.style = 0
        self.as_text = False
        self.refuses: set[str] = set()
        self.is_started = False
        self.holdings = {"NLY-G": (500.0, 25.02), "GS-A": (-200.0, 22.31)} if holdings is None else holdings
        self.cash = cash
        self.orders: dict[str, OwnOrder] = {}
        self.say: Callable[[str, Any], None] = lambda _command, _result: None
        self._clock = clock
        self._next_id = 70_001

    # -- levers -----------------------------------------------------------------------------------------

    def place(self, action: str, symbol: str, quantity: int, limit: float | None) -> OwnOrder:
        """An order that the user places in Hammer Pro itself: Buy, Sell, Short or Cover."""
        order = OwnOrder(str(self._next_id), symbol, action, quantity, limit)
        self._next_id += 1
        self.orders[order.order_id] = order
        self._changed(order)
        return order

    def fill(self, order: OwnOrder, size: int, price: float) -> None:
        """Fill in part or whole: the order, the holding and the cash move and are told."""
        order.fills.append((size, price, self._clock()))
        if order.filled >= order.quantity:
            order.status = "Filled"
        sign = 1 if order.action in ("Buy", "Cover") else -1
        held, average = self.holdings.get(order.symbol, (0.0, 0.0))
        left = held + sign * size
        if held * sign >= 0:
            average = (abs(held) * average + size * price) / abs(left)
        self.holdings[order.symbol] = (left, average)
        self.cash -= sign * size * price
        self._changed(order)
        entry = self._position(order.symbol)
        if not left:
            del self.holdings[order.symbol]
        self.say("positionsUpdate", [entry] if self.shape is Shape.LIST else self._wrapped([entry]))
        self.say("balancesUpdate", self.balances())

    def end(self, order: OwnOrder, status: str = "Canceled") -> None:
        """Cancelled, or rejected by the broker."""
        order.status = status
        self._changed(order)

    # -- what it says -----------------------------------------------------------------------------------

    def listed(self) -> dict[str, str]:
        return {"accountKey": self.key, "accountID": self.number, "accountNick": self.nick}

    def answer(self, command: str) -> Any:
        """The result of ``getPositions``, ``getTransactions`` or ``getBalances``."""
        if command == "getPositions":
            entries = [self._position(symbol) for symbol in self.holdings]
            return entries if self.shape is Shape.LIST else self._wrapped(entries)
        return (
            self.transactions(self.orders.values(), "set")
            if command == "getTransactions"
            else self.balances()
        )

    def transactions(self, orders: Iterable[OwnOrder], how: str) -> dict[str, Any]:
        told = [self._transaction(order) for order in orders]
        return {"accountKey": self.key, "setOrChange": how, "transactions": told}

    def balances(self) -> dict[str, Any]:
        names = _BALANCE_NAMES[self.style % len(_BALANCE_NAMES)]
        worth = self.cash + sum(quantity * average for quantity, average in self.holdings.values())
        figures = {names["worth"]: worth, names["cash"]: self.cash, names["power"]: 2 * worth}
        told = {name: self._figure(round(value, 2)) for name, value in figures.items()}
        return {"accountKey": self.key, **told}

    def _changed(self, order: OwnOrder) -> None:
        self.say("transactionsUpdate", self.transactions([order], "change"))

    def _wrapped(self, entries: list[dict[str, Any]]) -> dict[str, Any]:
        return {"accountKey": self.key, "positions": entries}

    def _position(self, symbol: str) -> dict[str, Any]:
        quantity, average = self.holdings[symbol]
        name = _QUANTITY_NAMES[self.style % len(_QUANTITY_NAMES)]
        if "/" in name:
            long, short = name.split("/")
            told = {long: self._figure(max(quantity, 0)), short: self._figure(max(-quantity, 0))}
        else:
            told = {name: self._figure(quantity)}
        price = _PRICE_NAMES[self.style % len(_PRICE_NAMES)]
        return {"Symbol": symbol, **told, price: self._figure(average)}

    def _transaction(self, order: OwnOrder) -> dict[str, Any]:
        average = sum(s * p for s, p, _ in order.fills) / order.filled if order.fills else 0
        return {
            "OrderID": order.order_id,
            "Symbol": order.symbol,
            "Action": order.action,
            "QTY": self._figure(order.quantity),
            "OrderType": "Market" if order.limit is None else "Limit",
            "LimitPrice": self._figure(order.limit or 0),
            "StopPrice": 0,
            "TIF": "Day",
            "StatusID": order.status,
            "IsOpen": order.status == "Open",
            "FilledQTY": self._figure(order.filled),
            "RemainingQTY": self._figure(order.quantity - order.filled),
            "FilledPrice": self._figure(average),
            "FilledDT": self._clock().isoformat() if order.fills else "",
            "New": not order.fills,
            "Fills": [
                {
                    "FillID": f"{order.order_id}-{n}",
                    "QTY": self._figure(size),
                    "Price": self._figure(price),
                    "FillDT": at.isoformat(),
                }
                for n, (size, price, at) in enumerate(order.fills)
            ],
        }

    def _figure(self, value: float) -> float | str:
        return str(value) if self.as_text else value


class OwnAccounts:
    """All accounts of one user, by key, and how their commands are answered; ``tell`` takes what changes."""

    def __init__(self, accounts: Iterable[OwnAccount], tell: Callable[[str, str, Any], None]) -> None:
        self.by_key = {account.key: account for account in accounts}
        self._tell = tell

    def answer(self, command: dict[str, Any]) -> tuple[bool, Any]:
        """Whether a command is taken, and its result or the reason why not."""
        name = command["cmd"]
        if name == "enumTradingAccounts":
            return True, {"accounts": [account.listed() for account in self.by_key.values()]}
        account = self.by_key.get(str(command.get("accountKey")))
        if account is None:
            return False, {"reason": "no such account"}
        if name in account.refuses:
            return False, {"reason": "the broker is not logged in"}
        if name == "startTradingAccount":
            account.is_started = True
            account.say = partial(self._tell, account.key)
            return True, "started"
        if not account.is_started:
            return False, {"reason": "start the account first"}
        return True, "subscribed" if name == "subscribe" else account.answer(name)
