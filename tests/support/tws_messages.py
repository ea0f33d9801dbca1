"""Messages of a TWS of version 176 for scripts: a plain order, and what differs from it by name."""

from collections.abc import Sequence
from typing import Any

from ib_insync import IB

from psf_monitor.sim.tws.framing import message

UNSET = "1.7976931348623157E308"
UNSET_INT = "2147483647"

_PLACES = {
    "order_id": 1,
    "con_id": 2,
    "symbol": 3,
    "sec_type": 4,
    "strike": 6,
    "exchange": 9,
    "currency": 10,
    "local_symbol": 11,
    "trading_class": 12,
    "action": 13,
    "quantity": 14,
    "order_type": 15,
    "limit": 16,
    "aux": 17,
    "tif": 18,
    "oca_group": 19,
    "account": 20,
    "reference": 23,
    "client_id": 24,
    "perm_id": 25,
    "outside_hours": 26,
    "hidden": 27,
    "good_after": 29,
    "model": 35,
    "good_till": 36,
    "discretion": 28,
    "block": 50,
    "display_size": 49,
    "oca_type": 54,
    "trigger": 59,
    "all_or_none": 52,
    "min_qty": 53,
    "percent_offset": 38,
    "fa_group": 31,
    "fa_method": 32,
    "short_slot": 40,
    "location": 41,
    "sweep": 51,
    "not_held": 89,
    "warning": 108,
    "duration": 128,
    "parent_id": 58,
    "trail_stop": 74,
    "trailing_percent": 75,
    "legs": 79,
    "algorithm": 91,
    "what_if": 93,
    "status": 94,
    "conditions": 111,
    "cash": 123,
}
"""The place of a field in message 5, without legs, parameters and conditions before it."""

_PLAIN = (
    "5|0|700000001|CIM|STK||0.0|?||SMART|USD|CIM PRB|CIM PRB|SELL|100|LMT|24.9|0.0|DAY||U1240821||0||0|1|0|0"
    "|0||||||||||||0||-1|0||||||2147483647|0|0|0||3|0|0||0|0||0|None||0||||?|0|0||0|0||||||0|0|0|2147483647"
    "|2147483647|||0||IB|0|0||0|0|Submitted|{unset}||||||0|0|0|None|{adjusted}|0||||0|1|0|0|0|||0|||||"
)
_TRAIL_STOP_AGAIN = 114
_ADJUSTED, _HEDGE, _SCALE = slice(112, 120), slice(85, 86), slice(82, 85)
_POSITION = "61|3|U1240821|700000001|CIM|STK||0.0|||NYSE|USD|CIM PRB|CIM PRB||"
_EXECUTION = (
    "11|{req}|0|700000001|CIM|STK||0.0|||NYSE|USD|CIM PRB|CIM PRB|0000e0d5.67fe66.NN.01"
    "|{today} 11:15:30 US/Eastern|U1240821|IEX|SLD|||0|0|0|||||||2"
)
_EXECUTION_PLACES = {
    "con_id": 3,
    "symbol": 4,
    "sec_type": 5,
    "local_symbol": 12,
    "execution_id": 14,
    "time": 15,
    "account": 16,
    "venue": 17,
    "side": 18,
    "client_id": 22,
    "liquidation": 23,
    "model": 29,
    "liquidity": 30,
}


def open_order(perm_id: int, **differs: Any) -> list[str]:
    """Message 5. ``conditions`` are the fields of the conditions, their count before them, ``adjusted`` the
    eight of an adjusted stop, ``scale`` the ten of a scale, ``hedge`` its kind and parameter, ``parameters``
    those of the algorithm.
    """
    cancels = str(differs.pop("conditions_cancel", 0))
    fields = _PLAIN.format(unset="|".join([UNSET] * 9), adjusted="|".join([UNSET] * 6)).split("|")
    conditions: Sequence[str] = differs.pop("conditions", ())
    fields[_ADJUSTED] = differs.pop("adjusted", fields[_ADJUSTED])
    hedge, scale = differs.pop("hedge", ("",)), differs.pop("scale", fields[_SCALE])
    parameters: Sequence[str] = differs.pop("parameters", ())
    for name, value in {**differs, "perm_id": perm_id}.items():
        fields[_PLACES[name]] = str(value)
    if "trail_stop" in differs:
        # TWS writes it twice.
        fields[_TRAIL_STOP_AGAIN] = str(differs["trail_stop"])
    if conditions:
        at = _PLACES["conditions"]
        # After them come two flags: whether to cancel, and whether to heed the hours.
        fields[at : at + 1] = [*conditions, "0", cancels]
    if "algorithm" in differs:
        # After its name comes how many parameters it has.
        at = _PLACES["algorithm"] + 1
        fields[at:at] = [str(len(parameters) // 2), *parameters]
    fields[_HEDGE] = hedge
    fields[_SCALE] = scale
    return fields


def order_status(
    perm_id: int,
    status: str = "Submitted",
    filled: object = 0,
    remaining: object = 100,
    *,
    order_id: int = 0,
    client_id: object = 0,
    parent_id: int = 0,
    average: object = 0,
    why_held: str = "",
    cap: object = "0.0",
) -> list[str]:
    """Message 3."""
    reported = (
        order_id,
        status,
        filled,
        remaining,
        average,
        perm_id,
        parent_id,
        0,
        client_id,
        why_held,
        cap,
    )
    return ["3", *map(str, reported)]


def listed(perm_id: int, why_held: str = "", filled: object = 0, **differs: Any) -> list[list[str]]:
    """Return an order and its status as in a list: messages 5 and 3."""
    quantity, status = differs.get("quantity", 100), differs.get("status", "Submitted")
    ids = {key: differs[key] for key in ("order_id", "client_id", "parent_id") if key in differs}
    is_a_number = str(quantity).replace(".", "").isdigit()
    remaining = float(quantity) - float(str(filled)) if is_a_number else quantity
    return [
        open_order(perm_id, **differs),
        order_status(perm_id, status, filled, remaining, why_held=why_held, **ids),
    ]


def position(quantity: object = 400, average_cost: object = 24.125, **differs: Any) -> list[str]:
    """Message 61."""
    fields = _POSITION.split("|")
    fields[14:] = [str(quantity), str(average_cost)]
    places = {"account": 2, "con_id": 3, "symbol": 4, "sec_type": 5, "exchange": 10, "local_symbol": 12}
    places["trading_class"] = 13
    for name, value in differs.items():
        fields[places[name]] = str(value)
    return fields


def execution(perm_id: int, shares: object, price: object, number: int = 1, **differs: Any) -> list[str]:
    """Message 11, answering a list; ``filled`` is what the order has filled by it."""
    fields = _EXECUTION.replace("NN", f"{number:02}").split("|")
    fields[19:22] = [str(shares), str(price), str(perm_id)]
    fields[24:26] = [str(differs.pop("filled", shares)), str(price)]
    for name, value in differs.items():
        fields[_EXECUTION_PLACES[name]] = str(value)
    return fields


def greet(ib: IB, version: int = 176, next_id: int = 1) -> None:
    """Give a client without a line the handshake of a TWS of this version."""
    ib.client.clientId = 1
    # The greeting is what goes out first.
    ib.client.conn.numMsgSent = 1
    for fields in ((version, "20260730 10:00:00 EST"), (15, 1, "U1240821"), (9, 1, next_id)):
        ib.client.conn.hasData.emit(message(*fields))
