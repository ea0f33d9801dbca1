"""What every feature of one window works with."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from psf_monitor.domain.account import AccountMode
from psf_monitor.ui.base.menus import Menus
from psf_monitor.ui.base.selection import Selection
from psf_monitor.ui.base.window_setup import Environment
from psf_monitor.ui.style.theme import Theme

if TYPE_CHECKING:
    from psf_monitor.alerts.watch import AlertWatch
    from psf_monitor.book.book import Book
    from psf_monitor.book.fills import Fills
    from psf_monitor.connection.supervisor import Link
    from psf_monitor.ui.base.ports import ServicePort


class Sources(Struct, frozen=True):
    """What a window shows and calls. ``clock`` gives UTC, ``play`` plays an alert's sound by name."""

    book: "Book"
    fills: "Fills"
    links: "Mapping[AccountMode, Link]"
    clock: Callable[[], datetime]
    service: "ServicePort"
    alerts: "AlertWatch"
    play: Callable[[str], None] = lambda _name: None


class WindowContext(Struct, frozen=True):
    """The sources of one window and what its features share."""

    sources: Sources
    theme: Theme
    menus: Menus
    selection: Selection
    environment: Environment = Environment()

    def title(self, subject: str = "") -> str:
        """Return the title of a window; ``subject`` is what it is about, empty for the main window."""
        return self.environment.title_of(subject)

    @property
    def clock(self) -> Callable[[], datetime]:
        return self.sources.clock

    @property
    def service(self) -> "ServicePort":
        return self.sources.service

    @property
    def are_values_hidden(self) -> bool:
        return self.menus.hide_values.isChecked()
