"""The View menu's calculation rules, which are set in the book and followed by everything that shows them."""

from msgspec.structs import replace
from PySide6.QtCore import QObject

from psf_monitor.domain.valuation import MarkRule
from psf_monitor.ui.base.context import WindowContext


class RulesController(QObject):
    """Connects the menu and the rules of the book in both directions."""

    def __init__(self, context: WindowContext) -> None:
        menus = context.menus
        super().__init__(menus)
        self._menus = menus
        self._book = context.sources.book
        menus.mark_chosen.connect(self.choose_mark)
        menus.near_fill_chosen.connect(self.choose_near_fill)
        context.theme.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Check the current choices."""
        self._menus.marks.tick(self._book.rules.mark)
        self._menus.nears.tick(self._book.rules.near_fill)

    def choose_mark(self, rule: MarkRule) -> None:
        """Value every position by this rule."""
        self._book.set_rules(replace(self._book.rules, mark=rule))
        self.refresh()

    def choose_near_fill(self, distance: float) -> None:
        """Count orders within this distance in USD of the other side as near fill."""
        self._book.set_rules(replace(self._book.rules, near_fill=distance))
        self.refresh()
