"""Write a file beside the event loop: a disk may be slow, and a network drive may not respond at all."""

from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from threading import Thread

from PySide6.QtCore import QObject, QTimer, Signal

from psf_monitor import files
from psf_monitor.connection.pacing import WAKE_EVERY_MS


class FileWriter(QObject):
    """Emits ``ended`` with the error, or ``None``. The process can end without waiting; the file is then
    unchanged.
    """

    ended = Signal(object)

    def __init__(self, path: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._path = path
        # Polled: a signal from the thread might arrive after the window is gone.
        self._writing: Future[None] = Future()
        self._looking = QTimer(self, interval=WAKE_EVERY_MS)
        self._looking.timeout.connect(self._look)

    def start(self, parts: Sequence[str]) -> None:
        """Replace the file by one with these parts."""
        Thread(target=_write, args=(self._writing, self._path, parts), name="files", daemon=True).start()
        self._looking.start()

    def _look(self) -> None:
        if self._writing.done():
            self._looking.stop()
            self.ended.emit(self._writing.exception())


def _write(writing: "Future[None]", path: Path, parts: Sequence[str]) -> None:
    try:
        files.save_text(path, parts)
    except Exception as error:  # noqa: BLE001 - raised where it is looked at
        writing.set_exception(error)
    else:
        writing.set_result(None)
