"""``GET alerts``: the alerts, their states, and what fired."""

from dataclasses import dataclass

from psf_monitor.alerts import alert_text
from psf_monitor.alerts.watch import AlertState, AlertWatch
from psf_monitor.api.errors import Answer
from psf_monitor.api.source import Source
from psf_monitor.domain.alerts.alert import Fired

MOST_FIRED = 50
"""How many of the last fired alerts are in the stream and in the answer."""


@dataclass(frozen=True, slots=True)
class FiredRecord:
    """A fired alert: ``text`` is the sentence, ``seen`` the figure that fired it, if any.

    ``key`` counts all fired alerts; ``muted``: it made no sound.
    """

    key: str
    alert: int
    timestamp: str
    kind: str
    what: str
    symbol: str
    account_type: str | None
    text: str
    seen: float | None
    muted: bool


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """An alert: ``condition`` as text, ``figure`` the level in the unit of its kind, ``now`` the current
    figure and ``away`` the level less that; null if unknown or not compared. ``armed``: it can fire.
    ``waits_for`` says why it cannot at present, ``gap`` what a day P&L that is compared assumes.
    """

    alert: int
    kind: str
    symbol: str
    account_type: str | None
    condition: str
    figure: float | None
    on: bool
    again: bool
    armed: bool
    now: float | None
    away: float | None
    waits_for: str | None
    gap: str | None
    fired: FiredRecord | None


@dataclass(frozen=True, slots=True)
class AlertsAnswer:
    """All alerts and what fired last, oldest first; ``muted_until`` is null unless they are muted.

    ``problem`` says which could not be read, or why they are not saved.
    """

    success: bool
    timestamp: str
    muted_until: str | None
    alerts: list[AlertRecord]
    fired: list[FiredRecord]
    problem: str | None


def fired(event: Fired) -> FiredRecord:
    return FiredRecord(
        key=str(event.number),
        alert=event.alert_id,
        timestamp=event.at.isoformat(),
        kind=event.kind.value,
        what=event.what,
        symbol=event.symbol,
        account_type=None if event.mode is None else event.mode.value,
        text=event.text,
        seen=event.seen,
        muted=event.is_muted,
    )


def last_fired(watch: AlertWatch) -> list[FiredRecord]:
    """Return what has fired last, oldest first."""
    return [fired(event) for event in watch.fired[-MOST_FIRED:]]


def alert(state: AlertState) -> AlertRecord:
    of = state.alert
    return AlertRecord(
        alert=of.alert_id,
        kind=of.kind.value,
        symbol=of.symbol,
        account_type=None if of.mode is None else of.mode.value,
        condition=alert_text.condition(of),
        figure=of.figure,
        on=of.is_on,
        again=of.is_again,
        armed=of.is_on and state.is_armed,
        now=state.now,
        away=state.away,
        waits_for=state.waits_for or None,
        gap=state.rests_on or None,
        fired=None if state.fired is None else fired(state.fired),
    )


class AlertRoutes:
    """Serves the alerts of ``source``."""

    def __init__(self, source: Source) -> None:
        self._source = source

    async def alerts(self) -> Answer:
        """Return the alerts that are set in the window, the state of each, and what fired last."""
        watch = self._source.alerts
        until = watch.muted_until if watch.is_muted else None
        return Answer(
            AlertsAnswer(
                True,
                self._source.clock().isoformat(),
                None if until is None else until.isoformat(),
                [alert(watch.state(each)) for each in watch.alerts],
                last_fired(watch),
                watch.problem or None,
            )
        )
