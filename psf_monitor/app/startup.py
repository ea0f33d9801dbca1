"""Decides what is loaded when: the window is on the screen before what only runs it is loaded.

A module of ours that takes long, or brings a library that does, is listed in ``PUT_OFF``. It is imported like
any other, at the top of a file and as a module: ``from psf_monitor.ibkr import session``. It is loaded, with
its libraries, when something in it is first used, which has to be in the main thread.
"""

import builtins
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import LazyLoader, find_spec
from threading import RLock
from types import ModuleType
from typing import Any, SupportsIndex

PUT_OFF = frozenset(
    {
        # asyncio.
        "psf_monitor.connection.tasks",
        # The servers: ib_insync, picows, msgspec's decoders, and the simulated ones.
        "psf_monitor.hammer.caches",
        "psf_monitor.hammer.session",
        "psf_monitor.ibkr.session",
        "psf_monitor.sim.demo",
        # SQLite, FastAPI, tomlkit, keyring.
        "psf_monitor.api.health",
        "psf_monitor.api.server",
        "psf_monitor.api.transport.limits",
        "psf_monitor.journal.errors",
        "psf_monitor.journal.journal",
        "psf_monitor.journal.recorder",
        "psf_monitor.settings.credential_store",
        "psf_monitor.settings.file_formats",
        "psf_monitor.settings.typed_figure",
        "psf_monitor.settings.write",
        # Qt, multiprocessing, and what each command needs.
        "psf_monitor.app.main",
        "psf_monitor.app.message_box",
        "psf_monitor.app.replay",
        "psf_monitor.app.start_channel",
        "psf_monitor.app.window",
        "psf_monitor.check.runner",
        "psf_monitor.cli.anonymize",
        "psf_monitor.cli.check",
        "psf_monitor.cli.command_line",
        "psf_monitor.cli.export",
        "psf_monitor.cli.replay",
        "psf_monitor.cli.serve",
        "psf_monitor.cli.snapshot",
        "psf_monitor.cli.wires",
        "psf_monitor.runtime.api_host",
        "psf_monitor.runtime.demo",
        "psf_monitor.runtime.fact_follower",
        # What rows are made of: none is shown before a login has reported what it holds.
        "psf_monitor.domain.facts",
        "psf_monitor.domain.instrument",
        "psf_monitor.domain.order",
        "psf_monitor.domain.order_standing",
        "psf_monitor.book.no_price",
        "psf_monitor.book.notices",
        "psf_monitor.book.sums.order_sums",
        "psf_monitor.ui.orders.ahead_text",
        "psf_monitor.ui.orders.order_marks",
        "psf_monitor.ui.orders.term_text",
        # What stands behind the window, and joins it to its parts; what is behind the tab in front.
        "psf_monitor.alerts.store",
        "psf_monitor.app.services",
        "psf_monitor.runtime.monitor",
        "psf_monitor.runtime.termination",
        "psf_monitor.runtime.timings",
        "psf_monitor.runtime.wire_recording",
        "psf_monitor.ui.alerts.panel",
        "psf_monitor.ui.fills.panel",
        "psf_monitor.ui.shell.controllers",
        "psf_monitor.ui.shell.overview.log_panel",
        "psf_monitor.ui.table.export.clipboard",
        "psf_monitor.ui.table.export.plain_rows",
        "psf_monitor.ui.table.row_painter",
        # Windows of the window's own, made when they are opened.
        "psf_monitor.ui.alerts.form",
        "psf_monitor.ui.alerts.sounds",
        "psf_monitor.ui.connections.api_card",
        "psf_monitor.ui.connections.check_dialog",
        "psf_monitor.ui.connections.edit_form",
        "psf_monitor.ui.fills.day_reader",
        "psf_monitor.ui.journal.dialogs",
        "psf_monitor.ui.shell.about",
        "psf_monitor.ui.shell.shortcut_list",
        "psf_monitor.ui.symbol.row_details",
        "psf_monitor.ui.symbol.window",
        "psf_monitor.ui.table.export.csv_dialog",
    }
)


LIBRARIES_PUT_OFF = frozenset(
    {
        "asyncio.sslproto",
        "backports.zstd",
        "compression.zstd",
        "csv",
        "ctypes",
        "difflib",
        # For a .env, which hardly any trader has.
        "dotenv",
        "dotenv.parser",
        # The package itself: what its modules have, and reports by web and a remote control of TWS beside it.
        "ib_insync",
        # What eventkit, from which ib_insync has its events, reckons arrays with.
        "numpy",
        # What msgspec has beside its structs: schemas, and formats that nobody here uses.
        "msgspec.inspect",
        "msgspec.json",
        "msgspec.msgpack",
        "msgspec.toml",
        "msgspec.yaml",
        # Archives, of which shutil asks whether there are any; addresses in brackets, to urllib.
        "bz2",
        "ipaddress",
        "json",
        "lzma",
        # What the log's file has beside it in logging.handlers: handlers that send records to other programs.
        "pickle",
        # Proxies, of which HAMMER has none, to picows.
        "python_socks",
        "python_socks.async_.asyncio",
        "queue",
        "signal",
        "socket",
        "ssl",
        "traceback",
    }
)
"""Modules of Python and of libraries that are imported as modules, and not used before the window is
shown.
"""

STOOD_FOR = {
    "python_socks": frozenset({"ProxyError"}),
    "python_socks.async_.asyncio": frozenset({"Proxy"}),
    "ssl": frozenset({"SSLContext", "SSLObject", "SSLSocket"}),
}
"""Classes of what is put off that libraries annotate with, and ask whether something is one of.

Neither loads the module: as long as it is not loaded, nothing is.
"""

DONE_WITHOUT = frozenset({"_hashlib", "aiofastnet"})
"""Optional modules that libraries would load; they are hidden, and the libraries do without.

OpenSSL is not needed by the window: hashlib has hashes of its own. picows opens lines through asyncio.
"""
_OWN_HASHES = ("_md5", "_sha1", "_sha2" if sys.version_info >= (3, 12) else "_sha256", "_blake2", "_sha3")

QT_HELP = frozenset(
    f"shibokensupport.signature.{name}"
    for name in (
        "errorhandler",
        "layout",
        "lib.enum_sig",
        "lib.pyi_generator",
        "lib.tool",
        "parser",
    )
)
"""What PySide6 uses for the text of a wrong call's error, for ``__signature__`` and for type stubs.

With QtCore it would compile all of it from source: half of the time that a Qt window takes to start.
"""

_PUT_OFF = PUT_OFF | LIBRARIES_PUT_OFF | QT_HELP
_IMPORT = builtins.__import__


class _PutOff:
    """Finds what is put off where the other finders do, and has it loaded with its first use."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname in DONE_WITHOUT and (fullname != "_hashlib" or _has_own_hashes()):
            raise ModuleNotFoundError(f"psf_monitor does without {fullname}", name=fullname)
        if fullname not in _PUT_OFF:
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(fullname, path, target)
            if spec is not None and spec.loader is not None:
                spec.loader = _later(fullname, spec.loader)
                return spec
        return None


def _has_own_hashes() -> bool:
    """Whether this Python was built with them: that of some systems has OpenSSL's alone."""
    return all(find_spec(name) is not None for name in _OWN_HASHES)


class _StandIn(type):
    """Stands for a class of a module that is not loaded: nothing is one, until it is."""

    def __instancecheck__(cls, instance: object) -> bool:
        names = vars(sys.modules[cls.__module__])
        return cls.__name__ in names and isinstance(instance, names[cls.__name__])


class _FirstUse:
    """Stands for what a module does not have yet. Unlike with ``LazyLoader`` any thread may be the first.

    Asking for its spec, as every further import does, is no use of it.
    """

    def __init__(self, module: ModuleType, loader: Any) -> None:
        assert module.__spec__ is not None
        self._module, self._loader, self._name = module, loader, module.__spec__.name
        self._is_loading = False
        self._lock = RLock()

    def __call__(self, attribute: str) -> object:
        names = vars(self._module)
        if attribute in STOOD_FOR.get(self._name, ()) and not self._is_loading:
            return _StandIn(attribute, (), {"__module__": self._name})
        if attribute in ("__path__", "__wrapped__"):
            # ``from .. import ..`` asks whether it is a package, of which there is none, and Qt's own import
            # whether it stands for another.
            raise AttributeError(f"module {self._name!r} has no {attribute!r}")
        with self._lock:
            if names.get("__getattr__") is self and not self._is_loading:
                self._load()
            if names.get("__getattr__") is self:
                raise AttributeError(f"module {self._name!r} has no {attribute!r} while it is being loaded")
        return getattr(self._module, attribute)

    def _load(self) -> None:
        spec, names = self._module.__spec__, vars(self._module)
        assert spec is not None
        # PySide6 has given its own another name since, by which their loader does not know them.
        given, spec.name = spec.name, self._name
        self._is_loading = True
        try:
            self._loader.exec_module(self._module)
        finally:
            self._is_loading = False
            spec.name = given
        if names.get("__getattr__") is self:
            del names["__getattr__"]


class _WithFirstUse:
    """Loads a module when something of it is asked for."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        made: ModuleType | None = self._loader.create_module(spec)
        return made

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None
        module.__spec__.loader = module.__loader__ = self._loader
        module.__getattr__ = _FirstUse(module, self._loader)  # type: ignore[method-assign]


class _FirstStays(list[Any]):
    """The finders of Python, of which the first stays first, whatever is put before it."""

    def insert(self, index: SupportsIndex, finder: object) -> None:
        super().insert(max(int(index), 1), finder)


def _later(name: str, loader: Any) -> Any:
    return LazyLoader(loader) if name in PUT_OFF else _WithFirstUse(loader)


def put_off() -> None:
    """Load what is put off at its first use, from here on."""
    sys.meta_path.insert(0, _PutOff())
    _load_without("typing_extensions", "msgspec")


def _load_without(extra: str, name: str) -> None:
    """Load what takes from Python itself, where there is no ``extra``, what it else takes from that."""
    if extra in sys.modules:
        return
    # With this there is none, to Python.
    sys.modules[extra] = None  # type: ignore[assignment]
    try:
        import_module(name)
    finally:
        del sys.modules[extra]


def load(*names: str) -> None:
    """Load modules that were put off, now that there is time for it."""
    for name in names:
        vars(import_module(name))


def load_qt() -> None:
    """Load Qt without ``QT_HELP``, and import all that follows as Python does.

    Qt's own import reads the source of every module for the name of PySide6, and keeps it: a tenth of the
    start and 8 MB, for a way of naming (``from __feature__ import snake_case``) that nobody here uses.
    """
    finders = sys.meta_path
    # PySide6 finds its help itself, and before all others.
    sys.meta_path = _FirstStays(finders)
    import_module("PySide6.QtCore")
    finders[:] = sys.meta_path
    sys.meta_path = finders
    builtins.__import__ = _IMPORT


def loaded_modules() -> frozenset[str]:
    """Return the names of the modules that are loaded, without those that are only imported so far."""
    modules = list(sys.modules.items())
    return frozenset(
        name
        for name, module in modules
        if type(module) is ModuleType and not isinstance(vars(module).get("__getattr__"), _FirstUse)
    )
