"""Executions in TWS's list, and waiting for it."""

from datetime import UTC, datetime

from tests.support.records import GUN
from tests.support.scripted_product import ScriptedProduct
from tests.support.waiting import until

NOW = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)
NEW_YORK = "20261127 10:30:00 Eastern Standard Time"
CIM = "CIM|STK||0.0|||NYSE|USD|CIM PRB|CIM PRB"


def execution(stamp: str, number: int = 1) -> str:
    return (
        f"11|{{req}}|0|700000001|{CIM}|0000e0d5.67fe667b.{number:02}.01|{stamp}|U1240821|IEX|SLD|100|24.5|"
        f"{number}|0|0|100|24.5|||||2"
    )


async def listed_again(product: ScriptedProduct, lists: int = 3) -> None:
    """Wait until TWS has listed the executions this many times more."""
    for _ in range(lists):
        product.clock.advance(1)
        product.monitor.refresh()
        await until(lambda: product.monitor.fills.state(GUN).as_of == product.clock(), what="another list")
