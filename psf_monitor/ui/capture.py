"""A picture of the window, as it stands on the screen."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtGui import QImage, QImageWriter
from PySide6.QtWidgets import QWidget


def grab(window: QWidget) -> QImage:
    """The window's picture in device pixels."""
    return window.grab().toImage()


def write(picture: QImage, path: Path) -> None:
    """Write a PNG. Raises ``OSError`` when the folder is missing or the file cannot be written."""
    writer = QImageWriter(str(path), b"png")
    if not writer.write(picture):
        why = writer.errorString() if path.parent.is_dir() else "the folder is missing"
        raise OSError(f"Could not save to {path}: {why}.")


def save(window: QWidget, path: Path) -> None:
    """Grab and write at once. Raises ``OSError`` as ``write`` does."""
    write(grab(window), path)


def folder() -> Path:
    """Where pictures go unless the trader says otherwise."""
    pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    return Path(pictures) if pictures else Path.home()
