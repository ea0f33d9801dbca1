"""What Hammer Pro's own account no longer reports: it stays, marked as old as of its last report."""

import pytest

from tests.end_to_end.hammer_account.test_impossible_figures import HELD, loaded, order, script
from tests.hammer.running_adapter import IMPATIENT
from tests.support.records import Clock
from tests.support.scripted_product import HAMMER, ScriptedProduct, scripted
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

COMMANDS = ("getPositions", "getTransactions", "getBalances")


def ages(product: ScriptedProduct) -> tuple[object, object, object]:
    """Return since when positions, orders and account values are old."""
    book = product.monitor.book
    (held,) = (row.stale_since for row in book.position_rows() if row.mode is HAMMER)
    (placed,) = (row.stale_since for row in book.order_rows() if row.mode is HAMMER)
    return held, placed, book.strip(HAMMER).as_of


@pytest.mark.parametrize("refused", [COMMANDS[:1], COMMANDS[2:], COMMANDS])
async def test_that_what_hammer_refuses_to_report_again_is_old_and_the_rest_is_not(
    refused: tuple[str, ...],
) -> None:
    clock = Clock()
    async with scripted(script(), clock=clock, hammer_timing=IMPATIENT) as product:
        await loaded(product)
        assert ages(product) == (None, None, None)
        reported_at = clock()
        product.hammer.refuses = dict.fromkeys(refused, "the account is not connected")
        product.hammer.send(
            "tradingAccountStateUpdate", {"accountKey": product.hammer.key, "state": "Disconnected"}
        )
        await until(lambda: any(ages(product)))
        await until(
            lambda: all(age for name, age in zip(COMMANDS, ages(product), strict=True) if name in refused)
        )
        old = dict(zip(COMMANDS, ages(product), strict=True))
        assert {name for name, age in old.items() if age} == set(refused)
        assert all(age == reported_at for age in old.values() if age)
        (cells,) = (row for row in product.positions() if row["account"] == "HAM")
        assert cells["quantity"] == "100"
        # Reported again, it is current.
        product.hammer.refuses = {}
        product.hammer.send("tradingAccountStateUpdate", {"accountKey": product.hammer.key, "state": "Ready"})
        product.hammer.account = {**(product.hammer.account or {}), "positions": [{**HELD, "QTY": 101}]}
        await until(lambda: ages(product) == (None, None, None))
        await until(lambda: product.monitor.book.account_state(HAMMER).problem is None)


async def test_that_an_update_makes_a_refused_part_current_until_it_is_refused_again() -> None:
    async with scripted(script(transactions=[order("9")]), hammer_timing=IMPATIENT) as product:
        await loaded(product)
        product.hammer.refuses = {"getPositions": "busy"}
        product.hammer.send("positionsUpdate", [{**HELD, "QTY": 101}])
        await until(lambda: ages(product)[0] is not None)
        quantities = [row.quantity for row in product.monitor.book.position_rows() if row.mode is HAMMER]
        assert quantities == [101]


async def test_that_an_account_that_hammer_pro_calls_disconnected_is_said_to_be_while_it_is() -> None:
    async with scripted(script()) as product:
        await loaded(product)
        book = product.monitor.book
        for state in ("Disconnected", "NotConnected", "Logged out", "OFFLINE", "Error: no line"):
            product.hammer.send(
                "tradingAccountStateUpdate", {"accountKey": product.hammer.key, "State": state}
            )
            said = f"Hammer Pro says of its account: '{state}'."
            await until(lambda said=said: said in str(book.account_state(HAMMER).problem))  # type: ignore[misc]
            product.hammer.send(
                "tradingAccountStateUpdate", {"accountKey": "ALARIC:OTHER", "state": "Connected"}
            )
            product.hammer.send(
                "tradingAccountStateUpdate", {"accountKey": product.hammer.key, "state": "Connected"}
            )
            await until(lambda: book.account_state(HAMMER).problem is None)
