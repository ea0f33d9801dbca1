"""Hammer Pro's own account, simulated: a small book, sent in all the forms that brokers use."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum, auto
from functools import partial
from typing import Any

_QUANTITY_NAMES = (
    "QTY",
    "Quantity",
    "Qty",
    "LongQty/ShortQty",
    "NetQty",
    "Position",
    "LongQuantity/ShortQuantity",
)
_PRICE_NAMES = ("Paid", "AvgPrice", "Basis", "AvgCost", "AverageCost", "AveragePrice", "BasisPrice")
_ORDER_NAMES = ("QTY", "Quantity", "OrderQTY", "OriginalQTY")
_STATUS_NAMES = ("StatusID", "Status", "statusID")
STYLES = len(_QUANTITY_NAMES)
"""How many styles of field names there are."""

_BALANCE_NAMES = (
    {"worth": "NetLiquidation", "cash": "TotalCash", "power": "BuyingPower"},
    {"worth": "AccountValue", "cash": "Cash", "power": "buying_power"},
)

_PARTS = {"getPositions": "positions", "getTransactions": "transactions", "getBalances": "balances"}
_STATE = "tradingAccountState"

COMMANDS = frozenset({"enumTradingAccounts", "startTradingAccount", *_PARTS})
"""The commands about accounts; ``subscribe`` is one if it names an account."""


class Shape(Enum):
    """How positions are sent: as a bare list, or wrapped with the account's key."""

    LIST = auto()
    WRAPPED = auto()


@dataclass(slots=True)
class OwnOrder:
    """One transaction; ``fills`` are size, price and time of each, ``None`` if none is sent."""

    order_id: str
    symbol: str
    action: str
    quantity: int
    limit: float | None
    status: str = "Open"
    placed_at: datetime | None = None
    fills: list[tuple[int, float, datetime | None]] = field(default_factory=list)

    @property
    def filled(self) -> int:
        return sum(size for size, _, _ in self.fills)


class OwnAccount:
    """The account behind one key. ``holdings`` are quantity (short below 0) and average price by symbol.

    How it speaks: ``shape``, ``style`` (of field names) and ``as_text`` choose the variant. ``sends_is_open``
    and ``partial_status`` are how the state of an order is sent, ``id_form`` makes its id of a number;
    ``sends_zone`` and ``sends_times`` are what is sent of times, ``sends_fills`` whether executions are sent
    one by one. ``lots`` are quantity and price of each entry in which a
    holding is listed. ``marks_sets`` says of a list in an update that it is whole.

    How it fails, by command: ``refuses`` is turned down always (``subscribe balances`` for that part alone),
    ``fails_first`` so many times; ``not_yet`` is answered OK without the list so many times, as a forced
    question always is, and ``empty_first`` with an empty one. What is in ``sent_as_updates`` is answered
    without the list, which follows as an update. ``is_started``: whether it is up. ``mutes`` are the updates
    that it does not send. What changes is sent to ``send_update``.
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
        self.sends_is_open = True
        self.partial_status = "Open"
        self.id_form = "{}"
        self.sends_zone = True
        self.sends_times = True
        self.sends_fills = True
        self.marks_sets = True
        self.refuses: set[str] = set()
        self.fails_first: Counter[str] = Counter()
        self.not_yet: Counter[str] = Counter()
        self.empty_first: Counter[str] = Counter()
        self.sent_as_updates: set[str] = set()
        self.mutes: set[str] = set()
        self.is_started = False
        self.holdings = {"NLY-G": (500.0, 25.02), "GS-A": (-200.0, 22.31)} if holdings is None else holdings
        self.lots: dict[str, list[tuple[float, float]]] = {}
        self.cash = cash
        self.orders: dict[str, OwnOrder] = {}
        self.send_update: Callable[[str, Any], None] = lambda _command, _result: None
        self._clock = clock
        self._next_id = 70_001
        self._held: list[Callable[[], None]] | None = None

    # -- faults -----------------------------------------------------------------------------------------

    def place(self, action: str, symbol: str, quantity: int, limit: float | None) -> OwnOrder:
        """Return an order that the user places in Hammer Pro itself: Buy, Sell, Short or Cover."""
        order = OwnOrder(
            self.id_form.format(self._next_id),
            symbol,
            action,
            quantity,
            limit,
            placed_at=self._clock() if self.sends_times else None,
        )
        self._next_id += 1
        self.orders[order.order_id] = order
        self._changed(order)
        return order

    def fill(self, order: OwnOrder, size: int, price: float) -> None:
        """Fill in part or whole: the order, the holding and the cash move and are sent."""
        order.fills.append((size, price, self._clock() if self.sends_times else None))
        if order.filled >= order.quantity:
            order.status = "Filled"
        sign = 1 if order.action in ("Buy", "Cover", "BUY_TO_COVER") else -1
        held, average = self.holdings.get(order.symbol, (0.0, 0.0))
        left = held + sign * size
        if held * sign >= 0:
            average = (abs(held) * average + size * price) / abs(left)
        self.holdings[order.symbol] = (left, average)
        self.cash -= sign * size * price
        self._changed(order)
        entry = self._position(order.symbol, *self.holdings[order.symbol])
        if not left:
            del self.holdings[order.symbol]
        self._notify("positionsUpdate", [entry] if self.shape is Shape.LIST else self._wrapped([entry]))
        self._notify("balancesUpdate", self.balances())

    def end(self, order: OwnOrder, status: str = "Canceled") -> None:
        """End an order as cancelled, or as rejected by the broker."""
        order.status = status
        self._changed(order)

    def hold_answers(self) -> None:
        """Prepare answers when they are requested but keep them back, so that updates overtake them."""
        self._held = []

    def release_answers(self) -> None:
        """Send the answers kept back, and answer at once from now on."""
        held, self._held = self._held or [], None
        for send in held:
            send()

    def send(self, answer: Callable[[], None]) -> None:
        """Send an answer, or keep it back."""
        if self._held is None:
            answer()
        else:
            self._held.append(answer)

    # -- messages -----------------------------------------------------------------------------------

    def listed(self) -> dict[str, str]:
        return {"accountKey": self.key, "accountID": self.number, "accountNick": self.nick}

    def answer(self, command: str) -> Any:
        """Return the result of ``getPositions``, ``getTransactions`` or ``getBalances``."""
        if command == "getPositions":
            entries = [
                self._position(symbol, *lot)
                for symbol, whole in self.holdings.items()
                for lot in self.lots.get(symbol, [whole])
            ]
            return entries if self.shape is Shape.LIST else self._wrapped(entries)
        return (
            self.transactions(self.orders.values(), "set")
            if command == "getTransactions"
            else self.balances()
        )

    def empty(self, command: str) -> Any:
        """Return an empty list, as ``command`` is answered."""
        if command == "getPositions":
            return [] if self.shape is Shape.LIST else self._wrapped([])
        return self.transactions([], "set") if command == "getTransactions" else {"accountKey": self.key}

    def send_full_list(self, command: str) -> None:
        """Send what ``command`` asks for as an update."""
        update = f"{_PARTS[command]}Update"
        sent = self.answer(command)
        if isinstance(sent, dict) and self.marks_sets:
            sent["setOrChange"] = "set"
        elif isinstance(sent, dict):
            sent.pop("setOrChange", None)
        self._notify(update, sent)

    def transactions(self, orders: Iterable[OwnOrder], how: str) -> dict[str, Any]:
        sent = [self._transaction(order) for order in orders]
        return {"accountKey": self.key, "setOrChange": how, "transactions": sent}

    def balances(self) -> dict[str, Any]:
        names = _BALANCE_NAMES[self.style % len(_BALANCE_NAMES)]
        worth = self.cash + sum(quantity * average for quantity, average in self.holdings.values())
        figures = {names["worth"]: worth, names["cash"]: self.cash, names["power"]: 2 * worth}
        sent = {name: self._figure(round(value, 2)) for name, value in figures.items()}
        return {"accountKey": self.key, **sent}

    def _changed(self, order: OwnOrder) -> None:
        self._notify("transactionsUpdate", self.transactions([order], "change"))

    def _notify(self, update: str, result: Any) -> None:
        if update not in self.mutes:
            self.send_update(update, result)

    def _wrapped(self, entries: list[dict[str, Any]]) -> dict[str, Any]:
        return {"accountKey": self.key, "positions": entries}

    def _position(self, symbol: str, quantity: float, average: float) -> dict[str, Any]:
        name = _QUANTITY_NAMES[self.style % len(_QUANTITY_NAMES)]
        if "/" in name:
            long, short = name.split("/")
            sent = {long: self._figure(max(quantity, 0)), short: self._figure(max(-quantity, 0))}
        else:
            sent = {name: self._figure(quantity)}
        price = _PRICE_NAMES[self.style % len(_PRICE_NAMES)]
        return {"Symbol": symbol, **sent, price: self._figure(average)}

    def _transaction(self, order: OwnOrder) -> dict[str, Any]:
        average = sum(s * p for s, p, _ in order.fills) / order.filled if order.fills else 0
        is_open = order.status == "Open"
        word = self.partial_status if is_open and order.fills else order.status
        return {
            "OrderID": order.order_id,
            "Symbol": order.symbol,
            "OrderDT": self._stamp(order.placed_at),
            "Action": order.action,
            _ORDER_NAMES[self.style % len(_ORDER_NAMES)]: self._figure(order.quantity),
            "OrderType": "Market" if order.limit is None else "Limit",
            "LimitPrice": self._figure(order.limit or 0),
            "StopPrice": 0,
            "TIF": "Day",
            _STATUS_NAMES[self.style % len(_STATUS_NAMES)]: word,
            **({"IsOpen": is_open} if self.sends_is_open else {}),
            "FilledQTY": self._figure(order.filled),
            "RemainingQTY": self._figure(order.quantity - order.filled),
            "FilledPrice": self._figure(average),
            "FilledDT": self._stamp(order.fills[-1][2]) if order.fills else "",
            "New": not order.fills,
            "Fills": None
            if not self.sends_fills
            else [
                {
                    "FillID": f"{order.order_id}-{n}",
                    "QTY": self._figure(size),
                    "Price": self._figure(price),
                    "FillDT": self._stamp(at),
                }
                for n, (size, price, at) in enumerate(order.fills)
            ],
        }

    def _stamp(self, at: datetime | None) -> str:
        if at is None:
            return ""
        return (at if self.sends_zone else at.astimezone(UTC).replace(tzinfo=None)).isoformat()

    def _figure(self, value: float) -> float | str:
        return str(value) if self.as_text else value


class OwnAccounts:
    """All accounts of one user, by key, and how their commands are answered; ``send`` takes what changes."""

    def __init__(self, accounts: Iterable[OwnAccount], send: Callable[[str, str, Any], None]) -> None:
        self.by_key = {account.key: account for account in accounts}
        self._notify = send

    def serve(
        self, command: dict[str, Any], follows: set[tuple[str, str]], reply: Callable[[bool, Any], None]
    ) -> None:
        """Answer a client's command; ``follows`` is what the client gets, by key and part."""
        account = self.by_key.get(str(command.get("accountKey")))
        is_taken, result = self._answer(command, account)
        send = partial(reply, is_taken, result)
        if account is None or command["cmd"] not in _PARTS:
            send()
        else:
            account.send(send)
        if account is None or not is_taken:
            return
        if command["cmd"] == "startTradingAccount":
            follows.add((account.key, _STATE))
            account.send_update(f"{_STATE}Update", {"accountKey": account.key, "state": "Started"})
        elif command["cmd"] == "subscribe":
            follows.add((account.key, str(command.get("sub"))))
        elif command["cmd"] in account.sent_as_updates:
            account.send_full_list(command["cmd"])

    def _answer(self, command: dict[str, Any], account: OwnAccount | None) -> tuple[bool, Any]:
        """Return whether a command is accepted, and its result or the reason for refusing it."""
        name = command["cmd"]
        if name == "enumTradingAccounts":
            return True, {"accounts": [account.listed() for account in self.by_key.values()]}
        if account is None:
            return False, {"reason": "no such account"}
        account.send_update = partial(self._notify, account.key)
        if name in account.refuses or f"{name} {command.get('sub')}" in account.refuses:
            return False, {"reason": "the broker is not logged in"}
        if account.fails_first[name] > 0:
            account.fails_first[name] -= 1
            return False, "401"
        if name == "startTradingAccount":
            account.is_started = True
            return True, "started"
        if not account.is_started:
            return False, {"reason": "start the account first"}
        if name == "subscribe":
            return True, "subscribed"
        if command.get("forceRefresh") or name in account.sent_as_updates or account.not_yet[name] > 0:
            account.not_yet[name] -= 1
            return True, f"Requesting {_PARTS[name]}.."
        if account.empty_first[name] > 0:
            account.empty_first[name] -= 1
            return True, account.empty(name)
        return True, account.answer(name)
