"""The bottom line: the last thing that happened, and which version this is."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from psf_monitor import __version__
from psf_monitor.monitor.rows import Level, Notice
from psf_monitor.ui import text
from psf_monitor.ui.label import Label
from psf_monitor.ui.theme import Theme, Tone

LINE_HEIGHT = 20
_TONES = {Level.INFO: Tone.TEXT2, Level.WARNING: Tone.WARN, Level.ERROR: Tone.ERROR}
_WEIGHTS = {Level.INFO: 0, Level.WARNING: 1, Level.ERROR: 2}
_TROUBLE_STAYS_S = 30.0


class StatusLine(QWidget):
    """One line of text with the New York time of what it tells."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.news = Label(theme, pixels=11, tone=Tone.TEXT2)
        self.version = Label(theme, pixels=11, tone=Tone.TEXT2, keeps_whole=True)
        self.version.say(f"v{__version__}")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 0, 4, 0)
        layout.addWidget(self.news)
        layout.addStretch(1)
        layout.addWidget(self.version)
        self.setFixedHeight(LINE_HEIGHT)
        self._shown: Notice | None = None
        self.news.say("Ready. Nothing is connected.")

    def show_notice(self, notice: Notice) -> None:
        """Tell what happened, until something else does. A trouble outlasts the lesser news of others."""
        shown = self._shown
        if shown is not None and shown.source != notice.source:
            age_s = (notice.at - shown.at).total_seconds()
            if _WEIGHTS[notice.level] < _WEIGHTS[shown.level] and age_s < _TROUBLE_STAYS_S:
                return
        self._shown = notice
        prefix = "" if notice.text.startswith(notice.source) else f"{notice.source}: "
        self.news.say(f"{text.clock(notice.at)}  {prefix}{notice.text}", _TONES[notice.level])
