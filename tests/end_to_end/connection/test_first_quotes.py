"""From HAMMER's letting this program in to the first quotes: they are awaited, and HAMMER is connected."""

from psf_monitor.domain.account import AccountMode
from psf_monitor.hammer.timing import HammerTiming
from tests.support.records import GUN
from tests.support.scripted_product import ScriptedProduct, scripted
from tests.support.tws_messages import position
from tests.support.waiting import until

HAMMER = AccountMode.HAMMER_PRO


def why_no_price(product: ScriptedProduct) -> list[str]:
    return [held["no_price"] for held in product.snapshot()["positions"]]


async def test_that_hammer_is_called_connected_while_its_first_quotes_are_awaited() -> None:
    of = {"to_61": [position()], "hammer": {"CIM-B": [24.5, 24.6, 24.55, 24.4]}}
    async with scripted(of, hammer_timing=HammerTiming()) as product:
        product.monitor.links[GUN].connect()
        await until(lambda: why_no_price(product) == ["HAMMER is not connected"], what="the position")
        product.hammer.mixes_up = frozenset({"startDataStreamer"})
        product.monitor.links[HAMMER].connect()
        await until(lambda: why_no_price(product) == ["no price from HAMMER yet"], what="HAMMER's welcome")
        product.monitor.links[HAMMER].disconnect()
        await until(lambda: why_no_price(product) == ["HAMMER is not connected"], what="the end of it")


async def test_that_no_quotes_are_awaited_of_a_hammer_that_is_gone_before_the_first() -> None:
    of = {"to_61": [position()], "hammer": {"CIM-B": [24.5, 24.6, 24.55, 24.4]}}
    async with scripted(of, hammer_timing=HammerTiming()) as product:
        product.hammer.mixes_up = frozenset({"startDataStreamer"})
        product.monitor.links[GUN].connect()
        product.monitor.links[HAMMER].connect()
        await until(lambda: why_no_price(product) == ["no price from HAMMER yet"], what="HAMMER's welcome")
        product.hammer.turns_away = "not now"
        await product.hammer.close_all()
        await until(lambda: why_no_price(product) == ["HAMMER is not connected"], what="the end of it")
