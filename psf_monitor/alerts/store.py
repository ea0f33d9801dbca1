"""The file that keeps the alerts, their states, and what has fired."""

import logging
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct, field

from psf_monitor import files
from psf_monitor.alerts.order_watch import OrderName
from psf_monitor.domain.alerts.alert import Alert, Fired
from psf_monitor.domain.alerts.crossing import FigureState

_log = logging.getLogger(__name__)

NOT_READABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""msgspec's errors for input that is not JSON of a type, not UTF-8, or nested without end."""

SCHEMA = 1
"""Increased whenever an older psf_monitor could misread what a newer one writes."""


class StoredAlerts(Struct, frozen=True):
    """Everything that is kept. ``watches`` are by the alert's number and by the figure's name, ``filled`` are
    the orders of which a fill was reported lately, and when (UTC).
    """

    schema: int = SCHEMA
    alerts: tuple[Alert, ...] = ()
    watches: dict[int, dict[str, FigureState]] = field(default_factory=dict)
    fired: tuple[Fired, ...] = ()
    filled: tuple[tuple[OrderName, datetime], ...] = ()


class AlertStore:
    """Reads the file and writes it as a whole; without a ``path`` nothing is kept.

    ``is_saved`` is false for a second window over the same file, which the first one writes. ``problem`` says
    why the file is not being written.
    """

    def __init__(self, path: Path | None, *, is_saved: bool = True) -> None:
        self.path = path
        self.is_saved = is_saved and path is not None
        self.problem = ""
        self._is_unread = False
        self._reported = ""

    def load(self) -> tuple[StoredAlerts | None, str]:
        """Return the content, ``None`` for nothing, and a sentence if it could not be read.

        A file of another kind is set aside; one that can neither be read nor set aside is not overwritten. A
        file that is partly unusable is set aside, too, and its usable part counts.
        """
        if self.path is None:
            return None, ""
        try:
            data = files.read(self.path)
        except FileNotFoundError:
            return None, ""
        except OSError as error:
            return self._unread(f"The alerts ({self.path.name}) cannot be read: {files.reason(error)}.")
        try:
            kept = msgspec.json.decode(data, type=StoredAlerts)
        except NOT_READABLE as error:
            return self._set_aside(str(error))
        if kept.schema != SCHEMA:
            return self._set_aside(f"its schema is {kept.schema}, not {SCHEMA}")
        usable, faults = _usable(kept)
        if not faults:
            return usable, ""
        why = " ".join(faults)
        if self.is_saved:
            _nothing, sentence = self._set_aside(why, f"The file of the alerts ({self.path.name})")
            self.save(usable)
        else:
            sentence = "Not all alerts could be read."
        return usable, f"{sentence} {why}"

    def save(self, kept: StoredAlerts) -> bool:
        """Write the file; return whether nothing is left to write. A failure is logged once and retried."""
        if self.path is None or not self.is_saved or self._is_unread:
            return True
        data = msgspec.json.format(msgspec.json.encode(kept), indent=2)
        try:
            files.write_atomic(self.path, data, lambda _written: None, waits_s=files.AT_ONCE)
        except OSError as error:
            self.problem = f"The alerts ({self.path.name}) are not kept: {files.reason(error)}."
            self._report(self.problem)
            return False
        self._reported = self.problem = ""
        return True

    def _unread(self, sentence: str) -> tuple[None, str]:
        self._is_unread = True
        self._report(f"{self.path}: {sentence}")
        return None, f"{sentence} None of them is watched, and new ones are not kept."

    def _set_aside(self, why: str, what: str = "") -> tuple[None, str]:
        """Set the file aside; ``what`` of it is unusable while the rest counts, or all of it if empty."""
        assert self.path is not None
        self._report(f"the alerts in {self.path} could not be read: {why}")
        try:
            aside = files.set_aside(self.path)
        except OSError as error:
            if what:
                self._is_unread = True
                wrong = f"{what} has faults and cannot be set aside: {files.reason(error)}."
                return None, f"{wrong} What you change is not kept."
            return self._unread(
                f"The alerts ({self.path.name}) could not be read, nor set aside: {files.reason(error)}."
            )
        if what:
            return None, f"{what} is kept as {aside.name}, for not all of it can be used."
        return None, f"The alerts could not be read and were set aside as {aside.name}: set them again."

    def _report(self, text: str) -> None:
        """Log the problem once, as long as it stays the same."""
        if text != self._reported:
            self._reported = text
            _log.warning("%s", text)


def _usable(kept: StoredAlerts) -> tuple[StoredAlerts, list[str]]:
    """Return the usable part of a file, and a sentence for each alert that is left out or renumbered."""
    alerts: dict[int, Alert] = {}
    faults = []
    for each in kept.alerts:
        alert = replace(each, symbol=" ".join(each.symbol.upper().split()))
        named = f"Alert {alert.alert_id}, {alert.kind} {alert.symbol}".rstrip()
        if problem := alert.problem():
            faults.append(f"{named}: {problem}")
            continue
        if alert.alert_id in alerts:
            number = max(other.alert_id for other in (*kept.alerts, *alerts.values())) + 1
            faults.append(f"{named} has the number of another: it is {number} now.")
            alert = replace(alert, alert_id=number)
        alerts[alert.alert_id] = alert
    fired = tuple(each for each in kept.fired if each.at.tzinfo is not None)
    if len(fired) < len(kept.fired):
        faults.append(f"{len(kept.fired) - len(fired)} of what fired is at a time without a zone.")
    filled = tuple((name, at) for name, at in kept.filled if at.tzinfo is not None)
    return StoredAlerts(kept.schema, tuple(alerts.values()), kept.watches, fired, filled), faults
