"""What the trader and other programs read of a login's connection."""

from dataclasses import replace

from psf_monitor.api import snapshot_records
from psf_monitor.ui.connections.banner import Banner
from tests.support.records import GUN
from tests.support.scripted_product import POLLING, ScriptedProduct

QUICK_FARMS = replace(POLLING, farms_after_s=0.0, farms_settle_s=0.01)


URGENT = "liquidation of positions may commence without further notice"


def notice(code: int, text: str) -> str:
    return f"4|2|-1|{code}|{text}|"


def banners(product: ScriptedProduct) -> list[Banner]:
    product.window.show_now()
    return list(product.window.banners.banners)


def bannered(product: ScriptedProduct) -> str:
    return "\n".join(f"{banner.title.text} {banner.detail.text}" for banner in banners(product))


def card(product: ScriptedProduct) -> str:
    product.window.show_now()
    text = product.window.links_panel.cards[GUN].face.content
    return "" if text is None else text.accessible_text


def api(product: ScriptedProduct) -> snapshot_records.LinkRecord:
    return snapshot_records.link(product.monitor.book, GUN, product.monitor.links[GUN].status)


def position_of(account: str, quantity: int) -> str:
    return f"61|3|{account}|700000001|CIM|STK||0.0|||NYSE|USD|CIM PRB|CIM PRB|{quantity}|24.125"


HELD_BY_TWO = {
    "accounts": "U1240821",
    "hammer": {"CIM-B": [24.5, 24.6, 24.55, 24.4]},
    "to_61": [position_of("U1240821", 400)],
    "to_62": [("U1240821", "NetLiquidation", "250000.00", "USD")],
}
