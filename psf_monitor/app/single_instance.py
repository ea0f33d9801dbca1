"""One window for each settings folder: a second start brings the open window to the front.

A lock identifies the running process; the system releases it however the process ends. The socket file of a
killed process is removed by the next one.
"""

import logging
import os
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, Signal

from psf_monitor import files
from psf_monitor.app import start_channel
from psf_monitor.settings import SettingsError

_log = logging.getLogger(__name__)

_MOST_PATH = 100
"""The length of a socket's path in bytes; most systems allow 107."""


class StartTiming(Struct, frozen=True):
    """Seconds: ``start_s`` until a starting or ending process counts as not responding, ``answer_s`` for one
    answer, ``look_every_s`` between two attempts.
    """

    start_s: float = 8.0
    answer_s: float = 3.0
    look_every_s: float = 0.05


_PATIENCE = StartTiming()


class SingleInstance(QObject):
    """This process's hold on a settings folder, until ``close``.

    ``raise_requested`` is emitted in this object's thread when another start has found it.
    """

    raise_requested = Signal()

    def __init__(self, lock: BinaryIO, address: str) -> None:
        super().__init__()
        self._lock = lock
        self.address = address
        self._listener: start_channel.Listener | None = None
        self._raised = threading.Event()
        self._is_closed = False
        self._thread = threading.Thread(target=self._serve, name="second starts", daemon=True)
        self.raise_requested.connect(self._raised.set, Qt.ConnectionType.QueuedConnection)

    def listen(self) -> None:
        """Answer other starts from here on."""
        if sys.platform != "win32":
            with suppress(OSError):
                Path(self.address).unlink(missing_ok=True)
        try:
            self._listener = start_channel.Listener(self.address)
        except OSError as error:
            _log.warning("a second start will not find this window: %s", files.reason(error))
            return
        self._thread.start()

    def close(self) -> None:
        """Release the folder for another process."""
        self._is_closed = True
        if self._listener is not None:
            # A connection ends the wait for connections.
            with suppress(OSError, EOFError):
                start_channel.announce_start(self.address)
            self._thread.join(StartTiming().answer_s)
            self._listener.close()
        self._lock.close()

    def _serve(self) -> None:
        assert self._listener is not None
        while not self._is_closed:
            with suppress(OSError, EOFError), self._listener.accept() as start:
                if not self._is_closed:
                    start_channel.answer(start, self._raise_window)

    def _raise_window(self) -> bool:
        """Return whether the window has come to the front in time."""
        self._raised.clear()
        self.raise_requested.emit()
        return self._raised.wait(StartTiming().answer_s)


def claim(folder: Path, place: Path, patience: StartTiming = _PATIENCE) -> SingleInstance | None:
    """Claim the settings ``folder`` for this process; ``None`` if the open window was raised instead.

    ``place`` is a folder of this computer and user for the lock and the socket. Raises ``SettingsError`` if a
    process holds the folder and does not respond.
    """
    name = _name(folder)
    until = time.monotonic() + patience.start_s
    while True:
        try:
            lock = _locked(place / f"window-{name}.lock")
        except OSError as error:
            # Two windows are better than none.
            _log.warning("whether a window is open already is not known: %s", files.reason(error))
            return SingleInstance(tempfile.TemporaryFile(), _address(place, name))
        if lock is not None:
            return SingleInstance(lock, _address(place, name))
        if start_channel.raise_other(_address(place, name), patience.answer_s):
            return None
        if time.monotonic() >= until:
            raise SettingsError(
                "psf_monitor is running already, and its window does not answer. "
                "End that process, or start another window with --new."
            )
        time.sleep(patience.look_every_s)


@contextmanager
def serving(instance: SingleInstance | None) -> Iterator[None]:
    """Release the folder at the end, if it is held."""
    try:
        yield
    finally:
        if instance is not None:
            instance.close()


def _name(folder: Path) -> str:
    path = os.path.normcase(files.expanded(folder).resolve())
    return f"{zlib.crc32(path.encode('utf-8', 'surrogatepass')):08x}"


def _address(place: Path, name: str) -> str:
    if sys.platform == "win32":
        return rf"\\.\pipe\psf_monitor-{name}"
    path = place / f"window-{name}.sock"
    if len(os.fsencode(path)) <= _MOST_PATH:
        return str(path)
    return str(Path(tempfile.gettempdir()) / f"psf_monitor-{os.getuid()}-{name}.sock")


def _locked(path: Path) -> BinaryIO | None:
    """Return the locked file; ``None`` if another process holds the lock. Raises ``OSError``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
    try:
        if files.lock(file):
            return file
    except OSError:
        file.close()
        raise
    file.close()
    return None
