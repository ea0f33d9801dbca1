"""The messages between a second start and the open window, over a socket or, on Windows, a pipe."""

from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Client, Connection
from multiprocessing.connection import Listener as Listener

_RAISE, _RAISED = b"raise", b"raised"
_MOST_BYTES = 64
_ASKED_WITHIN_S = 1.0


def answer(start: Connection, raise_window: Callable[[], bool]) -> None:
    """Do what the other start asks for, and report when it is done."""
    if start.poll(_ASKED_WITHIN_S) and start.recv_bytes(_MOST_BYTES) == _RAISE and raise_window():
        start.send_bytes(_RAISED)


def raise_other(address: str, answer_s: float) -> bool:
    """Return whether the process that answers there has raised its window within ``answer_s``."""
    with suppress(OSError, EOFError), Client(address) as other:
        other.send_bytes(_RAISE)
        return other.poll(answer_s) and other.recv_bytes(_MOST_BYTES) == _RAISED
    return False


def announce_start(address: str) -> None:
    """Wake the process that waits there for a start. Raises ``OSError`` if there is none."""
    Client(address).close()
