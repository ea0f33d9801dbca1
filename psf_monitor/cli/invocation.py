"""The input of one run of a command."""

import argparse
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from psf_monitor import settings
from psf_monitor.domain.account import AccountMode
from psf_monitor.runtime import api_host
from psf_monitor.runtime.crash_report import Crash
from psf_monitor.runtime.logs import MaskingFormatter
from psf_monitor.settings import ApiSettings, Settings, SettingsError


class Invocation(Struct, frozen=True):
    """The parsed ``options``, the ``log`` that hides secrets, and how the last run ended."""

    options: argparse.Namespace
    log: MaskingFormatter
    crash: Crash | None = None

    def load_settings(self, password: Callable[[], str] | None = None) -> Settings:
        """Read the settings, with ``password`` (the credential store) if they have none, and hide it in the
        log.

        Raises ``SettingsError``.
        """
        file = self.options.settings
        if file is not None and _is_missing(file):
            raise SettingsError(f"--settings: there is no file {str(file)!r}.")
        read_password = settings.stored_password if password is None else password
        loaded = settings.load(path=file, options=self._given(), password=read_password)
        for secret in (loaded.hammer.password, loaded.hammer.account_key):
            self.log.hide(secret)
        return loaded

    def require_api(self) -> None:
        """Raise ``SettingsError`` if the local API's libraries are not installed."""
        if not api_host.has_extra():
            raise SettingsError(str(api_host.EXTRA_MISSING), api_host.EXTRA_MISSING)

    def api_settings(self, loaded: Settings | None) -> ApiSettings:
        """Return whether and where to listen; for a demo, ``None``, from the command line alone."""
        return settings.api_settings(self._given()) if loaded is None else loaded.api

    def forced_api_settings(self, loaded: Settings | None) -> ApiSettings:
        """Return where to listen, whether or not the settings want it."""
        return replace(self.api_settings(loaded), enabled=True)

    def named_modes(self, loaded: Settings) -> list[AccountMode]:
        """Return the profile that ``--account`` names, if any. Raises ``SettingsError`` if it is switched
        off.
        """
        modes = [AccountMode(self.options.account)] if self.options.account else []
        for mode in loaded.switched_off.intersection(modes):
            raise SettingsError(f"--account: {mode} is switched off; {settings.switch_on(mode)}.")
        return modes

    def _given(self) -> dict[tuple[str, str], str]:
        return {
            (section, key): value
            for section, key, flag in (*settings.OPTIONS, *settings.SWITCHES)
            if (value := getattr(self.options, flag[2:].replace("-", "_"))) is not None
        }


def _is_missing(file: Path) -> bool:
    """Return whether nothing is there; other reasons why it cannot be read are reported by its reader."""
    try:
        file.stat()
    except OSError as error:
        return isinstance(error, FileNotFoundError | NotADirectoryError)
    return False
