"""A process that writes the user's files in turn, again and again until it is killed.

``python -m tests.endurance.disk.writer FOLDER``. It says ``ready`` once each has been written.
"""

import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from psf_monitor.settings import write as settings_file
from psf_monitor.settings.symbol_file import SymbolFile
from psf_monitor.ui.shell.layout.store import LayoutStore, WindowLayout, WindowPlace
from psf_monitor.ui.table.saved_layout import TableLayout

SHARES = 400
"""Lines in the table of symbols, so that a write of it takes more than one block."""


def layouts() -> Iterator[WindowLayout]:
    """Layouts that are all different, of different lengths."""
    for number in count():
        sort = "unrealized_pnl" * (number % 7)
        yield WindowLayout(place=WindowPlace(number % 900, 3, 1280, 720), positions=TableLayout(sort=sort))


def write_layout(path: Path) -> Iterator[None]:
    store = LayoutStore(path)
    for layout in layouts():
        store.save(layout)
        yield


def write_settings(path: Path) -> Iterator[None]:
    for number in count():
        settings_file.save(path, "hammer", {"port": 16000 + number % 900, "streamer": "S" * (number % 40)})
        yield


def write_symbols(path: Path) -> Iterator[None]:
    table = SymbolFile(path)
    for number in count():
        table.set_override(f"S{number % SHARES:03d} PRA", f"S{number % SHARES:03d}-{number % 9}")
        yield


WRITERS: dict[str, Callable[[Path], Iterator[None]]] = {
    "ui.json": write_layout,
    "settings.toml": write_settings,
    "symbols.csv": write_symbols,
}


def main() -> None:
    folder = Path(sys.argv[1])
    rounds = zip(*(write(folder / kind) for kind, write in WRITERS.items()), strict=True)
    next(rounds)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for _ in rounds:
        pass


if __name__ == "__main__":
    main()
