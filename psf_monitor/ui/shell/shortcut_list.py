"""All keyboard shortcuts in one list, opened by F1."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QWidget

from psf_monitor.ui.style.theme import Theme

Keys = tuple[tuple[str, str], ...]

CONNECTIONS: Keys = (
    ("Ctrl+1, 2, 3", "Connect or disconnect IBKR_GUN, IBKR_PED, HAMMER"),
    ("Ctrl+Shift+C", "Connect all"),
    ("Ctrl+Shift+D", "Disconnect all"),
    ("F5", "Read everything from TWS and HAMMER again"),
)
TABLES: Keys = (
    ("Alt+0, 1, 2, 3", "Show all accounts, IBKR_GUN, IBKR_PED, HAMMER_PRO"),
    ("Ctrl+F", "Filter by symbol; Down or Enter goes on to its rows"),
    ("A to Z", "In a table: the next row whose symbol begins like this"),
    ("Esc", "Give up the sum of selected rows, else clear the filter"),
    ("Ctrl+G", "Group positions by share, issuer, login, or not"),
    ("Left, Right", "Fold and unfold a group; scroll sideways"),
    ("F6", "Next table"),
    ("Ctrl+Tab", "Open orders, fills or alerts"),
    ("Enter", "The row's share in a window of its own"),
    ("Menu", "What can be done with the row"),
    ("Ctrl+A", "Select all rows of the table"),
    ("Ctrl+C", "Copy the selected rows"),
    ("Ctrl+Shift+X", "Copy the sums"),
)
ALERTS: Keys = (
    ("Ctrl+E", "List of alerts"),
    ("Ctrl+N", "New alert, of the selected row"),
    ("Ctrl+M", "Mute alerts for ten minutes, or no more"),
    ("Space", "In the list of alerts: switch it off or on"),
    ("Del", "In the list of alerts: remove it"),
)
SHARE: Keys = (
    ("1, 2, 3, 4, 5, 6", "Weigh the prints of 10 minutes to 3 days"),
    ("Up, Down", "Explain the price above, below"),
    ("Ctrl+Up, Down", "Go to my next order above, below"),
    ("PgUp, PgDown", "Scroll the depth"),
    ("Home", "The market in the middle again"),
    ("Ctrl+Tab, Shift+Tab", "Depth, history, GRPAN and RWVAP"),
    ("Ctrl+Shift+L", "List all prints, or those of 20, 100, 500 shares on"),
    ("Esc", "Close it"),
)
WINDOW: Keys = (
    ("Tab", "Go on to the next button, box or table; Columns sorts, too"),
    ("Ctrl+D", "What each login earned over the day, as a picture"),
    ("Ctrl+H", "Hide or show values"),
    ("Ctrl+Shift+S", "Screenshot to file and clipboard"),
    ("Ctrl+T", "On top: keep the window above all others"),
    ("Ctrl+L", "Log"),
    ("Ctrl++, -, 0", "Larger, smaller, normal tables"),
    ("F1", "This list"),
    ("Ctrl+Q", "Quit"),
)
LEFT = {"Connections": CONNECTIONS, "Tables": TABLES, "Alerts": ALERTS}
RIGHT = {"In the window of a share": SHARE, "Window": WINDOW}
_WINDOW_FRAME = QSize(16, 40)
"""What title and borders take of the screen, px; they are known only once the list is shown."""


class ShortcutList(QDialog):
    """A non-modal list, which scrolls where the screen is smaller."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keyboard")
        content = QWidget()
        columns = QHBoxLayout(content)
        columns.setSpacing(28)
        for groups in (LEFT, RIGHT):
            grid = QGridLayout()
            grid.setHorizontalSpacing(18)
            grid.setVerticalSpacing(4)
            for title, keys in groups.items():
                self._add(grid, theme, title, keys)
            grid.setRowStretch(grid.rowCount(), 1)
            columns.addLayout(grid)
        area = QScrollArea()
        area.setAccessibleName("Keyboard")
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(content)
        for each in (content, area.viewport()):
            # Qt would paint it with the system's palette, which may be light in a dark window.
            each.setAutoFillBackground(False)
        around = QHBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(area)
        area.setFocus()
        self._content = content

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        if not event.spontaneous():
            # Only now have the labels the fonts of the style sheet; what the layout remembers is older.
            for label in self._content.findChildren(QLabel):
                label.ensurePolished()
                label.updateGeometry()
            self.resize(self._content.sizeHint().boundedTo(self.screen().availableSize() - _WINDOW_FRAME))
        super().showEvent(event)

    @staticmethod
    def _add(grid: QGridLayout, theme: Theme, title: str, keys: Keys) -> None:
        row = grid.rowCount()
        heading = QLabel(title)
        heading.setProperty("look", "heading")
        heading.setContentsMargins(0, 0 if row == 1 else 8, 0, 0)
        grid.addWidget(heading, row, 0, 1, 2)
        for place, (each, text) in enumerate(keys, row + 1):
            label = QLabel(each)
            label.setFont(theme.font(12, bold=True))
            grid.addWidget(label, place, 0)
            grid.addWidget(QLabel(text), place, 1)
