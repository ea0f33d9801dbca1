"""Lists of orders that repeat the previous one byte for byte: not read again, and with the same result."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from ib_insync import Trade

from psf_monitor.domain.orders.order import Order
from psf_monitor.ibkr.client import ReadOnlyIB
from psf_monitor.ibkr.orders.open_order_message import order_of
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.records import OrderIds, SimOrder
from psf_monitor.sim.market.scenarios import scenario
from psf_monitor.sim.tws.framing import message, text
from psf_monitor.sim.tws.layouts import Message
from psf_monitor.sim.tws.order_layouts import open_order, order_status
from tests.ibkr.running_connector import ACCOUNT
from tests.support.records import GUN
from tests.support.tws_messages import greet

VERSION = 176
END: Message = [53, 1]
ACCOUNT_VALUE: Message = [6, 2, "NetLiquidation", "100000", "USD", ACCOUNT]


class Client:
    """What ib_insync, as the product has it, makes of what TWS sends; ``read`` counts its messages read."""

    def __init__(self) -> None:
        self.ib = ReadOnlyIB()
        greet(self.ib, VERSION)
        self.read = 0
        self.reported: list[object] = []
        self.ib.openOrderEvent += self._on_order
        self.ib.orderStatusEvent += self._on_order
        interpret: Callable[[list[str]], None] = self.ib.client.decoder.interpret

        def count(fields: list[str]) -> None:
            self.read += fields[0] != "6"
            interpret(fields)

        self.ib.client.decoder.interpret = count  # type: ignore[method-assign]

    def _on_order(self, trade: Trade) -> None:
        self.reported.append(order_of(GUN, trade))

    def orders(self) -> list[Order]:
        return [order_of(GUN, trade) for trade in self.ib.trades()]


class OverTheLine(Client):
    """One that receives bytes, in pieces of any length."""

    def receive(self, messages: Sequence[Message], sizes: Iterator[int]) -> None:
        data = b"".join(message(*fields) for fields in messages)
        while data:
            size = next(sizes)
            self.ib.client.conn.hasData.emit(data[:size])
            data = data[size:]


class MessageByMessage(Client):
    """One that reads every message."""

    def receive(self, messages: Sequence[Message]) -> None:
        for fields in messages:
            self.ib.client.decoder.interpret([text(field) for field in fields])


def placed(count: int) -> list[SimOrder]:
    """Orders of hand, of another program and of our own client id, in turn."""
    market = Market(scenario("normal"), 7)
    return [
        market.place_order(ACCOUNT, "SPY", "BUY", 100, 600.0 + n, ids=OrderIds((0, 31, 1)[n % 3]))
        for n in range(count)
    ]


def listed(*orders: SimOrder) -> list[Message]:
    return [each for order in orders for each in (open_order(order, VERSION), order_status(order))]


def whole() -> Iterator[int]:
    while True:
        yield 1_000_000


async def test_that_a_list_that_repeats_is_not_read_again_and_has_the_same_orders() -> None:
    client, orders = OverTheLine(), placed(3)
    results = []
    for _ in range(5):
        asked = client.ib.wrapper.startReq("openOrders")
        client.receive([*listed(*orders), END], whole())
        results.append([order_of(GUN, trade) for trade in await asked])
    assert all(result == results[0] for result in results)
    assert client.read == 2 * 7


async def test_that_of_a_list_that_begins_as_before_everything_is_read() -> None:
    client, orders = OverTheLine(), placed(3)
    for _ in range(3):
        asked = client.ib.wrapper.startReq("openOrders")
        client.receive([*listed(*orders), END], whole())
        await asked
    orders[2].limit_price = 610.0
    asked = client.ib.wrapper.startReq("openOrders")
    client.receive([*listed(*orders), END], whole())
    assert [trade.order.lmtPrice for trade in await asked] == [600.0, 601.0, 610.0]
    assert client.read == 3 * 7


async def test_that_a_list_is_read_again_after_an_order_was_sent_by_itself() -> None:
    client, orders = OverTheLine(), placed(2)
    for _ in range(3):
        asked = client.ib.wrapper.startReq("openOrders")
        client.receive([*listed(*orders), END], whole())
        await asked
    client.receive(listed(replace(orders[1], limit_price=620.0)), whole())
    assert [order.limit_price for order in client.orders()] == [600.0, 620.0]
    asked = client.ib.wrapper.startReq("openOrders")
    client.receive([*listed(*orders), END], whole())
    assert [trade.order.lmtPrice for trade in await asked] == [600.0, 601.0]


async def test_that_what_repeats_counts_as_having_come_before_the_list_has_ended() -> None:
    client, orders = OverTheLine(), placed(2)
    for _ in range(3):
        asked = client.ib.wrapper.startReq("openOrders")
        client.receive([*listed(*orders), END], whole())
        await asked
    before = client.ib.lists.received["openOrders"]
    client.ib.wrapper.startReq("openOrders")
    client.receive(listed(*orders), whole())
    assert client.ib.lists.received["openOrders"] == before + 2


async def test_that_messages_between_the_orders_of_a_list_are_read_at_once() -> None:
    client, orders = OverTheLine(), placed(2)
    for _ in range(3):
        asked = client.ib.wrapper.startReq("openOrders")
        client.receive([*listed(*orders), END], whole())
        await asked
    asked = client.ib.wrapper.startReq("openOrders")
    client.receive([*listed(orders[0]), ACCOUNT_VALUE], whole())
    assert [value.value for value in client.ib.accountValues()] == ["100000"]
    client.receive([*listed(orders[1]), END], whole())
    assert len(await asked) == 2
    assert client.read == 2 * 5


KINDS = ["list", "list", "list", "list", "order", "status", "unanswered", "late", "change"]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.integers(0, 3),
        st.sampled_from([600.0, 600.5]),
        st.sampled_from(["PreSubmitted", "Submitted", "Filled", "Cancelled"]),
        st.sampled_from([0.0, 40.0]),
    ),
    max_size=25,
)


@given(
    STEPS, st.booleans(), st.lists(st.integers(300, 9000), min_size=1), st.lists(st.booleans(), min_size=1)
)
@settings(deadline=None)
async def test_that_every_order_is_as_if_each_message_had_been_read(
    steps: list[tuple[str, int, float, str, float]],
    has_ids: bool,
    sizes: list[int],
    has_values: list[bool],
) -> None:
    """With lists that repeat, change, never end and end late, in pieces of any size, and orders between."""
    fast, slow, orders = OverTheLine(), MessageByMessage(), placed(4)
    if not has_ids:
        orders[2].perm_id, orders[3] = 0, replace(orders[1])
    pieces = (size for _ in iter(int, 1) for size in sizes)
    is_open = False
    for turn, (kind, number, limit, status, filled) in enumerate(steps):
        order = orders[number]
        if kind not in ("list", "unanswered", "late"):
            order.limit_price, order.status = limit, status
            order.filled, order.remaining = filled, 100 - filled
        sent: list[Message] = listed(*orders) if kind in ("list", "unanswered", "late") else []
        if kind == "list":
            sent.append(END)
        elif kind == "late" and is_open:
            sent = [END]
        elif kind == "order":
            sent = [open_order(order, VERSION)]
        elif kind == "status":
            sent = [order_status(order)]
        if has_values[turn % len(has_values)]:
            sent.insert(len(sent) // 2, ACCOUNT_VALUE)
        asked = []
        if kind in ("list", "unanswered"):
            asked = [client.ib.wrapper.startReq("openOrders") for client in (fast, slow)]
        fast.receive(sent, pieces)
        slow.receive(sent)
        is_open = kind == "unanswered" or (is_open and kind != "late")
        if asked and asked[1].done():
            results = [[order_of(GUN, trade) for trade in each.result()] for each in asked]
            assert results[0] == results[1]
        elif asked and number == 0:
            for each in asked:
                each.cancel()
        assert fast.orders() == slow.orders()
    # What was held of a list that nobody waits for any more is reported once more, as it was.
    reported = iter(fast.reported)
    assert all(each in reported for each in slow.reported)
