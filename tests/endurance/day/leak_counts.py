"""What must not pile up in a process that runs all day; and who holds it, if it did."""

import asyncio
import gc
import inspect
import logging
import reprlib
import socket
import types
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer

from psf_monitor.ibkr.client import ReadOnlyIB
from psf_monitor.ui.shell.main_window import MainWindow
from tests.support.waiting import running_tasks

_LONGEST_CHAIN, _WIDEST, _MOST_NAMED = 25, 400, 6
_DESCRIPTORS = Path("/proc/self/fd")


@dataclass(frozen=True, slots=True)
class Census:
    """Counts of one moment. ``descriptors`` are 0 where the system does not report them."""

    tasks: int
    sockets: int
    objects: int
    timers: int
    clients: int
    descriptors: int = 0

    @classmethod
    def taken(cls, window: MainWindow) -> "Census":
        gc.collect()
        held = gc.get_objects()
        return cls(
            tasks=len(running_tasks()),
            sockets=sum(isinstance(x, socket.socket) and x.fileno() != -1 for x in held),
            objects=len(window.findChildren(QObject)),
            timers=len(window.findChildren(QTimer)),
            clients=sum(isinstance(x, ReadOnlyIB) for x in held),
            descriptors=sum(1 for _ in _DESCRIPTORS.iterdir()) if _DESCRIPTORS.exists() else 0,
        )

    def is_within(self, other: "Census") -> bool:
        """Whether nothing is more than it was then."""
        return (
            self.tasks <= other.tasks
            and self.sockets <= other.sockets
            and self.objects <= other.objects
            and self.timers <= other.timers
            and self.clients <= other.clients
            and self.descriptors <= other.descriptors
        )


def own_objects() -> int:
    """How many objects of the product's own classes there are, those of the simulated servers aside."""
    modules = (str(type(each).__module__) for each in gc.get_objects())
    return sum(each.startswith("psf_monitor.") and ".sim." not in each for each in modules)


def who_is_left() -> str:
    """The running tasks, each by its place, and what holds each client of TWS: for a test that failed."""
    # What is frozen is not seen to hold anything.
    gc.unfreeze()
    reported = [f"{count} x {place}" for place, count in Counter(map(_place, running_tasks())).most_common()]
    clients = [each for each in gc.get_objects() if isinstance(each, ReadOnlyIB)]
    for client in sorted(clients, key=ReadOnlyIB.isConnected)[:_MOST_NAMED]:
        reported += [f"a client of TWS, {client.client.connState}, is held by:", *_chain(client)]
    return "\n    ".join(reported)


def _place(task: "asyncio.Task[Any]") -> str:
    stack = task.get_stack(limit=1)
    at = f"{Path(stack[-1].f_code.co_filename).name}:{stack[-1].f_lineno}" if stack else "its begin"
    coroutine: Any = task.get_coro()
    return f"{getattr(coroutine, '__qualname__', coroutine)} at {at}"


def _chain(begin: object) -> list[str]:
    """The shortest way from an object to a running task, a module or a kept log record that reaches it."""
    frame, own = inspect.currentframe(), set()
    while frame is not None:
        own.add(id(frame))
        frame = frame.f_back
    held_of: dict[int, object] = {id(begin): None}
    level, end = [begin], begin
    for _ in range(_LONGEST_CHAIN):
        above: list[object] = []
        passed = {id(held_of), id(level), id(above), *own}
        for held in level:
            for holder in gc.get_referrers(held):
                if id(holder) not in held_of and id(holder) not in passed:
                    held_of[id(holder)] = held
                    above.append(holder)
        ends = [each for each in above if _is_end(each)]
        if ends or not above:
            end = ends[0] if ends else level[0]
            break
        level, end = above[:_WIDEST], above[0]
    chain: list[object] = []
    while end is not None:
        chain.append(end)
        end = held_of[id(end)]
    return [f"    {type(each).__qualname__} {reprlib.repr(each)}" for each in reversed(chain)]


def _is_end(holder: object) -> bool:
    if isinstance(holder, asyncio.Task):
        return not holder.done()
    return isinstance(holder, types.ModuleType | logging.LogRecord)
