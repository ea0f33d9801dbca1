"""A trader at a window that watches alerts."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from psf_monitor.alerts.watch import AlertWatch
from psf_monitor.domain.alerts.alert import Alert, AlertKind, Direction
from tests.ui.window import WindowUnderTest, fill, quote

CONTROL = Qt.KeyboardModifier.ControlModifier
CIM = "CIM PRB"


class Trader:
    """A window over an account, and every sound that was played."""

    def __init__(self, ui: WindowUnderTest, played: list[str]) -> None:
        self.ui = ui
        self.played = played
        self.watch: AlertWatch = ui.window.context.sources.alerts
        self.panel = ui.window.alerts
        fill(ui)

    def cell(self, key: str, place: int = 0) -> str:
        model = self.panel.model
        return model.cell(model.line(place), model.table.index(key)).text

    def trade(self, last: float) -> None:
        self.ui.book.quotes_changed({CIM: quote(self.ui.clock, 24.52, 24.60, last)})

    def set_one(self, figure: float = 24.58, **more: object) -> Alert:
        alert = Alert(0, AlertKind.PRICE, CIM, "last", Direction.UP, figure, sound="rise")
        for name, value in more.items():
            object.__setattr__(alert, name, value)
        return self.watch.add(alert)

    @property
    def news(self) -> str:
        return self.ui.window.status.news.text


def key(qtbot: QtBot, trader: Trader, pressed: Qt.Key, how: Qt.KeyboardModifier = CONTROL) -> None:
    qtbot.keyClick(trader.ui.window.focusWidget() or trader.ui.window, pressed, how)  # type: ignore[no-untyped-call]
