"""The basis of every test: no screen, an event loop for eventkit, and no unexpected logged error."""

import asyncio
import concurrent.futures
import contextlib
import gc
import importlib
import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures.thread import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from pytestqt.qtbot import QtBot

from psf_monitor.app import startup
from tests.support.waiting import PATIENCE_S, PatientBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# What collecting the tests imports and makes stays to the end; see ``_no_thread_collects``.
gc.disable()
# As the window does: Qt's own way of importing would read the source of every module that is loaded after it.
startup.load_qt()

# A computer whose cores are all busy is slow, not wrong.
for _name, _examples in (("patient", 30), ("long", 100)):
    hypothesis.settings.register_profile(
        _name,
        deadline=None,
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
        max_examples=_examples,
    )
hypothesis.settings.load_profile("patient")

# Where PySide6 is loaded, Python 3.15 never makes its lazy import of this, and asyncio's own loop, which runs
# in many tests and never in the window, resolves no name of a computer.
concurrent.futures.ThreadPoolExecutor = ThreadPoolExecutor  # type: ignore[misc]

# eventkit asks for the event loop while it is imported, and some tests are the first to import it.
_import_loop = asyncio.new_event_loop()
asyncio.set_event_loop(_import_loop)
import ib_insync  # noqa: E402, F401

asyncio.set_event_loop(None)
_import_loop.close()


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    parser.addoption("--long", action="store_true", help="run the endurance tests in their long form")
    parser.addoption("--times", type=int, default=100, help="stories of faulty lines in the long form")
    if not pluginmanager.hasplugin("xdist"):
        # With ``-p no:xdist`` the options of the workers in pyproject.toml would be unknown.
        for option in ("--numprocesses", "--dist"):
            parser.addoption(option, help="needs pytest-xdist")


def pytest_configure(config: pytest.Config) -> None:
    """Play more stories in the long form; keep what is compiled for other processes."""
    if config.getoption("--long"):
        hypothesis.settings.load_profile("long")
    # With ``-p no:cacheprovider`` there is none.
    cache = getattr(config, "cache", None)
    if sys.dont_write_bytecode and cache is not None:
        sys.pycache_prefix = str(cache.mkdir("bytecode"))
        sys.dont_write_bytecode = False
        os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """None for a single file, which is done before workers have loaded what they need.

    Else two for each core: who waits for a socket, a disk or a process leaves its core to another.
    """
    if len(config.args) == 1 and Path(config.args[0].partition("::")[0]).is_file():
        return 0
    if not hasattr(os, "sched_getaffinity"):
        return None
    return 2 * len(os.sched_getaffinity(0))


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Where all is run and nothing is compiled yet, let each worker begin with files of its own.

    It then finds compiled what the others began with.
    """
    worker = getattr(session.config, "workerinput", None)
    here = Path(__file__).parent
    if worker is None or [Path(name).resolve() for name in session.config.args] != [here]:
        return
    number, count = int(worker["workerid"].removeprefix("gw")), worker["workercount"]
    for file in sorted(here.rglob("test_*.py"))[number::count]:
        # A failing import is reported when it is collected.
        with contextlib.suppress(Exception, pytest.skip.Exception):
            importlib.import_module(".".join(file.relative_to(here.parent).with_suffix("").parts))


LONG_ROOMS = {"benchmarks", "endurance", "app", "cli", "replay"}
"""Folders whose tests start processes or run whole days."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long tests, in the order in which they came: no worker waits for one at the end."""
    items.sort(key=lambda item: LONG_ROOMS.isdisjoint(item.nodeid.split("/")))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Name, and do not run, what is left when the time is over: ``PYTEST_END_BY``, in seconds since 1970."""
    if time.time() > float(os.environ.get("PYTEST_END_BY", "inf")):
        item.add_marker(pytest.mark.skip(reason="the time was over"))


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    """pytest-qt's, as patient as every other wait."""
    assert qapp is not None
    return PatientBot(request)


@pytest.fixture(scope="session", autouse=True)
def _no_thread_collects() -> Iterator[None]:
    """As in the window: a cycle that holds an object of Qt is collected on the main thread alone.

    What stays to the end, such as what collecting the tests has imported, is not looked through each time.
    """
    gc.collect()
    gc.freeze()
    yield
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """No key stays pressed, and what a test left is collected; what its module left, with the last of it.

    Its windows go with it: outside of a loop of Qt's, deleteLater() would keep them for the next test.
    """
    try:
        return (yield)
    finally:
        release_keys()
        qt = sys.modules.get("PySide6.QtCore")
        if qt is not None and qt.QCoreApplication.instance() is not None:
            qt.QCoreApplication.sendPostedEvents(None, qt.QEvent.Type.DeferredDelete.value)
        was_enabled = gc.isenabled()
        gc.disable()
        if nextitem is None or nextitem.path != item.path:
            gc.collect()
            gc.freeze()
        else:
            gc.collect(1)
        # After the last test the session has it back.
        assert nextitem is None or not was_enabled, "Python would collect on any thread from here on"


def release_keys() -> None:
    """Let go of what QTest holds: after a key that was clicked with Shift, Shift, and selecting differs."""
    test, widgets = sys.modules.get("PySide6.QtTest"), sys.modules.get("PySide6.QtWidgets")
    if test is None or widgets is None or widgets.QApplication.instance() is None:
        return
    if widgets.QApplication.keyboardModifiers().value:
        test.QTest.keyRelease(widgets.QWidget(), " ")


@pytest.fixture(scope="session", autouse=True)
def _a_home_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test, and no process that a test starts, reads or writes what belongs to the user."""
    home = str(tmp_path_factory.mktemp("home"))
    names = ["HOME", "USERPROFILE"]
    names += [f"XDG_{kind}_HOME" for kind in ("CACHE", "CONFIG", "DATA", "STATE")]
    names += [f"WIN_PD_OVERRIDE_{kind}" for kind in ("APPDATA", "LOCAL_APPDATA", "MY_PICTURES")]
    with pytest.MonkeyPatch.context() as patch:
        for name in names:
            patch.setenv(name, home)
        yield


@contextlib.contextmanager
def named_in_failure(*values: object) -> Iterator[None]:
    """Name the row of a table, all of which one test goes through, in the failure of what it proves."""
    try:
        yield
    except BaseException as error:
        error.add_note(f"with {', '.join(map(repr, values))}")
        raise


class _Recorder(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


class ExpectedErrors:
    """Lets a test name the loggers that it makes complain: ``expected_errors.allow("ib_insync")``."""

    def __init__(self) -> None:
        self._allowed: set[str] = set()

    def allow(self, *loggers: str) -> None:
        self._allowed.update(loggers)

    def covers(self, record: logging.LogRecord) -> bool:
        return any(record.name == name or record.name.startswith(name + ".") for name in self._allowed)


@pytest.fixture(autouse=True)
def expected_errors() -> Iterator[ExpectedErrors]:
    """Fail the test when anything logged an error that the test did not expect."""
    recorder = _Recorder()
    expected = ExpectedErrors()
    root = logging.getLogger()
    root.addHandler(recorder)
    try:
        yield expected
    finally:
        root.removeHandler(recorder)
    surprises = [r for r in recorder.records if not expected.covers(r)]
    assert not surprises, "\n".join(f"{r.name}: {r.getMessage()}" for r in surprises)


@pytest.fixture(autouse=True)
def _loop_of_the_test_is_the_policy_loop(request: pytest.FixtureRequest) -> None:
    """ib_insync asks the policy for the loop, not for the running one."""
    if "_function_scoped_runner" in request.fixturenames:
        runner = request.getfixturevalue("_function_scoped_runner")
        asyncio.set_event_loop(runner.get_loop())


@pytest.fixture
def slow_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Names that end in ``.slow`` are unknown once this is set, at the end of the test at the latest."""
    may_answer = threading.Event()
    ask = socket.getaddrinfo

    def asked(host: str, *args: Any, **more: Any) -> list[Any]:
        if host.endswith(".slow"):
            may_answer.wait(PATIENCE_S)
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return ask(host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", asked)
    yield may_answer
    may_answer.set()
