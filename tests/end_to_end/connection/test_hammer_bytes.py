"""What is no WebSocket message on the line to Hammer Pro, and frames as large as a firm's day."""

import json
from typing import Any

import pytest
from websockets.frames import Frame, Opcode

from psf_monitor.connection.status import LinkState
from tests.conftest import ExpectedErrors
from tests.end_to_end.hammer_account.test_impossible_figures import loaded, order, script
from tests.support.scripted_product import HAMMER, ScriptedProduct, scripted
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

UPDATE = json.dumps({"cmd": "L1Update", "result": {"sym": "CIM-B", "bid": 1.0, "ask": 1.1, "price": 1.1}})
MASKED = Frame(Opcode.TEXT, UPDATE.encode()).serialize(mask=True)
"""By RFC 6455 a server masks no frame."""
NO_KNOWN_KIND = b"\x83\x02{}"


def bids(product: ScriptedProduct) -> set[float | None]:
    return {row.bid for row in product.monitor.book.position_rows()}


@pytest.mark.parametrize("bytes_sent", [MASKED, NO_KNOWN_KIND], ids=["masked", "of no known kind"])
async def test_that_a_line_is_closed_over_bytes_that_are_no_message_and_says_so(
    bytes_sent: bytes, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("picows")
    async with scripted(script()) as product:
        await loaded(product)
        link = product.monitor.links[HAMMER]
        problems: list[str] = []
        link.when_changed(lambda: problems.append(str(link.status.problem)))
        product.hammer.send_bytes(bytes_sent)
        await until(
            lambda: any("is no WebSocket" in each or "could not be read" in each for each in problems)
        )
        assert not any("HAMMER closed the connection" in each for each in problems)
        await until(lambda: link.status.state is LinkState.READY)
        assert 1.0 not in bids(product)


async def test_that_the_orders_of_a_large_firm_come_in_one_frame() -> None:
    many: list[dict[str, Any]] = [
        order(str(number), StatusID="Canceled", Note="x" * 1000) for number in range(1, 14_000)
    ]
    async with scripted(script(transactions=[*many, order("0009")])) as product:
        assert len(json.dumps(many)) > 12_000_000
        reported = await loaded(product)
        assert [each.order_id for each in reported.orders] == ["0009"]


async def test_that_a_binary_frame_is_read_as_text() -> None:
    async with scripted(script()) as product:
        await loaded(product)
        product.hammer.send_bytes(Frame(Opcode.BINARY, UPDATE.encode()).serialize(mask=False))
        await until(lambda: bids(product) == {1.0})
