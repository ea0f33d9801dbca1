"""Checks of a list of executions against itself: why it may not be what was traded. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from psf_monitor.domain.account import is_master_id
from psf_monitor.domain.fills.fill import Fill, FillKey


def corrections_without_cost(fills: Iterable[Fill]) -> list[Fill]:
    """Return corrections without a cost: TWS may never send it, and the original's cost is not theirs."""
    latest: dict[FillKey, Fill] = {}
    for fill in fills:
        known = latest.get(fill.key)
        if known is None or fill.revision > known.revision:
            latest[fill.key] = fill
    return [
        fill for fill in latest.values() if fill.revision > 1 and not fill.is_reported and not fill.is_busted
    ]


def corrected_elsewhere(fills: Iterable[Fill]) -> set[str]:
    """Return the symbols for which one account has a later correction than another.

    An advisor's execution has one id in each of its accounts, and each gets its own correction.
    """
    listed = list(fills)
    latest: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for fill in listed:
        of_fill = latest[fill.fill_id]
        of_fill[fill.account] = max(fill.revision, of_fill.get(fill.account, 0))
    differing = {fill_id for fill_id, received in latest.items() if len(set(received.values())) > 1}
    return {fill.instrument.symbol for fill in listed if fill.fill_id in differing}


def counted_twice(fills: Iterable[Fill]) -> set[str]:
    """Return the symbols of orders that were executed both in a master account and in another one.

    TWS API: an advisor receives the executions of an allocation order itself, and on request those of the
    accounts to which it was allocated. Whether they share an id is not documented.
    """
    listed = [fill for fill in fills if fill.account]
    of_masters = {name for fill in listed if is_master_id(fill.account) for name in _names(fill)}
    others = (fill for fill in listed if not is_master_id(fill.account))
    return {fill.instrument.symbol for fill in others if not of_masters.isdisjoint(_names(fill))}


def reported_twice(fills: Iterable[Fill], filled: Mapping[tuple[str, str], float | None]) -> set[str]:
    """Return the symbols of orders of which two equal executions, none of them corrected, complete the same
    quantity; ``filled`` is what an order had filled by an execution, by account and id of the execution.

    Source: public reports of executions that TWS sent again under another id, and does not show itself.
    """
    listed = list(fills)
    corrected = {fill.key for fill in listed if fill.revision > 1}
    found = [
        (fill, filled.get((fill.account, fill.broker_id)))
        for fill in listed
        if fill.perm_id and fill.quantity and fill.key not in corrected
    ]
    alike = Counter(_figures(fill, by_then) for fill, by_then in found if by_then)
    return {fill.instrument.symbol for fill, by_then in found if alike[_figures(fill, by_then)] > 1}


def _figures(fill: Fill, filled: float | None) -> tuple[object, ...]:
    of_order = fill.account, fill.perm_id, *fill.instrument.identity, fill.model, fill.trade_date
    return *of_order, fill.side, fill.quantity, fill.price, filled


def _names(fill: Fill) -> set[tuple[object, ...]]:
    """Return what the executions of an order in several accounts have in common."""
    of_order = {(fill.perm_id, *fill.instrument.identity)} if fill.perm_id else set()
    return {(fill.fill_id,), *of_order}
