"""Where the product keeps its files for this user."""

from pathlib import Path

from msgspec import Struct
from platformdirs import user_config_path, user_data_path, user_log_path, user_pictures_path

_APP = "psf_monitor"


class Paths(Struct, frozen=True):
    """Where the product keeps its files for this user."""

    settings: Path
    symbols: Path
    logs: Path
    pictures: Path
    api_token: Path
    journal: Path
    recordings: Path


def user_paths() -> Paths:
    """The folders that the operating system sets aside; on Windows the roaming ``%APPDATA%\\psf_monitor``."""
    config = user_config_path(_APP, appauthor=False, roaming=True)
    return Paths(
        settings=config / "settings.toml",
        symbols=config / "symbols.csv",
        logs=user_log_path(_APP, appauthor=False),
        pictures=user_pictures_path() / _APP,
        api_token=user_data_path(_APP, appauthor=False) / "api-token",
        journal=user_data_path(_APP, appauthor=False) / "journal.sqlite3",
        recordings=user_data_path(_APP, appauthor=False) / "recordings",
    )
