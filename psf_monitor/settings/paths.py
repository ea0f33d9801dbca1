"""Where the product keeps its files for this user."""

from functools import cached_property
from pathlib import Path

from platformdirs import user_config_path, user_data_path, user_log_path, user_pictures_path

_APP = "psf_monitor"


class UserPaths:
    r"""Where the product keeps its files for this user: in the folders that the operating system provides.

    Each is looked up when it is asked for. On Windows the settings are in the roaming
    ``%APPDATA%\psf_monitor``.
    """

    @cached_property
    def settings(self) -> Path:
        return self._config / "settings.toml"

    @cached_property
    def symbols(self) -> Path:
        return self._config / "symbols.csv"

    @cached_property
    def layout(self) -> Path:
        return self.settings.with_name("ui.json")

    @cached_property
    def alerts(self) -> Path:
        return self.settings.with_name("alerts.json")

    @cached_property
    def logs(self) -> Path:
        return user_log_path(_APP, appauthor=False)

    @cached_property
    def pictures(self) -> Path:
        return user_pictures_path() / _APP

    @cached_property
    def api_token(self) -> Path:
        return self._data / "api-token"

    @cached_property
    def journal(self) -> Path:
        return self._data / "journal.sqlite3"

    @cached_property
    def recordings(self) -> Path:
        return self._data / "recordings"

    @cached_property
    def _config(self) -> Path:
        return user_config_path(_APP, appauthor=False, roaming=True)

    @cached_property
    def _data(self) -> Path:
        return user_data_path(_APP, appauthor=False)


def user_paths() -> UserPaths:
    """Return the paths for the user of this process, according to its current environment."""
    return UserPaths()
