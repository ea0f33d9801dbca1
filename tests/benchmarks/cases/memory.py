"""What the process that a trader starts holds, read from outside; next to a bare window of PySide6."""

import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.benchmarks import servers
from tests.benchmarks.cases.wire import in_qt
from tests.benchmarks.market import CLIENT_ID
from tests.benchmarks.plan import Measured, Plan
from tests.benchmarks.product import GUN, HAMMER, PED
from tests.benchmarks.servers import Remote

NAME = "memory"
OURS, PEER = "psf_monitor", "bare PySide6 window"
_CASE = "after start"
_ROWS = 500
_FIGURES = {"MB": "Rss", "anonymous MB": "Anonymous"}
_KB = 1024
_PATIENCE_S = 60.0
_PROC = Path("/proc")

HOW = (
    "Memory: a process as the user starts it, over settings and a remembered window of its own, which "
    "connects all three by itself; the far sides in another process, a position for each symbol and a tenth "
    "as many orders. Read from outside some seconds after the last symbol was subscribed to, compiled files "
    "warm: MB is what is resident, anonymous MB what of it is no file. The password of HAMMER comes from the "
    "environment, so that no credential store is asked. The bare window is a QMainWindow with one empty "
    "QTableWidget."
)

_BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow, QTableWidget
application = QApplication([])
window = QMainWindow()
window.setCentralWidget(QTableWidget(0, 12))
window.resize(1280, 720)
window.show()
application.exec()
"""


def measure(plan: Plan) -> Measured:
    found = Measured(notes=[HOW])
    if not _PROC.exists():
        found.notes.append("This system does not say how much memory another process holds.")
        return found
    read: dict[str, list[dict[str, float]]] = {OURS: [], PEER: []}

    async def story(remote: Remote) -> None:
        await remote.request("await_subscriptions")
        await asyncio.sleep(plan.settle_s)
        await remote.leave()

    with tempfile.TemporaryDirectory() as compiled:
        is_measured = plan.settle_s > 0
        rows = _ROWS if is_measured else plan.symbols
        for number in range(plan.rounds + is_measured):
            with (
                servers.started(rows, rows, rows // 10) as remote,
                _process(plan.python, ["-m", "psf_monitor"], compiled, remote.ports) as product,
            ):
                in_qt(partial(story, remote))
                if number or not is_measured:
                    read[OURS].append(_held_mb(product))
        with _process(plan.python, ["-c", _BARE], compiled, {}) as bare:
            in_qt(lambda: asyncio.sleep(plan.settle_s))
            read[PEER].append(_held_mb(bare))
    for name, held in read.items():
        for what in _FIGURES:
            found.add(NAME, _CASE, name, what, [each[what] for each in held])
    return found


@contextmanager
def _process(
    python: str, arguments: Sequence[str], compiled: str, ports: dict[str, int]
) -> Iterator[subprocess.Popen[bytes]]:
    """Python at work in a home of its own, set up for servers at ``ports`` if any, until the block ends."""
    with tempfile.TemporaryDirectory() as home:
        if ports:
            _set_up(Path(home) / "psf_monitor", ports)
        with subprocess.Popen(
            [python, *arguments],
            cwd=home,
            env=_environment(python, home, compiled),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                yield process
            finally:
                process.terminate()
                try:
                    process.wait(_PATIENCE_S)
                except subprocess.TimeoutExpired:
                    process.kill()


def _set_up(folder: Path, ports: dict[str, int]) -> None:
    """The user's own files: where the servers are, and that all three are connected at start."""
    folder.mkdir()
    settings = [
        f"[ibkr.{login}]\nport = {ports[login]}\nclient_id = {CLIENT_ID}\n" for login in ("gun", "ped")
    ]
    settings.append(f"[hammer]\nport = {ports['hammer']}\n")
    (folder / "settings.toml").write_text("".join(settings), encoding="utf-8")
    layout = json.dumps({"connect_at_start": [mode.value for mode in (GUN, PED, HAMMER)]})
    (folder / "ui.json").write_text(layout, encoding="utf-8")


def _environment(python: str, home: str, compiled: str) -> dict[str, str]:
    ours = {"PYTHONPATH": os.pathsep.join(str(Path(path).resolve()) for path in sys.path)}
    environment = {
        **os.environ,
        **dict.fromkeys(
            ("HOME", *(f"XDG_{kind}_HOME" for kind in ("CACHE", "CONFIG", "DATA", "STATE"))), home
        ),
        # Compiled once and then read, as in an installation.
        "PYTHONPYCACHEPREFIX": sys.pycache_prefix or compiled,
        "HAMMER_PASSWORD": "demo",
        **(ours if python == sys.executable else {}),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def _held_mb(process: subprocess.Popen[bytes]) -> dict[str, float]:
    """What it holds now, in MB, as the kernel sums it up (proc(5), smaps_rollup)."""
    text = (_PROC / str(process.pid) / "smaps_rollup").read_text(encoding="ascii")
    sizes = dict(re.findall(r"^(\w+): +(\d+) kB$", text, re.MULTILINE))
    return {what: int(sizes[kernel]) * _KB / 1e6 for what, kernel in _FIGURES.items()}
