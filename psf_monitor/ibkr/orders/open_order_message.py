"""Orders as TWS sends them, over and over: equal messages are read once."""

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from dataclasses import replace as dataclass_replace
from itertools import chain
from operator import is_, ne
from typing import Any

from eventkit import Event
from ib_insync.contract import Contract
from ib_insync.order import Order as TwsOrder
from ib_insync.order import Trade
from ib_insync.util import UNSET_DOUBLE, UNSET_INTEGER
from msgspec.structs import replace

from psf_monitor.domain.account import AccountMode, is_account_id
from psf_monitor.domain.orders.order import Order
from psf_monitor.ibkr import parsing
from psf_monitor.ibkr.executions.tws_time import UNKNOWN_CLOCK, TwsClock
from psf_monitor.ibkr.orders.order_attributes import order_attributes
from psf_monitor.ibkr.orders.order_status_message import unknown_status
from psf_monitor.ibkr.orders.record_fields import whole_number

_EVENTS = {name: Event(name) for name in Trade.events}
"""ib_insync makes seven for each order; here nobody listens to an order's own."""


@dataclass
class OpenOrder(Trade):
    """An order of TWS. ``twin`` distinguishes orders of one list without permId and with the same ids, and
    orders of one account with the same permId.

    Its contract, order and status are never changed in place, but replaced. ``clock`` is TWS's. ``warning``,
    TWS's text about the order (warningText), and ``unread``, the terms behind a count that is none, change
    with the order alone.
    """

    twin: int = 0
    clock: TwsClock = UNKNOWN_CLOCK
    warning: str = ""
    unread: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        vars(self).update(_EVENTS)
        self._read: Order | None = None
        self._read_of: tuple[object, ...] = ()

    def read(self, mode: AccountMode) -> Order:
        """Return it as an order of this login."""
        of = (self.contract, self.order, self.orderStatus)
        if self._read is None or not all(map(is_, of, self._read_of)):
            read = parsing.order(mode, self)
            if attributes := order_attributes(self.order, self.warning):
                read = replace(read, attributes=attributes)
            if unread := (*_unread(self.contract, self.order), *self.unread):
                read = replace(read, unread=tuple(dict.fromkeys(unread)))
            self._read, self._read_of = read, of
        return self._read


def _unread(contract: Contract, order: TwsOrder) -> tuple[str, ...]:
    """Return which terms of an order are no numbers in its message: limit, stop, and others as the TWS API
    names them.
    """
    parts: dict[str, Iterable[object]] = {
        "combo_legs": contract.comboLegs or (),
        "order_combo_legs": order.orderComboLegs,
        "conditions": order.conditions,
    }
    unread_parts = (name for name, each in parts.items() if any(None in vars(one).values() for one in each))
    return (*_unread_terms(order), *unread_parts)


def _unread_terms(order: TwsOrder) -> tuple[str, ...]:
    numbers = order.lmtPrice, order.auxPrice, order.totalQuantity
    names = "limit", parsing.aux_name(order.orderType), "total_quantity"
    found = [name for name, number in zip(names, numbers, strict=True) if math.isnan(number)]
    values = vars(order)
    if not found and None not in values.values():
        return ()
    others = (_PRICE_NAMES.get(name, name) for name, value in values.items() if value is None)
    return tuple(dict.fromkeys([*found, *(_CAPITAL.sub(r"_\1", name).lower() for name in others)]))


_PRICE_NAMES = {"trailStopPrice": "stop"}
_CAPITAL = re.compile("([A-Z])")


class UnnumberedOrders:
    """Tells apart orders without permId that share client and order id: twins.

    A twin is recognized by an equal message 5, and after a change by the message with the most equal fields.
    ``ids`` are the client and the order id. A list has each order once, so equal messages in it are two
    orders. For our own client's orders a repetition may be the same order, sent by itself in between.
    """

    def __init__(self) -> None:
        # By ids, the latest message of each twin; empty once it has a permId.
        self._messages: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
        self._listed: set[tuple[tuple[int, int], int]] = set()

    def list_begins(self) -> None:
        """Begin another list, which reports them all again, whether or not the previous one has ended."""
        self._listed.clear()

    def twin(self, ids: tuple[int, int], message: str, *, is_listed: bool, is_ours: bool) -> int:
        """Return which of them this is; a repetition in one list is another order."""
        known = self._messages[ids]
        is_once = is_listed and not is_ours
        same = [n for n, each in enumerate(known) if each == message]
        twin = next((n for n in same if not (is_once and (ids, n) in self._listed)), None)
        if twin is None:
            twin = self.most_like(ids, message)
        if twin is None:
            twin = known.index("") if "" in known else len(known)
            known[twin:] = [message, *known[twin + 1 :]]
        known[twin] = message
        if is_listed:
            self._listed.add((ids, twin))
        return twin

    def most_like(self, ids: tuple[int, int], message: str) -> int | None:
        """Return the twin whose message differs in the fewest fields, among those not yet in this list."""
        known = self._messages.get(ids, ())
        left = [n for n, each in enumerate(known) if each and (ids, n) not in self._listed]
        fields = message.split("\0")
        return min(left, key=lambda n: sum(map(ne, fields, known[n].split("\0"))), default=None)

    def only(self, ids: tuple[int, int]) -> int | None:
        """Return the only one; ``None`` if there are several."""
        left = [n for n, message in enumerate(self._messages.get(ids, ())) if message]
        return left[0] if len(left) == 1 else None

    def given(self, ids: tuple[int, int], twin: int) -> None:
        """Record that it has a permId now and is no longer one of them."""
        self._messages[ids][twin] = ""


class NumberedOrders:
    """Tells apart orders that share a permId and differ in account, client or order id, or contract.

    A list has each order once: one without an account beside one with an account is another order. From list
    to list, an order without an account may name one, and one with an account may name none. TWS API: client
    and order id of an API order last; one that was entered in TWS may be given others.
    """

    def __init__(self) -> None:
        self._accounts: defaultdict[int, list[str]] = defaultdict(list)
        # The account's order that an order in this list is taken for, and the account that it names.
        self._listed: dict[tuple[int, str], str] = {}
        # By permId and place of the account.
        self._twins: defaultdict[tuple[int, int], list[_Twin]] = defaultdict(list)
        self._list = 1

    def list_begins(self) -> None:
        """Begin another list, which reports them all again."""
        self._listed.clear()
        self._list += 1

    def has_listed(self, perm_id: int) -> bool:
        """Return whether this list has an order with this permId."""
        found = (twins for (number, _), twins in self._twins.items() if number == perm_id)
        return any(twin.listed_in == self._list for twins in found for twin in twins)

    def are_several(self, perm_id: int) -> bool:
        """Return whether more than one order had this permId."""
        accounts = len(self._accounts.get(perm_id, ()))
        return accounts > 1 or any(len(self._twins.get((perm_id, at), ())) > 1 for at in range(accounts))

    def place(
        self, contract: Contract, order: TwsOrder, *, is_listed: bool, is_ours: bool
    ) -> tuple[int, int]:
        """Return the place of its account among those with its permId, and which it is of those in there."""
        at = self._place_of_account(order.permId, order.account, is_listed=is_listed and not is_ours)
        ids, known = (order.clientId, order.orderId, contract.conId), self._twins[order.permId, at]
        if known and known[0].ids == ids:
            twin = 0
        elif found := [n for n, each in enumerate(known) if each.ids == ids]:
            twin = found[0]
        else:
            left = [n for n, each in enumerate(known) if each.listed_in < self._list]
            same = (n for n in left if known[n].ids[:2] == ids[:2])
            alike = (n for n in left if _may_be_one(ids, known[n].ids))
            twin = next(chain(same, alike), len(known))
            known[twin:] = [_Twin(ids), *known[twin + 1 :]]
        if is_listed:
            known[twin].listed_in = self._list
        return at, twin

    def _place_of_account(self, perm_id: int, account: str, *, is_listed: bool) -> int:
        accounts, named = self._accounts[perm_id], account
        if named and self._listed.get((perm_id, named)) == "":
            # The order without an account that was taken for this one is another.
            accounts[accounts.index(named)] = ""
            self._listed[perm_id, ""] = self._listed.pop((perm_id, named))
        if named not in accounts:
            left = [each for each in accounts if (perm_id, each) not in self._listed]
            if named and "" in left:
                accounts[accounts.index("")] = named
            elif named or not accounts or (is_listed and not left):
                accounts.append(named)
            else:
                account = (left or accounts)[0]
        if is_listed:
            self._listed[perm_id, account] = named
        return accounts.index(account)


_Ids = tuple[int, int, int]
"""The client id, the order id and the conId of an order."""


@dataclass(slots=True)
class _Twin:
    """One of the orders with the same permId and account, and the number of the last list that had it."""

    ids: _Ids
    listed_in: int = 0


def _may_be_one(one: _Ids, other: _Ids) -> bool:
    """Return whether an order may have been given other ids; TWS's own orders have an id of 0 or below."""
    (client, order_id, con_id), (other_client, other_id, other_con_id) = one, other
    is_bound = order_id <= 0 or other_id <= 0
    is_unnamed = UNSET_INTEGER in (client, other_client) and order_id == other_id
    return (is_bound or is_unnamed) and (con_id == other_con_id or 0 in (con_id, other_con_id))


def unreported(order_id: int, twin: int, clock: TwsClock) -> OpenOrder:
    """Return an order of which TWS has reported nothing yet."""
    return OpenOrder(orderStatus=unknown_status(order_id), twin=twin, clock=clock)


def numbered(key: Any, twin: int, at: int = 0) -> Any:
    """Return the key of a twin, in the account at this place; most orders are the only one of their key."""
    return ("twin", key, twin, at) if twin or at else key


def order_of(mode: AccountMode, trade: Trade) -> Order:
    """Return a trade as an order, whoever made the trade."""
    return trade.read(mode) if isinstance(trade, OpenOrder) else parsing.order(mode, trade)


CONTRACT_FIELDS = 11
"""The number of fields of a contract in messages 5, 61 and 71."""


def contract_of(fields: list[str], place: int) -> Contract:
    """Return the contract in a message that cannot be read; its conId is the field at ``place``."""
    con_id, symbol, kind, _, _, _, multiplier, exchange, currency, local_symbol, _ = fields[
        place : place + CONTRACT_FIELDS
    ]
    return Contract(
        conId=_id(con_id),
        symbol=symbol,
        secType=kind,
        multiplier=multiplier,
        exchange=exchange,
        currency=currency,
        localSymbol=local_symbol,
    )


_FLAGS = frozenset({"", "0", "1", "true", "false"})
_ACTIONS = frozenset({"BUY", "SELL", "SSHORT", "SLONG"})
"""TWS API: the actions of an order."""


def without_terms(fields: list[str], accounts: Collection[str]) -> tuple[Contract, TwsOrder, bool]:
    """Return which order an unreadable message 5 is, and its type, without its terms; and whether that is
    certain, with the fields in their expected places.

    An account or an action that is none is not known.
    """
    contract, account, action = contract_of(fields, 2), fields[20], fields[13]
    order = TwsOrder(
        orderId=_id(fields[1]),
        clientId=client_named(_id(fields[24]) if fields[24].strip() else UNSET_INTEGER),
        permId=_id(fields[25]),
        account=account if account in accounts or is_account_id(account) else "",
        action=action if action in _ACTIONS else "",
        orderType=fields[15],
        tif=fields[18],
        orderRef=fields[23],
        totalQuantity=UNSET_DOUBLE,
        lmtPrice=math.nan,
        auxPrice=math.nan,
        trailStopPrice=None,  # type: ignore[arg-type]
        displaySize=UNSET_INTEGER,
    )
    has_id = bool(order.permId > 0 or order.orderId)
    is_in_place = account in accounts or (action in _ACTIONS and contract.conId > 0)
    return contract, order, has_id and is_in_place and bool(contract.secType)


_LASTING_FIELDS = {13: "action", 15: "orderType", 18: "tif", 20: "account", 23: "orderRef"}


def completed(contract: Contract, order: TwsOrder, known: Trade, length: int) -> tuple[Contract, TwsOrder]:
    """Return the contract and the order of a message 5 that is cut off to ``length`` fields, with what is
    known of the order in the place of what it lacks.
    """
    lacking = {name: getattr(known.order, name) for at, name in _LASTING_FIELDS.items() if at >= length}
    is_named = length >= 2 + CONTRACT_FIELDS
    return contract if is_named else known.contract, dataclass_replace(order, **lacking)


def check_places(fields: list[str], accounts: Collection[str]) -> None:
    """Raise ``ValueError`` unless the fixed fields of a message 5 are in place, of which an id or the end
    cannot be read.
    """
    contract, order, _ = without_terms(fields, accounts)
    has_flags = all(flag.strip().lower() in _FLAGS for flag in fields[26:28])
    # TWS writes None where there is no delta neutral order.
    has_type = parsing.is_no_number(fields[62]) or not any(fields[63:71])
    is_certain = has_type and parsing.is_no_number(contract.secType)
    if not (has_flags and is_certain and order.account and order.action):
        raise ValueError("the terms of an order are not in their places")


def client_named(client_id: int) -> int:
    """Return the id of an API client, with one value for unset."""
    return UNSET_INTEGER if parsing.known_id(client_id) is None else client_id


def _id(text: str) -> int:
    """Return an id with all its digits; 0 if it is none."""
    try:
        return whole_number(text or "0")
    except ValueError:
        return 0
