"""What a TWS tells of a contract that a client asks for: which field stands where.

Source: TWS API, messages 10 and 18 as clients of version 157 to 178 read them.
"""

from psf_monitor.sim.market.records import Security
from psf_monitor.sim.tws.framing import Field
from psf_monitor.sim.tws.layouts import multiplier

Message = list[Field]

_SIZES_SINCE = 164
_SUGGESTED_SIZE = 163
_ORDER_TYPES = "LMT,MKT,STP"


def contract_details(request_id: int, item: Security, version: int) -> Message:
    """Message 10, or 18 for a bond: asked for by its conId, it is listed where SMART is routed to."""
    return (_bond if item.kind == "BOND" else _details)(request_id, item, version)


def _details(request_id: int, item: Security, version: int) -> Message:
    fields: Message = [
        *_head(10, request_id, version),
        *(item.symbol, item.kind, "", 0.0, "", "SMART", item.currency, item.local_symbol),
        *(item.trading_class, item.trading_class, item.con_id, item.tick),
    ]
    if version < _SIZES_SINCE:
        fields.append(1)
    magnifier = round(1 / item.price_unit)
    fields += [
        *(multiplier(item), _ORDER_TYPES, f"SMART,{item.exchange}", magnifier, 0, item.local_symbol),
        *(item.exchange, "", "", "", "", "America/New_York", "", "", "", 0.0, 0),
        *(1, "", "", "", "", "COMMON"),
    ]
    return fields + _sizes(version)


def _bond(request_id: int, item: Security, version: int) -> Message:
    fields: Message = [
        *_head(18, request_id, version),
        *(item.symbol, item.kind, "", 4.125, "", "", "", "", "", False, False, False, ""),
        *("SMART", item.currency, item.trading_class, item.trading_class, item.con_id, item.tick),
    ]
    if version < _SIZES_SINCE:
        fields.append(1)
    fields += [_ORDER_TYPES, f"SMART,{item.exchange}", "", "", False, ""]
    fields += [item.local_symbol, "", 0.0, 0, 1, ""]
    return fields + (_sizes(version) if version >= _SIZES_SINCE else [])


def _head(message: int, request_id: int, version: int) -> Message:
    number: Message = [8] if version < _SIZES_SINCE else []
    return [message, *number, request_id]


def _sizes(version: int) -> Message:
    if version >= _SIZES_SINCE:
        return [1, 1, 100]
    return [100] if version == _SUGGESTED_SIZE else []
