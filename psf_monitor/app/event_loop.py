"""The event loop of the window: Qt's and asyncio's in one.

From Python 3.15 on asyncio's transports name the context in which their callbacks run, which qasync 0.28 does
not take.
On Windows qasync asks its completion port every 10 ms whether anything has come, some 96 wake-ups a second
while nothing moves. Here the thread that asks waits in the kernel until something has.
qasync makes a timer of Qt for every callback and a notifier whenever a paused transport reads again. In a
process that mostly sleeps each costs a quarter of a millisecond: here callbacks that follow each other share
one event of Qt, and a file keeps its notifier, which is woken only if nothing is there to be read by the time
that reading goes on. Whether a callback is a coroutine, which qasync asks of each, is seen when it is called.
"""

import asyncio
import sys
from collections.abc import Callable
from contextvars import Context
from typing import Any

import qasync
from PySide6.QtWidgets import QApplication

from psf_monitor.app.schedule import Schedule


class _ScheduledLoop(qasync.QEventLoop):  # type: ignore[misc]
    """qasync's loop with a schedule instead of its timers."""

    _timer: Schedule

    def call_soon(
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        return self._timer.add_callback(asyncio.Handle(callback, args, self, context))

    def call_later(
        self, delay: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        return self._timer.add_callback(asyncio.Handle(callback, args, self, context), delay)


if sys.platform == "win32":
    import _overlapped

    from PySide6.QtCore import QObject, Qt, QThread, Signal
    from qasync import _windows

    _NOTHING = 1
    """No operation has this address: a completion of it only wakes the thread. 0 would be an error."""

    class _Handover(QObject):
        """Passes completions from the waiting thread to the loop's thread; lives as long as the loop."""

        completed = Signal(object)

    class _CompletionThread(QThread):
        """Waits for the completions of reads, writes and connections."""

        def __init__(self, proactor: "_windows._IocpProactor", handover: _Handover) -> None:
            super().__init__()
            self._proactor = proactor
            self._handover = handover
            self._is_over = False

        def run(self) -> None:
            while not self._is_over:
                events = self._proactor.select(None)
                if events:
                    self._handover.completed.emit(events)

        def end(self) -> None:
            """Return when the thread has ended."""
            self._is_over = True
            _overlapped.PostQueuedCompletionStatus(self._proactor._iocp, 0, 0, _NOTHING)
            self.wait()

    class WindowEventLoop(_ScheduledLoop):
        """qasync's loop, which rests until something happens."""

        def __init__(self, application: QApplication | None = None) -> None:
            super().__init__(application)
            self._timer = Schedule(self.is_running)
            self._handover = _Handover()
            self._handover.completed.connect(self._process_events, Qt.ConnectionType.QueuedConnection)

        def _before_run_forever(self) -> None:
            self._completions = _CompletionThread(self._proactor, self._handover)
            self._completions.start()

        def _after_run_forever(self) -> None:
            self._completions.end()

else:
    import select

    from PySide6.QtCore import QSocketNotifier

    class WindowEventLoop(_ScheduledLoop):
        """qasync's loop, which also accepts the context of a transport."""

        def __init__(self, application: QApplication | None = None) -> None:
            # Read from before the loop is made.
            self._readers: dict[int, asyncio.Handle] = {}
            self._unused_notifiers: dict[int, QSocketNotifier] = {}
            self._asleep: set[int] = set()
            """Files to be read that their notifier does not watch yet."""
            super().__init__(application)
            self._timer = Schedule(self.is_running)

        def _add_reader(
            self, fd: Any, callback: Callable[..., object], *args: Any, context: Context | None = None
        ) -> None:
            self._check_closed()
            number = fd if isinstance(fd, int) else fd.fileno()
            self._readers[number] = asyncio.Handle(callback, args, self, context)
            if number in self._read_notifiers:
                return
            notifier = self._unused_notifiers.pop(number, None)
            if notifier is not None:
                self._read_notifiers[number] = notifier
                self._asleep.add(number)
                self.call_soon(self._go_on_reading, number)
                return
            self._read_notifiers[number] = notifier = QSocketNotifier(number, QSocketNotifier.Type.Read)
            notifier.activated["int"].connect(self._on_readable)  # type: ignore[index]
            notifier.setEnabled(True)

        def _remove_reader(self, fd: Any) -> bool:
            number = fd if isinstance(fd, int) else fd.fileno()
            if self.is_closed() or number not in self._read_notifiers:
                return False
            del self._readers[number]
            notifier = self._unused_notifiers[number] = self._read_notifiers.pop(number)
            if number in self._asleep:
                self._asleep.discard(number)
            else:
                notifier.setEnabled(False)
            return True

        def _go_on_reading(self, number: int) -> None:
            """Read what has arrived meanwhile; a reader that continues waits for more."""
            if number in self._asleep and _is_readable(number):
                self._readers[number]._run()
            if number in self._asleep:
                self._asleep.discard(number)
                self._read_notifiers[number].setEnabled(True)

        def _on_readable(self, number: int) -> None:
            reader = self._readers.get(number)
            if reader is not None:
                self._timer.run(reader)

        def _add_writer(
            self, fd: Any, callback: Callable[..., object], *args: Any, context: Context | None = None
        ) -> None:
            if context is not None:
                callback, args = context.run, (callback, *args)
            super()._add_writer(fd, callback, *args)

    def _is_readable(number: int) -> bool:
        poll = select.poll()
        poll.register(number, select.POLLIN)
        return bool(poll.poll(0))
