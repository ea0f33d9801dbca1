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
    """One line of text with the New York time of its event; other problems that it replaced at once stand
    behind it.
    """

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
        self.log.setToolTip("Show or hide the log (Ctrl+L)")
        layout.addWidget(self.log)
        layout.addWidget(self.version)
        self.setFixedHeight(LINE_HEIGHT)
        self._shown: Notice | None = None
        self._replaced: list[Notice] = []
        self._folder: Path | None = None
        self._are_values_hidden = False
        self.news.set_text("Ready. Nothing is connected.")

    def place_banners(self, line: BannerLine) -> None:
        """Place the banners beside the latest notice, in front of the log."""
        self._lines.insertWidget(0, line, 1)
        line.filled.connect(self._entries.setHidden)

    def show_notice(self, notice: Notice, *, is_answer: bool = False) -> None:
        """Show a notice until another one replaces it.

        A problem gives way to no news of anything else but a newer problem, which is of the same source or no
        lesser one; the older one then stays behind it, and so does a lesser one that comes meanwhile.
        ``is_answer``: it answers what the trader has just done, and stands before any problem.
        """
        shown = self._shown
        if shown is not None and not _are_about_the_same(shown, notice):
            is_lesser = _WEIGHTS[notice.level] < _WEIGHTS[shown.level]
            is_newer_problem = notice.source == shown.source and notice.level is not Level.INFO
            if is_lesser and not is_newer_problem and not is_answer and _is_fresh(shown, notice):
                self._drop_old(notice)
                self._keep(notice)
                self._set_text(shown)
                return
            self._keep(shown)
        self._drop_old(notice)
        self._shown = notice
        self.link.hide()
        self._set_text(notice)

    def _keep(self, notice: Notice) -> None:
        if notice.level is not Level.INFO:
            self._replaced.insert(0, notice)

    def _drop_old(self, latest: Notice) -> None:
        """Keep behind the latest notice what is too young to be gone and about something else."""
        self._replaced = [
            each
            for each in self._replaced
            if _is_fresh(each, latest) and not _are_about_the_same(each, latest)
        ]

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
        notices = [notice, *self._replaced]
        # Their number comes first: the last of them may be elided.
        number = [formatting.counted(len(notices), "message")] if self._replaced else []
        named = [
            f"{each.source}: {each.masked if self._are_values_hidden else each.text}" for each in notices
        ]
        gravest = max((each.level for each in notices), key=_WEIGHTS.__getitem__)
        text = f"{formatting.clock(notice.at)}  {'  ·  '.join([*number, *named])}"
        self.news.set_text(text, _TONES[gravest])


def _are_about_the_same(one: Notice, other: Notice) -> bool:
    return (one.source, one.topic) == (other.source, other.topic)


def _is_fresh(problem: Notice, latest: Notice) -> bool:
    """Return whether a problem is too young to give way to ``latest``."""
    return (latest.at - problem.at).total_seconds() < _PROBLEM_STAYS_S
