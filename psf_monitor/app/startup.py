"""Decides what is loaded when: the window is on the screen before what only runs it is loaded.

A module of ours that takes long, or brings a library that does, is named in ``PUT_OFF``. It is imported as
any other, at the top of a file and as a module: ``from psf_monitor.ibkr import session``. It is loaded, and
its libraries with it, when something of it is first used, which has to be in the main thread.
"""

import builtins
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import LazyLoader
from types import ModuleType

PUT_OFF = frozenset(
    {
        # asyncio.
        "psf_monitor.connection.tasks",
        # The far sides: ib_insync, picows, msgspec's decoders, and the simulated ones.
        "psf_monitor.hammer.received",
        "psf_monitor.hammer.session",
        "psf_monitor.ibkr.session",
        "psf_monitor.sim.demo",
        # SQLite, FastAPI, tomlkit, keyring.
        "psf_monitor.api.health",
        "psf_monitor.api.server",
        "psf_monitor.api.transport.listener",
        "psf_monitor.journal.errors",
        "psf_monitor.journal.journal",
        "psf_monitor.journal.recorder",
        "psf_monitor.settings.credential_store",
        "psf_monitor.settings.file_formats",
        "psf_monitor.settings.write",
        # Qt, and what each command needs.
        "psf_monitor.app.main",
        "psf_monitor.app.message_box",
        "psf_monitor.app.replay",
        "psf_monitor.app.window",
        "psf_monitor.check.runner",
        "psf_monitor.cli.anonymize",
        "psf_monitor.cli.check",
        "psf_monitor.cli.export",
        "psf_monitor.cli.replay",
        "psf_monitor.cli.serve",
        "psf_monitor.cli.snapshot",
        "psf_monitor.cli.wires",
        "psf_monitor.runtime.api_host",
        "psf_monitor.runtime.demo",
        "psf_monitor.runtime.fact_follower",
        # Windows of the window's own, made when they are opened.
        "psf_monitor.ui.alerts.form",
        "psf_monitor.ui.alerts.sounds",
        "psf_monitor.ui.connections.api_card",
        "psf_monitor.ui.connections.check_dialog",
        "psf_monitor.ui.connections.edit_form",
        "psf_monitor.ui.journal.dialogs",
        "psf_monitor.ui.shell.about",
        "psf_monitor.ui.shell.shortcut_list",
        "psf_monitor.ui.symbol.row_details",
        "psf_monitor.ui.symbol.window",
        "psf_monitor.ui.table.export.csv_dialog",
    }
)


_IMPORT = builtins.__import__


class _PutOff:
    """Finds what is put off where the other finders do, and has it loaded with its first use."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in PUT_OFF:
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(fullname, path, target)
            if spec is not None and spec.loader is not None:
                spec.loader = LazyLoader(spec.loader)
                return spec
        return None


def put_off() -> None:
    """From here on, load the modules of ``PUT_OFF`` with their first use."""
    sys.meta_path.insert(0, _PutOff())


def load(*names: str) -> None:
    """Load modules that were put off, now that there is time for it."""
    for name in names:
        vars(import_module(name))


def load_qt() -> None:
    """Load Qt, and import all that follows as Python does.

    Qt's own import reads the source of every module for the name of PySide6, and keeps it: a tenth of the
    start and 8 MB, for a way of naming (``from __feature__ import snake_case``) that nobody here uses.
    """
    import_module("PySide6.QtCore")
    builtins.__import__ = _IMPORT


def loaded_modules() -> frozenset[str]:
    """Return the names of the modules that are loaded, without those that are only imported so far."""
    modules = list(sys.modules.items())
    return frozenset(name for name, module in modules if name not in PUT_OFF or type(module) is ModuleType)
