"""A screenshot of the window, with a footer that says when and of what it was taken."""

from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QBuffer, QCoreApplication, QEvent, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter, QPainter
from PySide6.QtWidgets import QWidget

from psf_monitor import __version__, files, formatting
from psf_monitor.ui.base.context import WindowContext

FOOTER_HEIGHT = 22
"""Of each of its lines, in device-independent pixels."""
_MARGIN = 8


class Screenshot(Struct, frozen=True):
    """Where a screenshot was saved; ``problem`` is a sentence if that is not the preferred place.

    Without ``path`` it was not saved at all.
    """

    path: Path | None
    problem: str = ""


class ScreenshotMaker:
    """Takes screenshots of one window, saved in the first writable folder of ``folders``.

    ``states`` are the connections as text; ``prepare`` updates the window to this moment and hides what no
    screenshot may show.
    """

    def __init__(
        self,
        context: WindowContext,
        window: QWidget,
        folders: Callable[[], Sequence[Path]],
        states: Callable[[], Sequence[str]],
        prepare: Callable[[], None],
    ) -> None:
        self._context = context
        self._window = window
        self._theme = context.theme
        self._clock = context.clock
        self._folders = folders
        self._states = states
        self._prepare = prepare

    def of(self, window: QWidget) -> "ScreenshotMaker":
        """Return the same for another window of the same connections."""
        return ScreenshotMaker(self._context, window, self._folders, self._states, self._prepare)

    def picture(self, *, has_footer: bool) -> QImage:
        """Return the window in device pixels, with the footer below it if requested."""
        self._prepare()
        # Anything that has just changed its size is laid out first, so that no banner is captured half.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        picture = self._window.grab().toImage()
        return self._with_footer(picture) if has_footer else picture

    def capture(self) -> Screenshot:
        """Save the screenshot under its time, and copy it to the clipboard."""
        picture = self.picture(has_footer=True)
        QGuiApplication.clipboard().setImage(picture)
        name = f"psf_monitor_{formatting.file_stamp(self._clock())}"
        problems: list[str] = []
        for folder in self._folders():
            try:
                folder.mkdir(parents=True, exist_ok=True)
                path = _unused(folder, name)
                write(picture, path)
            except OSError as error:
                problems.append(f"Could not save to {folder}: {files.reason(error)}.")
            else:
                return Screenshot(path, f"{problems[0]} Saved to {folder} instead." if problems else "")
        return Screenshot(None, " ".join([*problems, "The picture is on the clipboard."]))

    def footer(self, fits: Callable[[str], bool] = lambda _line: True) -> list[str]:
        """Return the time, the version, the connections, and whether figures are hidden.

        As many lines as it takes that each of them ``fits``.
        """
        now = self._clock()
        parts = [
            f"Captured {formatting.stamp(now)} ET ({now.astimezone():%H:%M:%S} local)",
            f"psf_monitor {__version__}",
            *self._states(),
            "values hidden" if self._context.are_values_hidden else "",
        ]
        lines: list[str] = []
        for part in filter(None, parts):
            longer = f"{lines[-1]}  ·  {part}" if lines else part
            if lines and fits(longer):
                lines[-1] = longer
            else:
                lines.append(part)
        return lines

    def _with_footer(self, picture: QImage) -> QImage:
        theme, ratio = self._theme, picture.devicePixelRatio()
        width, height = picture.width() / ratio, picture.height() / ratio
        metrics, room = theme.metrics(11, bold=True), int(width) - 2 * _MARGIN
        lines = self.footer(lambda line: metrics.horizontalAdvance(line) <= room)
        extra = round(FOOTER_HEIGHT * len(lines) * ratio)
        taller = QImage(picture.width(), picture.height() + extra, picture.format())
        taller.setDevicePixelRatio(ratio)
        painter = QPainter(taller)
        painter.drawImage(0, 0, picture)
        painter.fillRect(QRectF(0, height, width, extra / ratio), theme.colour("header"))
        painter.setFont(theme.font(11, bold=True))
        painter.setPen(theme.colour("text"))
        for place, line in enumerate(lines):
            rect = QRectF(_MARGIN, height + place * FOOTER_HEIGHT, room, FOOTER_HEIGHT)
            text = metrics.elidedText(line, Qt.TextElideMode.ElideRight, room)
            painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()
        return taller


def write(picture: QImage, path: Path) -> None:
    """Write a PNG, whole or not at all. Raises ``OSError`` when the folder or the disk does not take it."""
    png = QBuffer()
    writer = QImageWriter(png, b"png")
    if not writer.write(picture):
        raise OSError(f"the picture cannot be made: {writer.errorString()}")
    with files.swapped_in(path) as (file, _written):
        file.write(png.data().data())


def _unused(folder: Path, name: str) -> Path:
    """Return an unused name: a second screenshot within the same second does not replace the first."""
    path, number = folder / f"{name}.png", 1
    while path.exists():
        number += 1
        path = folder / f"{name}_{number}.png"
    return path
