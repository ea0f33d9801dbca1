"""When callbacks of asyncio are run on the loop of the window, and that Qt has its turn between them."""

import asyncio
import os
import socket
import sys
import time
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from psf_monitor.app.event_loop import WindowEventLoop
from tests.support.waiting import PATIENCE_S


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[Any]:
    loop = WindowEventLoop(qapp)
    asyncio.set_event_loop(loop)
    with loop:
        yield loop
    asyncio.set_event_loop(None)


def test_that_callbacks_run_in_the_order_in_which_they_are_due(loop: Any) -> None:
    run: list[str] = []

    async def story() -> None:
        over = loop.create_future()
        loop.call_later(0.06, over.set_result, None)
        loop.call_later(0.03, run.append, "later")
        loop.call_later(0.01, run.append, "sooner")
        loop.call_soon(run.append, "at once")
        loop.call_soon(loop.call_soon, run.append, "behind it")
        async with asyncio.timeout(PATIENCE_S):
            await over

    loop.run_until_complete(story())
    assert run == ["at once", "behind it", "sooner", "later"]


def test_that_nothing_runs_much_before_it_is_due(loop: Any) -> None:
    waited: list[float] = []

    async def story() -> None:
        # A long one is under way: what it may be early by is no measure for the short ones.
        loop.call_later(60.0, waited.clear)
        for delay in (0.02, 0.001, 0.05):
            began = time.perf_counter()
            await asyncio.sleep(delay)
            waited.append((time.perf_counter() - began) / delay)

    loop.run_until_complete(story())
    assert waited[0] > 0.9
    assert waited[2] > 0.9


def test_that_a_cancelled_callback_is_not_run(loop: Any) -> None:
    run: list[str] = []

    async def story() -> None:
        soon, later = loop.call_soon(run.append, "soon"), loop.call_later(0.001, run.append, "later")
        soon.cancel()
        later.cancel()
        await asyncio.sleep(0.01)

    loop.run_until_complete(story())
    assert run == []


def test_that_a_cancelled_callback_is_forgotten_long_before_it_is_due(loop: Any) -> None:
    run: list[str] = []

    async def story() -> None:
        over = loop.create_future()
        loop.call_later(0.02, over.set_result, None)
        loop.call_later(0.01, run.append, "what is due meanwhile")
        handles = weakref.WeakSet[asyncio.Handle]()
        for _ in range(1_000):
            # As the time limit of a connection that ends before it.
            handle = loop.call_later(3_600.0, run.append, "late")
            handles.add(handle)
            handle.cancel()
        del handle
        assert len(handles) < 100
        async with asyncio.timeout(PATIENCE_S):
            await over
        # Behind the time limit, which is over with it, none is left.
        await asyncio.sleep(0.001)
        assert not handles

    loop.run_until_complete(story())
    assert run == ["what is due meanwhile"]


def test_that_callbacks_without_end_let_qt_have_its_turn(loop: Any) -> None:
    async def story() -> None:
        came = asyncio.Event()
        QTimer.singleShot(0, came.set)
        async with asyncio.timeout(PATIENCE_S):
            while not came.is_set():  # noqa: ASYNC110 - what is tried is that it ends
                # Asks to be run again at once, every time.
                await asyncio.sleep(0)

    loop.run_until_complete(story())


def test_that_a_failing_callback_does_not_stop_those_after_it(loop: Any) -> None:
    reported: list[str] = []
    loop.set_exception_handler(lambda _loop, context: reported.append(type(context["exception"]).__name__))

    def fail() -> None:
        raise LookupError

    async def story() -> None:
        loop.call_soon(fail)
        loop.call_soon(reported.append, "the next one")
        await asyncio.sleep(0.001)

    loop.run_until_complete(story())
    assert reported == ["LookupError", "the next one"]


def test_that_callbacks_run_while_another_one_waits_in_a_loop_of_qt(loop: Any) -> None:
    async def story() -> None:
        over = loop.create_future()

        def wait_within() -> None:
            within = QEventLoop()
            QTimer.singleShot(0, lambda: loop.call_soon(within.quit))
            within.exec()
            over.set_result(None)

        loop.call_soon(wait_within)
        async with asyncio.timeout(PATIENCE_S):
            await over

    loop.run_until_complete(story())


@pytest.mark.skipif(sys.platform == "win32", reason="only a loop over a selector reports readable sockets")
def test_that_a_socket_is_read_again_after_a_pause_and_so_is_the_next_of_its_number(loop: Any) -> None:
    async def read(number: int) -> bytes:
        come = loop.create_future()
        # Unread data may be reported once more before the waiting callback runs.
        loop.add_reader(number, lambda: come.done() or come.set_result(None))
        async with asyncio.timeout(PATIENCE_S):
            await come
        assert loop.remove_reader(number)
        return os.read(number, 1)

    async def story() -> list[bytes]:
        found = []
        for text in (b"a", b"b"):
            ours, theirs = socket.socketpair()
            with ours, theirs:
                for again in (text, text.upper()):
                    theirs.send(again)
                    found.append(await read(ours.fileno()))
            assert not loop.remove_reader(3_000)
        return found

    assert loop.run_until_complete(story()) == [b"a", b"A", b"b", b"B"]
