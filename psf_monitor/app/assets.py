"""Where the product's own files lie: beside the code in a wheel, at the top of a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_FOLDERS = (_PACKAGE / "resources", _PACKAGE.parent / "resources")


def asset(name: str) -> Path:
    """The path of a file in ``resources/``. Raises ``FileNotFoundError`` when the installation lacks it."""
    for folder in _FOLDERS:
        if (folder / name).is_file():
            return folder / name
    raise FileNotFoundError(f"The installation lacks {name}: it was looked for in {_FOLDERS[0]}.")
