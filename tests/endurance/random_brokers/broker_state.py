"""What TWS and Hammer Pro hold in a story, and how their servers report it."""

from dataclasses import dataclass
from typing import Any

from tests.support.tws_messages import UNSET, execution, listed, order_status, position

ACCOUNTS = ("U1240821", "U7654321", "U1240822")
"""The last holds nothing at first and has never traded."""
CON_IDS = {"CIM PRB": 700000001, "CIM PRC": 700000002}
HAMMER_NAMES = {"CIM PRB": "CIM-B", "CIM PRC": "CIM-C"}
PAID = 24.125
_AT = "2026-09-18T15:30:00"
CLOSE = 24.4

Message = list[str]


@dataclass
class Executed:
    """One execution as last corrected; its order has ``filled`` so much by it, and none if it is busted."""

    number: int
    perm_id: int
    account: str
    symbol: str
    side: str
    shares: int
    price: float
    filled: int
    commission: float | None = None
    revision: int = 1

    @property
    def name(self) -> str:
        """What all revisions share."""
        return f"0000e0d5.67fe66.{self.number:02}"

    @property
    def execution_id(self) -> str:
        return f"{self.name}.{self.revision:02}"

    @property
    def signed(self) -> int:
        return self.shares if self.side == "BUY" else -self.shares

    def messages(self) -> list[Message]:
        """Messages 11 and, once its cost is known, 59."""
        ids = {"execution_id": self.execution_id, "account": self.account}
        side = "BOT" if self.side == "BUY" else "SLD"
        terms = {**ids, "side": side, "filled": self.filled, **_contract(self.symbol)}
        reported = execution(self.perm_id, self.shares, self.price, **terms)
        cost = ["59", "1", self.execution_id, f"{self.commission}", "USD", UNSET, "", ""]
        return [reported] if self.commission is None else [reported, cost]


@dataclass
class Working:
    """One open order."""

    perm_id: int
    account: str
    symbol: str
    side: str
    quantity: int
    limit: float
    filled: int = 0

    def messages(self) -> list[Message]:
        """Messages 5 and 3."""
        terms: dict[str, Any] = {
            "action": self.side,
            "quantity": self.quantity,
            "limit": self.limit,
            "account": self.account,
        }
        return listed(self.perm_id, filled=self.filled, **terms, **_contract(self.symbol))


class BrokerState:
    """All that both brokers hold at this moment; at first something of each kind.

    ``quotes`` are bid, ask and last by the name at IBKR, ``own_held`` and ``own_orders`` of Hammer Pro's own
    account by HAMMER's name and id. ``was_open`` are the open orders and all that have ended.
    """

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], int] = {(ACCOUNTS[0], "CIM PRB"): 400}
        self.orders: dict[int, Working] = {}
        self.was_open: dict[int, Working] = {}
        self.executions: list[Executed] = []
        self.worth = dict.fromkeys(ACCOUNTS, 250_000.0)
        self.quotes = dict.fromkeys(CON_IDS, (24.5, 24.6, 24.55))
        self.own_held = {"CIM-B": 100}
        self.own_orders: dict[str, dict[str, Any]] = {}
        self._listed_last: list[Message] = []
        self._number = 0
        self.trade(ACCOUNTS[0], "CIM PRB", "SELL", 50)
        self.trade(ACCOUNTS[1], "CIM PRC", "BUY", 100)
        for account, symbol, side in ((ACCOUNTS[0], "CIM PRB", "SELL"), (ACCOUNTS[1], "CIM PRC", "BUY")):
            self.order(account, symbol, side, 400)
        self.fill(next(iter(self.orders)), 7)
        for symbol in CON_IDS:
            self.own_order(symbol, 100)

    def mark(self, symbol: str) -> float:
        """Return last, limited to the range of bid and ask."""
        bid, ask, last = self.quotes[symbol]
        return min(max(last, bid), ask)

    def day_pnl(self, account: str, symbol: str) -> float:
        """Return the quantity at the open times the move, and every execution from its price to the mark."""
        mine = [each for each in self.executions if (each.account, each.symbol) == (account, symbol)]
        at_open = self.held.get((account, symbol), 0) - sum(each.signed for each in mine)
        mark = self.mark(symbol)
        return at_open * (mark - CLOSE) + sum(each.signed * (mark - each.price) for each in mine)

    def total_day_pnl(self) -> float:
        """Return that of all shares of the login, including those that it holds no more."""
        traded = {(each.account, each.symbol) for each in self.executions}
        return sum(self.day_pnl(*key) for key in self.held.keys() | traded)

    # What happens. Each returns the messages that TWS sends of it.

    def trade(self, account: str, symbol: str, side: str, shares: int) -> list[Message]:
        """Execute something; of every other execution the cost comes later."""
        number = self._new_number()
        cost = 1.25 if number % 2 else None
        done = Executed(number, 9000 + number, account, symbol, side, shares, 24.5, shares, cost)
        self.executions.append(done)
        return [*done.messages(), self._move(account, symbol, done.signed)]

    def order(self, account: str, symbol: str, side: str, quantity: int) -> list[Message]:
        """Place an order."""
        perm_id = 1000 + self._new_number()
        self.orders[perm_id] = self.was_open[perm_id] = Working(
            perm_id, account, symbol, side, quantity, 24.3
        )
        return self.orders[perm_id].messages()

    def amend(self, perm_id: int, limit: float) -> list[Message]:
        """Give an order another limit."""
        self.orders[perm_id].limit = limit
        return self.orders[perm_id].messages()

    def cancel(self, perm_id: int) -> list[Message]:
        """Cancel what is left of an order."""
        order = self.orders.pop(perm_id)
        return [order_status(perm_id, "Cancelled", order.filled, order.quantity - order.filled)]

    def fill(self, perm_id: int, shares: int) -> list[Message]:
        """Fill an order in part, or what is left of it."""
        order = self.orders[perm_id]
        shares = min(shares, order.quantity - order.filled)
        order.filled += shares
        left = order.quantity - order.filled
        if not left:
            del self.orders[perm_id]
        account, symbol, number = order.account, order.symbol, self._new_number()
        done = Executed(number, perm_id, account, symbol, order.side, shares, order.limit, order.filled)
        self.executions.append(done)
        status = order_status(perm_id, "Submitted" if left else "Filled", order.filled, left, average=24.3)
        return [*done.messages(), self._move(account, symbol, done.signed), status]

    def report_cost(self, done: Executed, commission: float) -> list[Message]:
        """Report what an execution cost, for the first time or anew."""
        done.commission = commission
        return done.messages()[1:]

    def correct(self, done: Executed, price: float) -> list[Message]:
        """Correct the price of an execution."""
        done.price, done.commission, done.revision = price, 1.5, done.revision + 1
        return done.messages()

    def correct_before_original(self, done: Executed, price: float) -> list[Message]:
        """Correct the price of an execution; what was reported of it before is reported and listed again,
        after the correction.
        """
        original = done.messages()
        self._listed_last += original
        return [*self.correct(done, price), *original]

    def bust(self, done: Executed) -> list[Message]:
        """Take an execution back: a correction to no shares at no price."""
        moved = -done.signed
        done.shares, done.price, done.commission, done.revision = 0, 0.0, None, done.revision + 1
        return [*done.messages(), self._move(done.account, done.symbol, moved)]

    # HAMMER's own account, by HAMMER's names.

    def own_order(self, symbol: str, quantity: int) -> str:
        """Place an order there; return its id."""
        order_id = str(500 + self._new_number())
        self.own_orders[order_id] = {
            "OrderID": order_id,
            "Symbol": HAMMER_NAMES[symbol],
            "Action": "Buy",
            "QTY": quantity,
            "OrderType": "Limit",
            "LimitPrice": 24.3,
            "TIF": "Day",
            "StatusID": "Open",
            "FilledQTY": 0,
            "RemainingQTY": quantity,
        }
        return order_id

    def own_end(self, order_id: str, status: str) -> None:
        """End an order there: Filled, Canceled or Rejected."""
        order = self.own_orders[order_id]
        if status == "Filled":
            self.own_fill(order_id, order["RemainingQTY"])
        order["StatusID"] = status

    def own_fill(self, order_id: str, quantity: int) -> None:
        """Fill an order there in part, or what is left of it."""
        order = self.own_orders[order_id]
        quantity = min(quantity, order["RemainingQTY"])
        filled, left, symbol = (
            order["FilledQTY"] + quantity,
            order["RemainingQTY"] - quantity,
            order["Symbol"],
        )
        name = f"F{self._new_number()}"
        executed = {"FillID": name, "QTY": quantity, "Price": 24.3, "FillDT": _AT}
        fills = [*order.get("Fills", ()), executed]
        order.update(FilledQTY=filled, RemainingQTY=left, FilledPrice=24.3, Fills=fills)
        order["StatusID"] = "Open" if left else "Filled"
        self.own_held[symbol] = self.own_held.get(symbol, 0) + quantity

    # What the servers answer.

    def answers(self) -> dict[str, list[Any]]:
        """What TWS lists, by the id of the request."""
        tag = "NetLiquidation"
        worth = [("63", "1", "{req}", name, tag, f"{value:.2f}", "USD") for name, value in self.worth.items()]
        return {
            "61": [self._position(*key, held) for key, held in self.held.items()],
            "16": [message for order in self.orders.values() for message in order.messages()],
            "7": [
                *(message for done in self.executions for message in done.messages()),
                *self._listed_last,
            ],
            "62": worth,
        }

    def account(self) -> dict[str, Any]:
        """What Hammer Pro lists of its own account."""
        held = [{"Symbol": name, "QTY": quantity, "Paid": PAID} for name, quantity in self.own_held.items()]
        own = list(self.own_orders.values())
        return {"positions": held, "transactions": own, "balances": {"NetLiq": 5000.5}}

    def hammer_quotes(self) -> dict[str, tuple[float, float, float, float]]:
        """What HAMMER quotes, by its own names."""
        return {HAMMER_NAMES[symbol]: (*quote, CLOSE) for symbol, quote in self.quotes.items()}

    def _new_number(self) -> int:
        self._number += 1
        return self._number

    def _move(self, account: str, symbol: str, shares: int) -> Message:
        held = self.held.pop((account, symbol), 0) + shares
        if held:
            self.held[account, symbol] = held
        return self._position(account, symbol, held)

    @staticmethod
    def _position(account: str, symbol: str, held: int) -> Message:
        return position(held, PAID if held else 0, account=account, **_contract(symbol))


def _contract(symbol: str) -> dict[str, Any]:
    return {"con_id": CON_IDS[symbol], "local_symbol": symbol}
