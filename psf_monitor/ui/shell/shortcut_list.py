"""Every key that does something, in one list: F1 shows it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QWidget

from psf_monitor.ui.style.theme import Theme

KEYS: tuple[tuple[str, str], ...] = (
    ("Ctrl+1, 2, 3", "Connect or disconnect IBKR_GUN, IBKR_PED, HAMMER"),
    ("Ctrl+Shift+C", "Connect all"),
    ("Ctrl+Shift+D", "Disconnect all"),
    ("F5", "Read accounts and orders again"),
    ("Alt+0, 1, 2, 3", "Show all accounts, IBKR_GUN, IBKR_PED, HAMMER_PRO"),
    ("Ctrl+F", "Filter by symbol"),
    ("Esc", "Give up the sum of selected rows, else clear the filter"),
    ("Ctrl+G", "Group positions by share, issuer, login, or not; Left and Right fold a group"),
    ("F6", "Next table"),
    ("Ctrl+Tab", "Open orders, fills or alerts"),
    ("Enter", "The row's share in a window of its own: there 1 to 6 weigh prints, Ctrl+Tab pages, Esc ends"),
    ("Ctrl+D", "What each login earned over the day, as a picture"),
    ("Ctrl+A", "Select all rows of the table"),
    ("Ctrl+C", "Copy the selected rows"),
    ("Ctrl+Shift+X", "Copy the sums"),
    ("Ctrl+E", "List of alerts"),
    ("Ctrl+N", "New alert, of the selected row"),
    ("Ctrl+M", "Mute alerts for ten minutes, or no more"),
    ("Space", "In the list of alerts: switch it off or on"),
    ("Del", "In the list of alerts: remove it"),
    ("Ctrl+H", "Hide or show values"),
    ("Ctrl+Shift+S", "Screenshot to file and clipboard"),
    ("Ctrl+T", "On top: keep the window above all others"),
    ("Ctrl+L", "Log"),
    ("Ctrl++, -, 0", "Larger, smaller, normal tables"),
    ("F1", "This list"),
    ("Ctrl+Q", "Quit"),
)


class ShortcutList(QDialog):
    """Not modal: the window goes on below it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keyboard")
        grid = QGridLayout(self)
        grid.setHorizontalSpacing(18)
        for row, (keys, text) in enumerate(KEYS):
            label = QLabel(keys)
            label.setFont(theme.font(12, bold=True))
            grid.addWidget(label, row, 0)
            grid.addWidget(QLabel(text), row, 1)
