"""Which accounts and shares the tables show: one selection for all of them."""

from PySide6.QtCore import QObject, Signal

from psf_monitor.domain.account import AccountMode

ALL_MODES = tuple(AccountMode)


class Selection(QObject):
    """The state of the account switch and the filter box; ``changed`` is emitted after each change.

    ``modes`` are the profiles whose rows are shown, ``text`` what a shown symbol contains, empty for all.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.modes: tuple[AccountMode, ...] = ALL_MODES
        self.text = ""

    @property
    def filter_text(self) -> str:
        """The filter's text without surrounding blanks."""
        return self.text.strip()

    def choose(self, modes: tuple[AccountMode, ...]) -> None:
        """Show the rows of these profiles."""
        self.modes = modes
        self.changed.emit()

    def filter(self, text: str) -> None:
        """Show the shares whose symbol contains ``text``."""
        if text != self.text:
            self.text = text
            self.changed.emit()
