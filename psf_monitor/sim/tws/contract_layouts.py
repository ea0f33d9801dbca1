"""What a TWS sends of a contract that a client asks for: which field stands where.

Source: TWS API, messages 10, 18, 75, 79 and 93 as clients of version 157 to 178 read them.
"""

from collections.abc import Sequence

from psf_monitor.sim.tws.framing import Field
from psf_monitor.sim.tws.instruments import Instrument

Message = list[Field]

_SIZES_SINCE = 164
_SUGGESTED_SIZE = 163
_DESCRIBED_SINCE = 176
_ORDER_TYPES = "LMT,MKT,STP"


def contract_details(request_id: int, item: Instrument, version: int) -> Message:
    """Message 10, or 18 for a bond."""
    return (_bond if item.kind == "BOND" else _details)(request_id, item, version)


def _details(request_id: int, item: Instrument, version: int) -> Message:
    under_id, under_symbol, under_kind = item.under or (0, "", "")
    multiplier = None if item.multiplier == 1.0 else _plain(item.multiplier)
    fields: Message = [
        *_head(10, request_id, version),
        *(item.symbol, item.kind, item.expiry, item.strike, item.right, item.exchange, item.currency),
        *(item.local_symbol, item.trading_class, item.trading_class, item.con_id, item.tick),
    ]
    if version < _SIZES_SINCE:
        fields.append(1)
    fields += [
        *(multiplier, _ORDER_TYPES, ",".join(item.venues), item.magnifier, under_id, item.name),
        *(item.listed_at, item.expiry[:6], "", "", "", "America/New_York", "", "", "", 0.0),
        *_identifiers(item),
        *(1, under_symbol, under_kind, _rules(item), item.expiry, item.stock_type),
    ]
    return fields + _sizes(version)


def _bond(request_id: int, item: Instrument, version: int) -> Message:
    cusip = dict(item.identifiers).get("CUSIP", "")
    fields: Message = [
        *_head(18, request_id, version),
        *(item.symbol, item.kind, cusip, item.coupon, item.expiry, "", "", "", "", False, False, False, ""),
        *(item.exchange, item.currency, item.trading_class, item.trading_class, item.con_id, item.tick),
    ]
    if version < _SIZES_SINCE:
        fields.append(1)
    fields += [_ORDER_TYPES, ",".join(item.venues), "", "", False, ""]
    fields += [item.name, "", 0.0, *_identifiers(item), 1, _rules(item)]
    return fields + (_sizes(version) if version >= _SIZES_SINCE else [])


def _head(message: int, request_id: int, version: int) -> Message:
    number: Message = [8] if version < _SIZES_SINCE else []
    return [message, *number, request_id]


def _plain(multiplier: float) -> str:
    return f"{multiplier:g}"


def _identifiers(item: Instrument) -> Message:
    return [len(item.identifiers), *(text for pair in item.identifiers for text in pair)]


def _rules(item: Instrument) -> str:
    """One rule for each venue."""
    return ",".join([str(item.rule)] * len(item.venues))


def _sizes(version: int) -> Message:
    if version >= _SIZES_SINCE:
        return [1, 1, 100]
    return [100] if version == _SUGGESTED_SIZE else []


def symbol_samples(request_id: int, found: Sequence[Instrument], version: int) -> Message:
    """Message 79; from version 176 on with the name and the issuer of each."""
    fields: Message = [79, request_id, len(found)]
    for item in found:
        fields += [item.con_id, item.symbol, item.kind, item.listed_at, item.currency]
        fields += [len(item.derivatives), *item.derivatives]
        if version >= _DESCRIBED_SINCE:
            fields += [item.name, ""]
    return fields


def market_rule(rule_id: int, steps: Sequence[tuple[float, float]]) -> Message:
    """Message 93: the tick sizes, each with the price from which it applies."""
    return [93, rule_id, len(steps), *(figure for step in steps for figure in step)]


def option_parameters(request_id: int, chain: Sequence[Instrument]) -> Message:
    """Message 75: expiries and strikes of one trading class, as SMART offers them."""
    first = chain[0]
    assert first.under is not None
    expiries = sorted({item.expiry for item in chain})
    strikes = sorted({item.strike for item in chain})
    fields: Message = [75, request_id, first.exchange, first.under[0], first.trading_class]
    return [*fields, _plain(first.multiplier), len(expiries), *expiries, len(strikes), *strikes]
