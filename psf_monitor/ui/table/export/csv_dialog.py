"""The dialog that saves a table as CSV."""

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from psf_monitor import files, formatting
from psf_monitor.formatting import Notation
from psf_monitor.ui.table.export.file_writer import FileWriter
from psf_monitor.ui.table.export.local_notation import name_filter, notations
from psf_monitor.ui.table.export.progress import ExportProgress
from psf_monitor.ui.table.panel import TablePanel


def open_csv_dialog(panel: TablePanel[Any], parent: QWidget) -> QFileDialog:
    """Open the dialog; the rows shown when the file is chosen are written to it."""
    proposed = proposed_file(panel)
    dialog = QFileDialog(parent, f"Save {panel.title.text.lower()} as CSV", str(proposed))
    kinds = {name_filter(notation): notation for notation in notations()}
    dialog.setNameFilters([*kinds])
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("csv")
    dialog.selectFile(proposed.name)
    dialog.fileSelected.connect(
        lambda name: _save(panel, Path(name), kinds[dialog.selectedNameFilter()], parent)
    )
    dialog.open()
    return dialog


def proposed_file(panel: TablePanel[Any]) -> Path:
    """Return a file in the trader's documents, named after the table and the time in New York."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    name = panel.model.table.name.lower().replace(" ", "_")
    return Path(documents) / f"{name}_{formatting.file_stamp(panel.clock())}.csv"


def _save(panel: TablePanel[Any], path: Path, notation: Notation, parent: QWidget) -> None:
    if panel.why_partial:
        _warn(f"{path} was not written: {panel.why_partial}", parent)
        return
    title = f"Saving {panel.title.text.lower()} as CSV"
    text_of = partial(files.csv_text, separator=notation.separator)
    progress = ExportProgress(panel.export(notation), text_of, title, parent)
    writer = FileWriter(path, progress)

    def on_ended(error: Exception | None) -> None:
        progress.finish()
        if isinstance(error, OSError):
            why = files.reason(error)
            _warn(f"{path} could not be written: {why}. The table is as it was; try another file.", parent)
        elif error is not None:
            raise error

    writer.ended.connect(on_ended)
    progress.written.connect(writer.start)
    progress.start()


def _warn(why: str, parent: QWidget) -> None:
    box = QMessageBox(QMessageBox.Icon.Warning, "Save as CSV", why, parent=parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
