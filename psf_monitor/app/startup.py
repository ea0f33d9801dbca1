"""Decides what is loaded when: the window is on the screen before what only runs it is loaded.

A module of ours that takes long, or brings a library that does, is listed in ``DEFERRED``. It is imported
like any other, at the top of a file and as a module: ``from psf_monitor.ibkr import session``. It is loaded,
with its libraries, when something in it is first used, which has to be in the main thread.
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

DEFERRED = frozenset(
    {
        # asyncio.
        "psf_monitor.connection.deferred_asyncio",
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
        "psf_monitor.app.run_window",
        "psf_monitor.check.runner",
        "psf_monitor.cli.anonymize",
        "psf_monitor.cli.check",
        "psf_monitor.cli.run_command",
        "psf_monitor.cli.export",
        "psf_monitor.cli.replay",
        "psf_monitor.cli.serve",
        "psf_monitor.cli.snapshot",
        "psf_monitor.cli.wires",
        "psf_monitor.runtime.api_host",
        "psf_monitor.runtime.demo",
        "psf_monitor.runtime.fact_file_watcher",
        # Contents of rows, of which none is shown before a login has reported its positions.
        "psf_monitor.domain.facts",
        "psf_monitor.domain.instrument",
        "psf_monitor.domain.orders.order",
        "psf_monitor.domain.orders.order_standing",
        "psf_monitor.book.no_price",
        "psf_monitor.book.notices",
        "psf_monitor.book.sums.order_sums",
        "psf_monitor.ui.orders.ahead_text",
        "psf_monitor.ui.orders.order_marks",
        "psf_monitor.ui.orders.order_type_text",
        "psf_monitor.ui.orders.attribute_text",
        "psf_monitor.ui.orders.cell_tooltips",
        "psf_monitor.ui.positions.cell_tooltips",
        "psf_monitor.ui.positions.quote_warnings",
        # What is behind the window, and connects it to its parts; what is behind the tab in front.
        "psf_monitor.alerts.store",
        "psf_monitor.app.services",
        "psf_monitor.runtime.monitor",
        "psf_monitor.runtime.termination",
        "psf_monitor.runtime.timing",
        "psf_monitor.runtime.wire_recording",
        "psf_monitor.ui.alerts.panel",
        "psf_monitor.ui.fills.panel",
        "psf_monitor.ui.shell.controllers",
        "psf_monitor.ui.shell.overview.log_panel",
        "psf_monitor.ui.table.export.local_notation",
        "psf_monitor.ui.table.export.clipboard",
        "psf_monitor.ui.table.export.plain_rows",
        "psf_monitor.ui.table.row_painter",
        # Further windows and dialogs, made when they are opened.
        "psf_monitor.ui.alerts.form",
        "psf_monitor.ui.alerts.sounds",
        "psf_monitor.ui.connections.api_dialog",
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


DEFERRED_LIBRARIES = frozenset(
    {
        "asyncio.sslproto",
        "backports.zstd",
        "compression.zstd",
        "csv",
        "ctypes",
        "difflib",
        # For a .env, which few traders have.
        "dotenv",
        "dotenv.parser",
        # The package itself: its modules are imported singly, and it also loads reports and a controller of
        # TWS.
        "ib_insync",
        # Used by eventkit, which provides the events of ib_insync, for its array operators.
        "numpy",
        # Parts of msgspec besides its structs: schemas, and formats that are not used here.
        "msgspec.inspect",
        "msgspec.json",
        "msgspec.msgpack",
        "msgspec.toml",
        "msgspec.yaml",
        # Archive formats, which shutil checks for; IP addresses, for urllib.
        "bz2",
        "ipaddress",
        "json",
        "lzma",
        # Used by logging.handlers for handlers that send records to other programs.
        "pickle",
        # Proxies, imported by picows; HAMMER uses none.
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

PLACEHOLDER_CLASSES = {
    "python_socks": frozenset({"ProxyError"}),
    "python_socks.async_.asyncio": frozenset({"Proxy"}),
    "ssl": frozenset({"SSLContext", "SSLObject", "SSLSocket"}),
}
"""Classes of deferred modules that libraries use in annotations and isinstance checks.

Neither loads the module: while it is not loaded, nothing is an instance.
"""

SKIPPED = frozenset({"_hashlib", "aiofastnet"})
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

_ALL_DEFERRED = DEFERRED | DEFERRED_LIBRARIES | QT_HELP
_IMPORT = builtins.__import__


class _DeferringFinder:
    """A finder that locates deferred modules like the other finders, and loads them on first use."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname in SKIPPED and (fullname != "_hashlib" or _has_own_hashes()):
            raise ModuleNotFoundError(f"psf_monitor does without {fullname}", name=fullname)
        if fullname not in _ALL_DEFERRED:
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(fullname, path, target)
            if spec is not None and spec.loader is not None:
                spec.loader = _deferring_loader(fullname, spec.loader)
                return spec
        return None


def _has_own_hashes() -> bool:
    """Return whether this Python has its own hashes: some systems build it with those of OpenSSL only."""
    return all(find_spec(name) is not None for name in _OWN_HASHES)


class _PlaceholderClass(type):
    """Replaces a class of a module that is not loaded: until then it has no instances."""

    def __instancecheck__(cls, instance: object) -> bool:
        names = vars(sys.modules[cls.__module__])
        return cls.__name__ in names and isinstance(instance, names[cls.__name__])


class _LoadOnFirstUse:
    """Replaces the attributes of an unloaded module. Unlike with ``LazyLoader``, any thread may be the first.

    Reading its spec, as every further import does, does not load it.
    """

    def __init__(self, module: ModuleType, loader: Any) -> None:
        assert module.__spec__ is not None
        self._module, self._loader, self._name = module, loader, module.__spec__.name
        self._is_loading = False
        self._lock = RLock()

    def __call__(self, attribute: str) -> object:
        names = vars(self._module)
        if attribute in PLACEHOLDER_CLASSES.get(self._name, ()) and not self._is_loading:
            return _PlaceholderClass(attribute, (), {"__module__": self._name})
        if attribute in ("__path__", "__wrapped__"):
            # ``from .. import ..`` checks whether it is a package, which no deferred module is, and Qt's own
            # import whether it wraps another one.
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
        # PySide6 has renamed its own module since, and its loader does not know the new name.
        given, spec.name = spec.name, self._name
        self._is_loading = True
        try:
            self._loader.exec_module(self._module)
        finally:
            self._is_loading = False
            spec.name = given
        if names.get("__getattr__") is self:
            del names["__getattr__"]


class _FirstUseLoader:
    """Loads a module when one of its attributes is read."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        made: ModuleType | None = self._loader.create_module(spec)
        return made

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None
        module.__spec__.loader = module.__loader__ = self._loader
        module.__getattr__ = _LoadOnFirstUse(module, self._loader)  # type: ignore[method-assign]


class _FinderList(list[Any]):
    """Python's list of finders; the first one stays first, whatever is inserted before it."""

    def insert(self, index: SupportsIndex, finder: object) -> None:
        super().insert(max(int(index), 1), finder)


def _deferring_loader(name: str, loader: Any) -> Any:
    return LazyLoader(loader) if name in DEFERRED else _FirstUseLoader(loader)


def defer() -> None:
    """Defer the listed modules to their first use, from here on."""
    sys.meta_path.insert(0, _DeferringFinder())
    _load_without("typing_extensions", "msgspec")


def _load_without(extra: str, name: str) -> None:
    """Load module ``name`` as if ``extra`` were not installed, so that it uses Python's own equivalents."""
    if extra in sys.modules:
        return
    # This makes its import fail.
    sys.modules[extra] = None  # type: ignore[assignment]
    try:
        import_module(name)
    finally:
        del sys.modules[extra]


def load(*names: str) -> None:
    """Load deferred modules, now that there is time."""
    for name in names:
        vars(import_module(name))


def load_qt() -> None:
    """Load Qt without ``QT_HELP``, and import everything after it as Python does.

    Qt's own import reads and keeps the source of every module to look for ``from __feature__ import
    snake_case``, which is not used here: a tenth of the start, and 8 MB.
    """
    finders = sys.meta_path
    # PySide6 inserts its own finder before all others.
    sys.meta_path = _FinderList(finders)
    import_module("PySide6.QtCore")
    finders[:] = sys.meta_path
    sys.meta_path = finders
    builtins.__import__ = _IMPORT
