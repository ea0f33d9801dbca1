"""One window for each settings folder: a second start brings the window that is open to the front.

A lock says who is running; the system lets go of it when its process ends, however that ends. What a killed
process leaves, the file of its socket, is removed by the next one.
"""

import hashlib
import logging
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import BinaryIO

from PySide6.QtCore import QObject, Qt, Signal

from psf_monitor import files
from psf_monitor.settings import SettingsError

_log = logging.getLogger(__name__)

_RAISE, _RAISED = b"raise", b"raised"
_MOST_BYTES = 64
_MOST_PATH = 100
"""Bytes of a socket's path; most systems take 107."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: ``start_s`` until a process that is starting or ending counts as one that does not answer,
    ``answer_s`` for one answer, ``look_every_s`` between two tries."""

    start_s: float = 8.0
    answer_s: float = 3.0
    look_every_s: float = 0.05


class SingleInstance(QObject):
    """The hold of this process on a settings folder, until ``close``.

    ``raise_requested`` comes in the thread of this object when another start has found it.
    """

    raise_requested = Signal()

    def __init__(self, lock: BinaryIO, address: str) -> None:
        super().__init__()
        self._lock = lock
        self.address = address
        self._listener: Listener | None = None
        self._raised = threading.Event()
        self._is_closed = False
        self._thread = threading.Thread(target=self._serve, name="second starts", daemon=True)
        self.raise_requested.connect(self._raised.set, Qt.ConnectionType.QueuedConnection)

    def listen(self) -> None:
        """From here on answer other starts. One that cannot be answered is told that it is in vain."""
        if sys.platform != "win32":
            with suppress(OSError):
                Path(self.address).unlink(missing_ok=True)
        try:
            self._listener = Listener(self.address)
        except OSError as error:
            _log.warning("a second start will not find this window: %s", files.reason(error))
            return
        self._thread.start()

    def close(self) -> None:
        """Let another process have the folder."""
        self._is_closed = True
        if self._listener is not None:
            # Waiting for a connection ends with one.
            with suppress(OSError, EOFError):
                Client(self.address).close()
            self._thread.join(Patience().answer_s)
            self._listener.close()
        self._lock.close()

    def _serve(self) -> None:
        assert self._listener is not None
        while not self._is_closed:
            with suppress(OSError, EOFError), self._listener.accept() as connection:
                if not self._is_closed:
                    self._answer(connection)

    def _answer(self, connection: Connection) -> None:
        if connection.poll(1.0) and connection.recv_bytes(_MOST_BYTES) == _RAISE:
            self._raised.clear()
            self.raise_requested.emit()
            if self._raised.wait(Patience().answer_s):
                connection.send_bytes(_RAISED)


def claim(folder: Path, place: Path, patience: Patience = Patience()) -> SingleInstance | None:
    """Take the settings ``folder`` for this process; ``None`` when the window that is open has been raised.

    ``place`` is a folder of this computer and this user for the lock and the socket. Raises ``SettingsError``
    when a process has the folder and does not answer.
    """
    name = _name(folder)
    until = time.monotonic() + patience.start_s
    while True:
        try:
            lock = _locked(place / f"window-{name}.lock")
        except OSError as error:
            # Better two windows than none.
            _log.warning("whether a window is open already cannot be told: %s", files.reason(error))
            return SingleInstance(tempfile.TemporaryFile(), _address(place, name))
        if lock is not None:
            return SingleInstance(lock, _address(place, name))
        if _raise_other(_address(place, name), patience):
            return None
        if time.monotonic() >= until:
            raise SettingsError(
                "psf_monitor is running already, and its window does not answer. "
                "End that process, or start another window with --new."
            )
        time.sleep(patience.look_every_s)


@contextmanager
def serving(instance: SingleInstance | None) -> Iterator[None]:
    """Let go of the folder at the end, if it is held."""
    try:
        yield
    finally:
        if instance is not None:
            instance.close()


def _name(folder: Path) -> str:
    path = os.path.normcase(folder.expanduser().resolve())
    return hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _address(place: Path, name: str) -> str:
    if sys.platform == "win32":
        return rf"\\.\pipe\psf_monitor-{name}"
    path = place / f"window-{name}.sock"
    if len(os.fsencode(path)) <= _MOST_PATH:
        return str(path)
    return str(Path(tempfile.gettempdir()) / f"psf_monitor-{os.getuid()}-{name}.sock")


def _locked(path: Path) -> BinaryIO | None:
    """The open file with its lock; ``None`` while another process has that. Raises ``OSError``."""
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


def _raise_other(address: str, patience: Patience) -> bool:
    """Whether the process that answers there has raised its window."""
    with suppress(OSError, EOFError), Client(address) as connection:
        connection.send_bytes(_RAISE)
        return connection.poll(patience.answer_s) and connection.recv_bytes(_MOST_BYTES) == _RAISED
    return False
