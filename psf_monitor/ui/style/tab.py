"""The title of a page in a row of tabs: underlined and bold while the page is in front."""

from PySide6.QtWidgets import QPushButton

from psf_monitor.ui.style.theme import Theme

_PADDING = 5


class Tab(QPushButton):
    """As wide as its text in bold, so that its neighbours do not move when it comes to the front."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("look", "tab")
        self.setCheckable(True)
        self.setFixedHeight(19)
        self.setText(text)

    def setText(self, text: str) -> None:  # noqa: N802
        if text != self.text():
            super().setText(text)
            width = self._theme.metrics(13, bold=True).horizontalAdvance(text)
            self.setFixedWidth(width + 2 * _PADDING)
