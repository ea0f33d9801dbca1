"""The menus and their shortcuts. Nothing here places, changes or cancels an order."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenuBar

from psf_monitor.domain.account import AccountMode
from psf_monitor.ui.card_words import card_name
from psf_monitor.ui.theme import Scheme

_SCHEME_WORDS = {Scheme.SYSTEM: "Follow &system", Scheme.DARK: "&Dark", Scheme.LIGHT: "&Light"}


class Menus(QObject):
    """Builds the menus into a bar and turns clicks into signals."""

    scheme_chosen = Signal(Scheme)
    toggled = Signal(AccountMode)

    def __init__(self, bar: QMenuBar, modes: Iterable[AccountMode], scheme: Scheme) -> None:
        super().__init__(bar)
        file = bar.addMenu("&File")
        self.screenshot = _action(file.addAction("&Screenshot…"), "Ctrl+Shift+S")
        file.addSeparator()
        self.quit = _action(file.addAction("&Quit"), "Ctrl+Q")
        view = bar.addMenu("&View")
        themes = view.addMenu("&Theme")
        self._schemes = QActionGroup(self)
        for each, words in _SCHEME_WORDS.items():
            action = themes.addAction(words)
            action.setCheckable(True)
            action.setChecked(each is scheme)
            action.triggered.connect(lambda _checked=False, each=each: self.scheme_chosen.emit(each))
            self._schemes.addAction(action)
        self.on_top = _action(view.addAction("Always on &top"), "Ctrl+T")
        self.on_top.setCheckable(True)
        accounts = bar.addMenu("&Accounts")
        self.links: dict[AccountMode, QAction] = {}
        for number, mode in enumerate(modes, start=1):
            action = _action(accounts.addAction(""), f"Ctrl+{number}")
            action.triggered.connect(lambda _checked=False, mode=mode: self.toggled.emit(mode))
            self.links[mode] = action
        accounts.addSeparator()
        self.connect_all = _action(accounts.addAction("&Connect all"), "Ctrl+Shift+C")
        self.disconnect_all = _action(accounts.addAction("&Disconnect all"), "Ctrl+Shift+D")
        self.about = bar.addMenu("&Help").addAction("&About psf_monitor")

    def show_links(self, wanted: Mapping[AccountMode, bool]) -> None:
        """Say what a click would do to each link."""
        for mode, action in self.links.items():
            deed = "Disconnect" if wanted[mode] else "Connect"
            words = f"{deed} {card_name(mode)}"
            if action.text() != words:
                action.setText(words)


def _action(action: QAction, keys: str) -> QAction:
    action.setShortcut(QKeySequence(keys))
    return action
