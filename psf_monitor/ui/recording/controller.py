"""View > Record the wires: the switch, a conspicuous chip, and problems."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from psf_monitor.problem import Problem
from psf_monitor.ui.base.context import WindowContext
from psf_monitor.ui.style.label import Chip

RECORDING, NOT_WRITTEN = "● REC", "REC · NOT WRITTEN"


class WireController(QObject):
    """Connects the menu's entry and the chip to the recording; ``refresh`` updates both."""

    reported = Signal(str)
    warned = Signal(str)

    def __init__(self, context: WindowContext, chip: Chip, parent: QObject) -> None:
        super().__init__(parent)
        self._wires = context.service.wires
        self._entry = context.menus.record
        self._chip = chip
        self._problem: Problem | None = None
        self._shown: tuple[bool, Problem | None, Path | None] | None = None
        self._entry.triggered.connect(self._on_triggered)
        self.refresh()

    def refresh(self) -> None:
        """Show whether it is recording, and report a problem once."""
        wires = self._wires
        problem = wires.problem
        shown = wires.is_on, problem, wires.path
        if shown == self._shown and self._entry.isChecked() is wires.is_on:
            return
        self._shown = shown
        self._entry.setChecked(wires.is_on)
        self._chip.set_text("" if not wires.is_on else RECORDING if problem is None else NOT_WRITTEN)
        self._chip.setToolTip(str(problem or wires.path or ""))
        if problem is not None and problem != self._problem:
            self.warned.emit(str(problem))
        self._problem = problem

    def _on_triggered(self, is_wanted: bool) -> None:
        if is_wanted:
            self._wires.start()
            self.reported.emit(
                f"both wires are recorded into {self._wires.path}; the file holds your account"
            )
        else:
            path, problem = self._wires.stop()
            if problem is None:
                self.reported.emit(f"the recording is ended: {path}")
            else:
                self.warned.emit(str(problem))
        self.refresh()
