"""A position that moves has an execution in TWS's list, or there is a doubt about that."""

import pytest

from tests.end_to_end.fills.execution_script import CIM, NEW_YORK, NOW, execution, listed_again
from tests.support.records import GUN, Clock
from tests.support.scripted_product import scripted
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


async def test_that_an_empty_list_after_a_position_change_is_not_shown_as_no_fills() -> None:
    position = f"61|3|U1240821|700000001|{CIM}|{{}}|24.125"
    of = {"handshake_time": NEW_YORK, "to_61": [position.format(400)]}
    async with scripted(of, clock=Clock(NOW), has_window=True) as product:
        await product.connect_with_fills()
        assert product.monitor.fills.state(GUN).gaps == ()
        product.tws.answers["61"] = [position.format(100)]
        product.tws.send(position.format(100))
        await until(lambda: product.monitor.fills.state(GUN).gaps, what="the doubt")
        product.fills()
        assert product.window.fills.chip.text == "INCOMPLETE"
        assert "CIM PRB changed and TWS lists no execution" in "".join(product.monitor.fills.state(GUN).gaps)
        product.tws.answers["7"] = [execution("20261127-15:29:59")]
        product.monitor.refresh()
        await until(lambda: not product.monitor.fills.state(GUN).gaps, what="the execution")
        assert len(product.fills()) == 1


async def test_that_a_position_that_moves_with_its_execution_leaves_no_doubt() -> None:
    position = f"61|3|U1240821|700000001|{CIM}|{{}}|24.125"
    of = {"handshake_time": NEW_YORK, "to_61": [position.format(400)]}
    async with scripted(of, clock=Clock(NOW)) as product:
        await product.connect_with_fills()
        for number, quantity in enumerate((300, 200, 100), 1):
            done = execution("20261127-15:29:59", number)
            product.tws.answers["7"] = [*product.tws.answers["7"], done]
            product.tws.send(position.format(quantity), done.replace("{req}", "-1"))
            product.tws.answers["61"] = [position.format(quantity)]
        await until(lambda: len(product.fills()) == 3)
        for _ in range(2):
            lists = product.tws.asked(7)
            product.monitor.refresh()
            await until(lambda lists=lists: product.tws.asked(7) > lists)  # type: ignore[misc]
        assert product.monitor.fills.state(GUN).gaps == ()


async def test_that_a_position_that_moves_long_after_its_execution_leaves_no_doubt() -> None:
    position = f"61|3|U1240821|700000001|{CIM}|{{}}|24.125"
    of = {"handshake_time": NEW_YORK, "to_61": [position.format(400)]}
    clock = Clock(NOW)
    async with scripted(of, clock=clock) as product:
        await product.connect_with_fills()
        product.tws.send("4|2|-1|1100|Connectivity is lost|")
        clock.advance(600)
        # Back, TWS reports what was done meanwhile before what is held now.
        product.tws.answers["7"] = [execution("20261127-15:30:20")]
        product.tws.send("4|2|-1|1102|Connectivity is restored|")
        await until(lambda: product.fills())
        product.tws.answers["61"] = [position.format(300)]
        product.tws.send(position.format(300))
        await listed_again(product)
        await until(lambda: product.positions()[0]["quantity"] == "300")
        assert product.monitor.fills.state(GUN).gaps == ()


async def test_that_a_position_that_moved_by_what_was_executed_leaves_no_doubt() -> None:
    position = f"61|3|U1240821|700000001|{CIM}|{{}}|24.125"
    of = {"handshake_time": NEW_YORK, "to_61": [position.format(400)]}
    async with scripted(of, clock=Clock(NOW)) as product:
        await product.connect_with_fills()
        await listed_again(product)
        product.tws.answers["61"] = [position.format(310)]
        product.tws.send(position.format(300), position.format(310))
        await until(lambda: product.monitor.fills.state(GUN).gaps, what="the doubt")
        # It was corrected before it was listed at all: one execution for two changes.
        corrected = execution("20261127-15:29:59").replace(".01|2026", ".02|2026").replace("|100|", "|90|")
        product.tws.answers["7"] = [corrected, "59|1|0000e0d5.67fe667b.01.02|1.0|USD|5.0||"]
        await listed_again(product)
        assert [cells["quantity"] for cells in product.fills()] == ["90"]
        assert product.monitor.fills.state(GUN).gaps == ()


async def test_that_what_moved_yesterday_is_no_doubt_about_the_list_of_today() -> None:
    position = f"61|3|U1240821|700000001|{CIM}|{{}}|24.125"
    of = {
        "handshake_time": NEW_YORK,
        "to_61": [position.format(400)],
        "hammer": {"CIM-B": [24.5, 24.6, 24.55, 24.4]},
    }
    async with scripted(of, clock=Clock(NOW)) as product:
        await product.connect_with_fills()
        await listed_again(product)
        product.tws.answers["61"] = [position.format(100)]
        product.tws.send(position.format(100))
        await until(lambda: product.monitor.fills.state(GUN).gaps, what="the doubt")
        product.clock.advance(3 * 86_400)
        await listed_again(product)
        assert product.monitor.fills.state(GUN).gaps == ()
        await until(lambda: product.positions()[0]["day_pnl"] == "+15", what="the previous close")
        # A change of today is one again.
        product.tws.answers["61"] = [position.format(50)]
        product.tws.send(position.format(50))
        await until(lambda: product.monitor.fills.state(GUN).gaps, what="the doubt about today")
