"""The bottom line: the latest event, and the version."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from psf_monitor import __version__, formatting
from psf_monitor.book.rows import Level, Notice
from psf_monitor.ui.base.held_keys import Button
from psf_monitor.ui.connections.banner import BannerLine
from psf_monitor.ui.style.label import Fit, Label
from psf_monitor.ui.style.theme import Theme, Tone

LINE_HEIGHT = 20
_TONES = {Level.INFO: Tone.TEXT2, Level.WARNING: Tone.WARN, Level.ERROR: Tone.ERROR}
_WEIGHTS = {Level.INFO: 0, Level.WARNING: 1, Level.ERROR: 2}
_PROBLEM_STAYS_S = 30.0


class StatusBar(QWidget):
    """One line of text with the New York time of its event."""

    folder_requested = Signal(Path)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.news = Label(theme, pixels=11, tone=Tone.TEXT2)
        self.version = Label(theme, pixels=11, tone=Tone.TEXT2, fit=Fit.WHOLE)
        self.version.set_text(f"v{__version__}")
        self._lines = layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 0, 4, 0)
        self._entries = QWidget()
        self.link = QPushButton()
        self.link.setProperty("look", "link")
        self.link.hide()
        self.link.clicked.connect(self._on_link)
        row = QHBoxLayout(self._entries)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.news)
        row.addWidget(self.link)
        row.addStretch(1)
        layout.addWidget(self._entries, 1)
        self.log = Button()
        self.log.setProperty("look", "quiet")
        layout.addWidget(self.log)
        layout.addWidget(self.version)
        self.setFixedHeight(LINE_HEIGHT)
        self._shown: Notice | None = None
        self._folder: Path | None = None
        self._are_values_hidden = False
        self.news.set_text("Ready. Nothing is connected.")

    def place_banners(self, line: BannerLine) -> None:
        """Place the banners beside the latest notice, in front of the log."""
        self._lines.insertWidget(0, line, 1)
        line.filled.connect(self._entries.setHidden)

    def show_notice(self, notice: Notice) -> None:
        """Show a notice until another one replaces it.

        A problem gives way to no news of anything else but a newer problem, which is of the same source or no
        lesser one.
        """
        shown = self._shown
        if shown is not None and (shown.source, shown.topic) != (notice.source, notice.topic):
            age_s = (notice.at - shown.at).total_seconds()
            is_lesser = _WEIGHTS[notice.level] < _WEIGHTS[shown.level]
            is_newer_problem = notice.source == shown.source and notice.level is not Level.INFO
            if is_lesser and not is_newer_problem and age_s < _PROBLEM_STAYS_S:
                return
        self._shown = notice
        self.link.hide()
        self._set_text(notice)

    def offer_folder(self, folder: Path) -> None:
        """Show a link beside the latest notice that opens ``folder``."""
        self._folder = folder
        self.link.setText("Open folder")
        self.link.setToolTip(str(folder))
        self.link.show()

    def hide_values(self, is_wanted: bool) -> None:
        """Show the latest notice without its figures, or with them."""
        self._are_values_hidden = is_wanted
        if self._shown is not None:
            self._set_text(self._shown)

    def _on_link(self) -> None:
        if self._folder is not None:
            self.folder_requested.emit(self._folder)

    def _set_text(self, notice: Notice) -> None:
        text = notice.masked if self._are_values_hidden else notice.text
        self.news.set_text(f"{formatting.clock(notice.at)}  {notice.source}: {text}", _TONES[notice.level])
