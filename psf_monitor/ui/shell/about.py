"""The About box: version, promises, components, and where the files are."""

import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QMessageBox, QWidget

from psf_monitor import __version__
from psf_monitor.files import asset

_LIBRARIES = ("PySide6-Essentials", "qasync", "ib_insync", "picows", "msgspec")


def show_about(parent: QWidget, files: Mapping[str, Path]) -> None:
    """Open the box beside the window; ``files`` are listed under the trader's names for them."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setModal(False)
    box.setWindowTitle("About psf_monitor")
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    box.setText(
        f"<b>psf_monitor {__version__}</b><br>Shows IBKR positions and open orders with HAMMER prices."
    )
    made_of = ", ".join(
        [f"Python {platform.python_version()}", f"Qt {qVersion()}", *map(_versioned, _LIBRARIES)]
    )
    lines = [
        "It is read-only: it cannot place, change or cancel an order. TWS and Hammer Pro change orders.",
        *(f"{name}: {path}" for name, path in files.items()),
        made_of,
    ]
    box.setInformativeText("\n\n".join(lines))
    box.setDetailedText(asset("CHANGELOG.md").read_text(encoding="utf-8"))
    box.show()


def _versioned(library: str) -> str:
    try:
        return f"{library} {version(library)}"
    except PackageNotFoundError:
        return library
