"""The timeline of a replay: its position, pause, speed, and requests that the recording cannot answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from psf_monitor import formatting
from psf_monitor.connection.pacing import REPLAY_BAR_MS
from psf_monitor.ui.base.held_keys import Button
from psf_monitor.ui.style.combo_box import ComboBox
from psf_monitor.ui.style.label import Fit, Label
from psf_monitor.ui.style.theme import Theme, Tone

SPEEDS = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 240.0)
_PARTS = 1000


class Playback(Protocol):
    """A replay, as the timeline shows and controls it; times in UTC."""

    speed: float
    is_paused: bool
    fault: str
    """The internal error that stopped it for good; empty if none did."""

    @property
    def begin(self) -> datetime:
        """When the recording begins."""

    @property
    def end(self) -> datetime:
        """When it ends."""

    @property
    def now(self) -> datetime:
        """The replay's current position."""

    @property
    def part_done(self) -> float:
        """How much of it has been played, 0 to 1."""

    @property
    def is_over(self) -> bool:
        """Whether its end has been reached."""

    @property
    def missing(self) -> Mapping[str, int]:
        """Requests that the recording cannot answer, and how often each was made."""


class ReplayBar(QWidget):
    """One line over the tables."""

    def __init__(self, playback: Playback, theme: Theme) -> None:
        super().__init__()
        self._playback = playback
        self.pause = Button()
        self.pause.setAccessibleName("Pause or go on with the replay")
        self.pause.setToolTip("Pause or go on with the replay")
        self.speed = ComboBox()
        self.speed.setToolTip("How many times as fast as it was recorded")
        for speed in sorted({*SPEEDS, playback.speed}):
            self.speed.addItem(f"{speed:g}×", speed)
        self.speed.setCurrentIndex(self.speed.findData(playback.speed))
        self.line = QProgressBar()
        self.line.setRange(0, _PARTS)
        self.line.setTextVisible(False)
        self.line.setFixedHeight(8)
        self.where = Label(theme, bold=True, fit=Fit.WHOLE)
        self.missing = Label(theme, pixels=11, tone=Tone.WARN)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        for widget in (self.pause, self.speed, self.where):
            layout.addWidget(widget)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.missing)
        self.pause.clicked.connect(self._on_pause)
        self.speed.activated.connect(self._on_speed)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self.refresh)
        self._timer.start(REPLAY_BAR_MS)
        self.refresh()

    def refresh(self) -> None:
        """Show where the replay is."""
        playback = self._playback
        stands = "Stopped" if playback.fault else "End" if playback.is_over else ""
        self.pause.setText(stands or ("Go on" if playback.is_paused else "Pause"))
        self.pause.setEnabled(not stands)
        self.line.setValue(round(_PARTS * playback.part_done))
        # What follows from the last message is played after it.
        place = playback.end if playback.is_over else playback.now
        begin, now, end = (formatting.clock(at) for at in (playback.begin, place, playback.end))
        self.where.set_text(f"{now}  of {begin} to {end} ET")
        missing = playback.missing
        if playback.fault:
            self.missing.set_text("A fault of psf_monitor stopped the replay; the log has the trace")
            self.missing.setToolTip(playback.fault)
            return
        self.missing.set_text(f"not in the recording: {', '.join(missing)}" if missing else "")
        self.missing.setToolTip("\n".join(f"{request}: {count} times" for request, count in missing.items()))

    def _on_pause(self) -> None:
        self._playback.is_paused = not self._playback.is_paused
        self.refresh()

    def _on_speed(self, place: int) -> None:
        self._playback.speed = float(self.speed.itemData(place))
