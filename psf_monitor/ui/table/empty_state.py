"""What covers a table without rows: why there are none and what to do, never a zero."""

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from psf_monitor.ui.style.label import Fit, Label
from psf_monitor.ui.style.theme import Theme, Tone


class Emptiness(Struct, frozen=True):
    """Why there are no rows: ``steps`` in order, and with ``offers_connect`` the button below them."""

    title: str
    steps: tuple[str, ...] = ()
    offers_connect: bool = False


class EmptyState(QWidget):
    """Covers a table that has no rows. If there is little room, the button moves beside the title."""

    connect_all_clicked = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.shown = Emptiness("")
        self.title = Label(theme, pixels=14, bold=True)
        self.steps: list[Label] = []
        self.button = QPushButton("Connect all  (Ctrl+Shift+C)")
        self.button.setProperty("look", "filled")
        self.button.setFixedHeight(24)
        self.button.setToolTip("Connect both logins and HAMMER")
        self.button.clicked.connect(self.connect_all_clicked)
        self._rows = QVBoxLayout()
        self._top = QHBoxLayout()
        self._top.setSpacing(12)
        self._top.addStretch(1)
        self._top.addWidget(self.title)
        self._top.addStretch(1)
        self._layout = layout = QVBoxLayout(self)
        layout.addStretch(1)
        layout.addLayout(self._top)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addLayout(self._rows)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addStretch(1)
        self._is_tight = True
        self._place_button(is_tight=False)

    def explain(self, emptiness: Emptiness | None) -> None:
        """Cover the table with the reason, or uncover it when there is none."""
        self.setVisible(emptiness is not None)
        if emptiness is None or emptiness == self.shown:
            return
        self.shown = emptiness
        self.title.set_text(emptiness.title)
        while len(self.steps) < len(emptiness.steps):
            self._add_step()
        for i, label in enumerate(self.steps):
            label.set_text(emptiness.steps[i] if i < len(emptiness.steps) else "")
        self.button.setVisible(emptiness.offers_connect)
        self._fit()

    def _fit(self) -> None:
        """Take as much room as there is."""
        self._place_button(is_tight=False)
        self._place_button(is_tight=self._layout.totalHeightForWidth(self.width()) > self.height())

    def _place_button(self, *, is_tight: bool) -> None:
        if is_tight is self._is_tight:
            return
        self._is_tight = is_tight
        if is_tight:
            self._layout.setContentsMargins(6, 2, 6, 2)
            self._top.insertWidget(2, self.button)
        else:
            self._layout.unsetContentsMargins()
            below = self._layout.count() - 1
            self._layout.insertWidget(below, self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        self._layout.setSpacing(4 if is_tight else 10)
        self._rows.setSpacing(0 if is_tight else 4)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit()

    def _add_step(self) -> None:
        step = Label(self._theme, tone=Tone.TEXT2, fit=Fit.FLOWING)
        # As wide as the widest: a layout takes the smallest of its parts' maximum widths.
        policy = step.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Preferred)
        step.setSizePolicy(policy)
        self.steps.append(step)
        self._rows.addWidget(step)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        QPainter(self).fillRect(self.rect(), self._theme.colour("base"))
