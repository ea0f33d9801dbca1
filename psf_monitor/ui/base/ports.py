"""The interfaces of the monitor, as far as the window uses them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from psf_monitor.domain.account import AccountMode
from psf_monitor.problem import Problem
from psf_monitor.settings import Settings
from psf_monitor.ui.base.journal_port import JournalPort

if TYPE_CHECKING:
    from psf_monitor.check.steps import Report


class ApiPort(Protocol):
    """The local API, whoever runs it."""

    @property
    def is_wanted(self) -> bool:
        """Whether it is switched on at all."""

    @property
    def address(self) -> str | None:
        """Where it listens; ``None`` while it does not."""

    @property
    def problem(self) -> Problem | None:
        """Why it does not listen though it should."""

    def token(self) -> str | None:
        """Return what a program has to present; ``None`` while the API does not listen."""


class WiresPort(Protocol):
    """The recording of the traffic of both connections."""

    @property
    def is_on(self) -> bool:
        """Whether it records now."""

    @property
    def path(self) -> Path | None:
        """The file, while it records."""

    @property
    def problem(self) -> Problem | None:
        """Why nothing is written though it should be."""

    def start(self) -> None:
        """Begin a recording with a name of its own."""

    def stop(self) -> tuple[Path | None, Problem | None]:
        """End it; return the file, and what of it could not be written."""


class ServicePort(Protocol):
    """Everything the trader can ask for besides connections. Nothing in it can touch an order."""

    @property
    def settings(self) -> Settings:
        """The settings in use."""

    @property
    def can_change(self) -> bool:
        """Whether there is a file in which to save changed settings."""

    def change(self, mode: AccountMode, values: Mapping[str, str | int | bool], password: str) -> None:
        """Save these values of one connection, by key; an empty password stays. Raises ``SettingsError``."""

    def changed_in_file(self, mode: AccountMode) -> Mapping[str, str]:
        """Return the values of one connection, by key, that settings.toml has in place of those in use: it
        was changed elsewhere. Raises ``SettingsError``.
        """

    @property
    def expects_paper(self) -> Mapping[AccountMode, bool]:
        """Whether the trader expects a paper login, by IBKR profile; the same mapping follows his changes."""

    def expect(self, mode: AccountMode, *, is_paper: bool) -> None:
        """Expect a paper login of a profile from now on, or a live one; save that if there is a file. Raises
        ``SettingsError``.
        """

    def changed(self, mode: AccountMode, values: Mapping[str, str | int | bool], password: str) -> Settings:
        """Return the settings as ``change`` would make them, without saving. Raises ``SettingsError``."""

    @property
    def record(self) -> JournalPort:
        """The journal."""

    @property
    def wires(self) -> WiresPort:
        """The recording of the wires, whether or not it is running."""

    @property
    def api(self) -> ApiPort:
        """The local API, whether or not it is listening."""

    def check(
        self, modes: Collection[AccountMode], report: "Report", settings: Settings | None = None
    ) -> Callable[[], None]:
        """Begin the connection test of ``modes``; the returned function stops it.

        ``settings`` are those to test with, by default those in use.
        """

    def refresh(self) -> None:
        """Request everything again from the connected logins."""

    @property
    def symbol_problems(self) -> Sequence[str]:
        """Sentences about the ignored lines of the trader's table of symbols."""

    def set_hammer_symbol(self, ibkr_symbol: str, hammer_symbol: str) -> None:
        """Ask HAMMER for a share under this name; empty follows the rule again. Raises ``SettingsError``."""
