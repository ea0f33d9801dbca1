"""Watches the alerts over the book, and fires once for each crossing and each event.

Nothing fires on a price that is old, late or unknown, or on an old list: the state is kept, and the first
current figure fires for what was crossed meanwhile.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from msgspec import Struct

from psf_monitor.alerts import alert_text, conditions
from psf_monitor.alerts.order_watch import OrderWatch
from psf_monitor.alerts.store import AlertStore, StoredAlerts
from psf_monitor.book.book import Book
from psf_monitor.book.fills import Fills
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.alerts.alert import Alert, AlertKind, Fired
from psf_monitor.domain.alerts.crossing import NEW, Crossing, FigureState, condition_step, distance_back
from psf_monitor.domain.market_hours import SessionPhase, session_phase
from psf_monitor.domain.quote import Quote

MUTED_FOR = timedelta(minutes=10)
"""How long Ctrl+M mutes the alerts."""
MOST_FIRED = 500
"""How many fired alerts are remembered."""

_TIMED = (AlertKind.SIZE, AlertKind.PNL, AlertKind.NEAR_FILL, AlertKind.QUIET)
"""The kinds that may fire with time alone."""

DEFAULT_ALERTS = (Alert(1, AlertKind.ORDER, what="filled", sound="chime", is_again=True, flashes=True),)
"""The alerts that exist before the trader has set any."""


class AlertState(Struct, frozen=True):
    """The state of one alert.

    ``now`` is the current figure, ``away`` its distance from the level; ``None`` if unknown or if nothing is
    compared. ``waits_for`` says why it cannot fire at present, empty if it can. ``rests_on`` says what the
    figure assumes, in sentences.
    """

    alert: Alert
    is_armed: bool
    now: float | None
    away: float | None
    waits_for: str
    fired: Fired | None
    rests_on: str = ""


class AlertWatch:
    """The alerts of one monitor. ``check`` is called when there is news; prices are compared as they
    arrive.
    """

    def __init__(
        self,
        book: Book,
        fills: Fills,
        links: Mapping[AccountMode, Link],
        clock: Callable[[], datetime],
        store: AlertStore,
    ) -> None:
        self._book = book
        self._links = links
        self._clock = clock
        self._store = store
        self._orders = OrderWatch(book, fills, clock)
        self._fills = fills
        self._changes = 0
        self._looked_at: tuple[object, ...] = ()
        self._on_fired: list[Callable[[Fired], None]] = []
        self._on_changed: list[Callable[[], None]] = []
        kept, self._unread = store.load()
        if kept is None:
            kept = StoredAlerts(alerts=DEFAULT_ALERTS)
        self._alerts = {alert.alert_id: alert for alert in kept.alerts}
        self._watches: dict[int, dict[str, FigureState]] = {
            number: dict(watches) for number, watches in kept.watches.items() if number in self._alerts
        }
        self.fired: list[Fired] = list(kept.fired)
        self._orders.remember(dict(kept.filled))
        self._last_fired = {fired.alert_id: fired for fired in kept.fired}
        self.muted_until: datetime | None = None
        self._is_dirty = False
        self._on_due: Callable[[], None] = lambda: None
        book.prices.when_changed(self._on_quotes)
        book.watch(self._symbols())

    @property
    def problem(self) -> str:
        """Which alerts could not be read or are not kept, in sentences; empty if none."""
        return " ".join(filter(None, (self._unread, self._store.problem)))

    # Setting alerts.

    @property
    def alerts(self) -> list[Alert]:
        """Return all alerts, in the order in which they were set."""
        return sorted(self._alerts.values(), key=lambda alert: alert.alert_id)

    def add(self, alert: Alert) -> Alert:
        """Set a new alert; return it with its number. Raises ``ValueError`` if it could never fire."""
        number = max([*self._alerts, *(fired.alert_id for fired in self.fired)], default=0) + 1
        return self.change(replace(alert, alert_id=number))

    def change(self, alert: Alert) -> Alert:
        """Replace the alert with the same number, and arm it again. Raises ``ValueError`` with a sentence."""
        if problem := alert.problem():
            raise ValueError(problem)
        self._alerts[alert.alert_id] = alert
        self._watches.pop(alert.alert_id, None)
        self._changed()
        self._check_price(alert)
        return alert

    def remove(self, number: int) -> None:
        """Remove an alert; what it fired stays in the log."""
        self._alerts.pop(number, None)
        self._watches.pop(number, None)
        self._last_fired.pop(number, None)
        self._changed()

    def switch(self, number: int, *, is_on: bool) -> None:
        """Switch an alert off, or on, which arms it again."""
        self.change(replace(self._alerts[number], is_on=is_on))

    def mute(self, *, is_wanted: bool) -> None:
        """Mute the alerts for ``MUTED_FOR``, or end that."""
        self.muted_until = self._clock() + MUTED_FOR if is_wanted else None
        for listener in self._on_changed:
            listener()

    @property
    def is_muted(self) -> bool:
        """Return whether alerts are muted; setting the clock back does not prolong that."""
        until = self.muted_until
        return until is not None and timedelta() < until - self._clock() <= MUTED_FOR

    # Listeners.

    def when_fired(self, listener: Callable[[Fired], None]) -> None:
        """Call ``listener`` with everything that fires from now on."""
        self._on_fired.append(listener)

    def when_changed(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` when an alert was set, changed or removed, or has fired."""
        self._on_changed.append(listener)

    def state(self, alert: Alert) -> AlertState:
        """Return the state of an alert now."""
        figure, waits_for = conditions.figure_now(self._book, alert)
        if alert.kind is AlertKind.LINK and all(is_down is None for _, is_down in self._down(alert)):
            waits_for = "not connected"
        is_open = session_phase(self._clock()) is SessionPhase.REGULAR
        if alert.kind is AlertKind.QUIET and not waits_for and not is_open:
            waits_for = "market closed"
        watches = self._watches.get(alert.alert_id, {})
        away = None
        if alert.is_crossing and figure is not None and alert.figure is not None:
            away = round(alert.figure - figure, 6)
        is_armed = all(watch.is_armed for watch in watches.values())
        rests_on = "" if figure is None else conditions.rests_on(self._book, alert)
        fired = self._last_fired.get(alert.alert_id)
        return AlertState(alert, is_armed, figure, away, waits_for, fired, rests_on)

    # Watching.

    def when_due(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` whenever there is something to ``check``; there is one listener, which does
        so.
        """
        self._on_due = listener
        self._book.when_news(listener)
        self._fills.when_news(listener)
        for link in self._links.values():
            link.when_news(listener)

    @property
    def is_due_by_time(self) -> bool:
        """Return whether there may be something to ``check`` without any news."""
        return self._is_dirty or self._orders.is_waiting or self._is_set(AlertKind.PRICE, *_TIMED)

    def check(self) -> None:
        """Fire what is due besides prices, and save changes."""
        seen_of = self._seen_of()
        if seen_of != self._looked_at or self._orders.is_waiting or self._is_set(*_TIMED):
            self._looked_at = seen_of
            self._check_events()
        if self._is_dirty:
            self.save()

    def _seen_of(self) -> tuple[object, ...]:
        """Return everything that alerts depend on, except time; prices only if an alert is set on them."""
        return (
            self._changes,
            self._book.revision if self._is_set(AlertKind.PRICE) else self._book.changes,
            self._fills.revision,
            *(link.status for link in self._links.values()),
        )

    def _is_set(self, *kinds: AlertKind) -> bool:
        return any(alert.is_on and alert.kind in kinds for alert in self._alerts.values())

    def _check_events(self) -> None:
        alerts = [alert for alert in self._alerts.values() if alert.is_on]
        events = self._orders.events()
        for alert in alerts:
            match alert.kind:
                case AlertKind.ORDER:
                    for event in events:
                        if event.what == alert.what and conditions.is_of(alert, event.mode, *event.names):
                            self._notify_event(alert, event.key, event.text, event.masked, event.price)
                case AlertKind.PRICE:
                    self._check_price(alert)
                case AlertKind.LINK:
                    self._check_links(alert)
                case AlertKind.SIZE | AlertKind.PNL:
                    for key, figure in conditions.figures(self._book, alert):
                        self._cross(alert, key, figure)
                case AlertKind.NEAR_FILL:
                    for key, is_so, text in conditions.near_fills(self._book, alert):
                        self._turn(alert, key, is_so, text, begins=alert.what == "begins")
                case AlertKind.QUIET:
                    is_quiet = conditions.is_quiet(self._book, alert, self._clock())
                    if is_quiet is not None:
                        text = f"{alert.symbol} quiet for {alert_text.level(alert)} minutes"
                        self._turn(alert, alert.symbol, is_quiet, text)

    def save(self) -> None:
        """Save the alerts, their states, and what has fired; the states of orders that are gone end."""
        for number, states in self._watches.items():
            if self._alerts[number].kind in (AlertKind.SIZE, AlertKind.NEAR_FILL):
                for name in conditions.gone_orders(self._book, states):
                    del states[name]
        self._is_dirty = not self._store.save(
            StoredAlerts(
                alerts=tuple(self.alerts),
                watches={number: dict(watches) for number, watches in self._watches.items()},
                fired=tuple(self.fired[-MOST_FIRED:]),
                filled=tuple(self._orders.filled.items()),
            )
        )

    def _on_quotes(self, quotes: Mapping[str, Quote]) -> None:
        for alert in tuple(self._alerts.values()):
            if alert.is_on and alert.kind is AlertKind.PRICE and alert.symbol in quotes:
                self._check_price(alert)

    def _check_price(self, alert: Alert) -> None:
        if alert.kind is AlertKind.PRICE and alert.is_on:
            figure, _waits_for = conditions.figure_now(self._book, alert)
            if figure is not None:
                self._cross(alert, alert.symbol, figure)

    def _check_links(self, alert: Alert) -> None:
        for mode, is_down in self._down(alert):
            if is_down is None:
                # Disconnected by the trader: what follows starts from scratch.
                self._watches.get(alert.alert_id, {}).pop(mode.value, None)
                continue
            problem = self._links[mode].status.problem
            why = "" if problem is None else f": {problem.what.rstrip('.')}"
            self._turn(alert, mode.value, is_down, f"{mode.link_name} lost{why}", mode=mode)

    def _down(self, alert: Alert) -> list[tuple[AccountMode, bool | None]]:
        """Return whether each connection of the alert is lost, ``None`` for one that is not wanted."""
        links = ((mode, link) for mode, link in self._links.items() if alert.mode in (None, mode))
        return [(mode, conditions.is_down(link.status)) for mode, link in links]

    def _cross(self, alert: Alert, key: str, figure: float) -> None:
        assert alert.figure is not None
        crossing = Crossing(
            alert.figure, alert.direction, distance_back(alert.kind, alert.figure), alert.is_again
        )
        before = self._watch(alert, key)
        after, is_crossing = crossing.step(before, figure)
        self._remember(alert, key, before, after)
        if is_crossing:
            text, masked = alert_text.crossed(alert, figure, conditions.rests_on(self._book, alert))
            self._notify(alert, text, masked, figure)

    def _turn(
        self,
        alert: Alert,
        key: str,
        is_so: bool,
        text: str,
        *,
        begins: bool = True,
        mode: AccountMode | None = None,
    ) -> None:
        before = self._watch(alert, key)
        after, is_firing = condition_step(before, is_so, begins=begins, is_again=alert.is_again)
        self._remember(alert, key, before, after)
        if is_firing:
            self._notify(alert, text, text, None, mode=mode)

    def _notify_event(self, alert: Alert, key: str, text: str, masked: str, seen: float | None) -> None:
        before = self._watch(alert, key)
        if before.is_armed and self._watch(alert, "").is_armed:
            self._notify(alert, text, masked, seen)
            if not alert.is_again:
                self._remember(alert, "", NEW, FigureState(0, is_armed=False))

    def _watch(self, alert: Alert, key: str) -> FigureState:
        return self._watches.get(alert.alert_id, {}).get(key, NEW)

    def _remember(self, alert: Alert, key: str, before: FigureState, after: FigureState) -> None:
        if after != before:
            self._watches.setdefault(alert.alert_id, {})[key] = after
            self._is_dirty = True

    def _notify(
        self, alert: Alert, text: str, masked: str, seen: float | None, *, mode: AccountMode | None = None
    ) -> None:
        fired = Fired(
            number=max((each.number for each in self.fired[-1:]), default=0) + 1,
            alert_id=alert.alert_id,
            at=self._clock(),
            kind=alert.kind,
            symbol=alert.symbol,
            mode=mode or alert.mode,
            text=text,
            masked=masked,
            seen=seen,
            what=alert.what,
            is_muted=self.is_muted,
        )
        self.fired = [*self.fired[-(MOST_FIRED - 1) :], fired]
        self._last_fired[alert.alert_id] = fired
        self._is_dirty = True
        for listener in (*self._on_fired, *(lambda _fired, each=each: each() for each in self._on_changed)):
            listener(fired)

    def _changed(self) -> None:
        self._is_dirty = True
        self._changes += 1
        self._book.watch(self._symbols())
        self._on_due()
        for listener in self._on_changed:
            listener()

    def _symbols(self) -> set[str]:
        return {alert.symbol for alert in self._alerts.values() if alert.symbol and alert.is_on}
