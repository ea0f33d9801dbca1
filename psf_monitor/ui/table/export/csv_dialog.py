"""Asks where a table goes as CSV, and writes it there."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from psf_monitor import files, formatting
from psf_monitor.ui.table.export.plain_rows import Export
from psf_monitor.ui.table.panel import TablePanel


def open_csv_dialog(panel: TablePanel[Any], parent: QWidget) -> QFileDialog:
    """Open the dialog; the rows that are shown when the file is named are written to it."""
    proposed = proposed_file(panel)
    dialog = QFileDialog(parent, f"Save {panel.title.text.lower()} as CSV", str(proposed), "CSV (*.csv)")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("csv")
    dialog.selectFile(proposed.name)
    dialog.fileSelected.connect(lambda name: _save(panel, Path(name), parent))
    dialog.open()
    return dialog


def proposed_file(panel: TablePanel[Any]) -> Path:
    """A file in the trader's documents, named for the table and the time in New York."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    name = panel.model.table.name.lower().replace(" ", "_")
    return Path(documents) / f"{name}_{formatting.file_stamp(panel.clock())}.csv"


def save_shown(panel: TablePanel[Any], path: Path) -> int:
    """Write the rows that are shown, with the columns that are shown; how many. Raises ``OSError``."""
    export: Export[Any] = panel.view.export(range(panel.model.shown_count))
    return files.save_csv(path, export.titles, export.lines)


def _save(panel: TablePanel[Any], path: Path, parent: QWidget) -> None:
    why = f"{path} was not written: {panel.why_partial}" if panel.why_partial else ""
    try:
        if not why:
            save_shown(panel, path)
    except OSError as error:
        why = f"{path} could not be written: {files.reason(error)}. The table is as it was; try another file."
    if why:
        box = QMessageBox(QMessageBox.Icon.Warning, "Save as CSV", why, parent=parent)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()
