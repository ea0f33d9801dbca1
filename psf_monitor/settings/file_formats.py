"""What a settings file says: the tables of TOML, the lines of a .env."""

import re
import tomllib
from io import StringIO
from pathlib import Path
from typing import Any

from dotenv.parser import parse_stream

from psf_monitor.settings.errors import SettingsError

_OURS = ("IBKR_", "HAMMER_", "PSF_MONITOR_")
_MENTIONS_OURS = re.compile("|".join((*_OURS, "TRADING_MODE")))


def toml_tables(path: Path, text: str) -> dict[str, Any]:
    """Return the tables of a settings.toml; ``SettingsError`` says where it is no TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"this is not TOML: {error}.", file=path) from error
    except ValueError as error:
        raise SettingsError("a number in it is too long to be read.", file=path) from error
    except RecursionError as error:
        raise SettingsError("its brackets are nested too deeply to be read.", file=path) from error


def dotenv_values(path: Path, text: str) -> dict[str, str]:
    """Return the names of a .env with their values; ``SettingsError`` names a line of ours that has none.

    Lines of other programs are passed over, whatever they are.
    """
    values: dict[str, str] = {}
    # As Windows ends lines, the parser counts twice each one that it cannot read.
    for binding in parse_stream(StringIO(text.replace("\r\n", "\n"))):
        is_ours = (binding.key or "").startswith(_OURS)
        if binding.error:
            is_ours = _MENTIONS_OURS.search(binding.original.string) is not None
        if is_ours and (binding.error or binding.value is None):
            raise SettingsError(f"line {binding.original.line} is not NAME=value.", file=path)
        if binding.key and binding.value is not None:
            values[binding.key] = binding.value
    return values
