"""Alerts in a random story: what each compares, and on which figures it has to have fired."""

from collections.abc import Iterator

import pytest

from psf_monitor.domain.alerts.alert import Alert, AlertKind, Direction
from tests.endurance.random_brokers.broker_state import CON_IDS, BrokerState
from tests.endurance.random_brokers.expected_outputs import expected_totals
from tests.support.records import GUN
from tests.support.scripted_product import ScriptedProduct

LEVEL, BACK = 24.2, 0.02
_FAR = 1e8


class WatchedAlerts:
    """One alert on each share's last price, and one on each P&L of the login."""

    def __init__(self, brokers: BrokerState, product: ScriptedProduct) -> None:
        self._brokers = brokers
        self._alerts = product.monitor.alerts
        self._on_price = {
            symbol: self._alerts.add(
                Alert(0, AlertKind.PRICE, symbol, "last", Direction.DOWN, LEVEL, is_again=True)
            )
            for symbol in CON_IDS
        }
        self._on_sum = {
            what: self._alerts.add(Alert(0, AlertKind.PNL, "", what, Direction.UP, _FAR, mode=GUN))
            for what in ("unrealized", "day")
        }
        self._lasts: dict[str, list[float]] = {symbol: [] for symbol in CON_IDS}

    def note(self) -> None:
        """Record the prices of this moment, which all outputs have."""
        for symbol, path in self._lasts.items():
            path.append(self._brokers.quotes[symbol][2])

    def wrong(self) -> Iterator[str]:
        """Yield what is wrong with the alerts."""
        for symbol, alert in self._on_price.items():
            last = self._brokers.quotes[symbol][2]
            fired = [each.seen for each in self._alerts.fired if each.alert_id == alert.alert_id]
            if self._now(alert) != last:
                yield f"the alert on {symbol} compares {self._now(alert)}, not {last}"
            if fired != (right := _downward([*self._lasts[symbol], last])):
                yield f"the alert on {symbol} has fired on {fired}, not on {right}"
        for what, alert in self._on_sum.items():
            total = expected_totals(self._brokers)[f"{what}_pnl"]
            if self._brokers.held and self._now(alert) != pytest.approx(total, abs=1e-6):
                yield f"the alert on the {what} P&L compares {self._now(alert)}, not {total}"

    def _now(self, alert: Alert) -> float | None:
        return self._alerts.state(alert).now


def _downward(path: list[float]) -> list[float]:
    """Return the prices that reached the level from above, after having been back by two ticks."""
    found: list[float] = []
    is_armed = True
    for i in range(1, len(path)):
        if path[i - 1] > LEVEL >= path[i] and is_armed:
            found.append(path[i])
            is_armed = False
        is_armed = is_armed or path[i] >= round(LEVEL + BACK, 6)
    return found
