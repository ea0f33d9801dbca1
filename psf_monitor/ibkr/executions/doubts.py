"""Why a list of executions may not be what was traded. Pure."""

from collections import defaultdict
from collections.abc import Iterable

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
