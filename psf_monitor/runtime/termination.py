"""Handle requests to end: a key, a termination signal, or the closing of the console."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

CLOSING_S = 4.5
"""How long the closing of a console may be delayed: Windows ends the process after some 5 s."""


@contextmanager
def on_termination(request: Callable[[], object]) -> Iterator[None]:
    """Call ``request``, from any thread, when the process is asked to end, until the block ends.

    That is Ctrl+C, Ctrl+Break, SIGTERM, and the closing of the terminal, which on Windows waits for the end
    of the block. Previous handlers are restored.
    """
    with ExitStack() as ends:
        for number in _signals():
            before = signal.getsignal(number)
            if before is signal.SIG_IGN and number != signal.SIGINT:
                # nohup: closing the terminal must end nothing.
                continue
            ends.callback(signal.signal, number, before)
            signal.signal(number, lambda *_: request())
        ends.enter_context(_console_closing(request))
        yield


def _signals() -> list[signal.Signals]:
    both = [signal.SIGINT, signal.SIGTERM]
    if sys.platform == "win32":
        return [*both, signal.SIGBREAK]
    return [*both, signal.SIGHUP]


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    @contextmanager
    def _console_closing(request: Callable[[], object]) -> Iterator[None]:
        closing, logging_off, shutting_down = 2, 5, 6
        ended = threading.Event()
        kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)

        def on_event(kind: int) -> bool:
            if kind not in (closing, logging_off, shutting_down):
                return False
            request()
            # Windows ends the process as soon as this returns.
            ended.wait(CLOSING_S)
            return True

        # Held in a variable: Windows keeps no reference.
        handler = ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.DWORD)(on_event)
        kernel32.SetConsoleCtrlHandler(handler, True)
        try:
            yield
        finally:
            kernel32.SetConsoleCtrlHandler(handler, False)
            ended.set()

else:

    @contextmanager
    def _console_closing(_request: Callable[[], object]) -> Iterator[None]:
        yield
