"""A script in which TWS sends orders."""

from typing import Any

from tests.support.scripted_product import ScriptedProduct
from tests.support.tws_messages import position

HAMMER = {"CIM-B": [24.5, 24.6, 24.55, 24.4]}


def script_with(*orders: list[list[str]], **more: Any) -> dict[str, Any]:
    """A script with 400 CIM PRB held and these orders."""
    messages = [message for order in orders for message in order]
    return {"to_61": [position()], "to_16": messages, "hammer": HAMMER, **more}


def working(product: ScriptedProduct) -> str:
    return product.positions()[0]["working"]
