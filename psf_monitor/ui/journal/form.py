"""What the journal's dialogs share: the account, the file, and the result."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from psf_monitor import files, formatting
from psf_monitor.domain.account import AccountMode
from psf_monitor.formatting import Notation, masked
from psf_monitor.ui.base.held_keys import disable_meanwhile
from psf_monitor.ui.base.journal_port import Exported, Found, JournalPort, JournalReader, Stop
from psf_monitor.ui.style.combo_box import ComboBox
from psf_monitor.ui.style.label import FormMessage
from psf_monitor.ui.table.export.local_notation import notation_text, notations

_MOST_SENTENCES = 8
"""The most sentences shown, so that the dialog keeps its size."""


class RecordForm(QDialog):
    """Reads and writes while it is open; closing it cancels pending queries."""

    def __init__(self, record: JournalPort, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.setWindowTitle(title)
        self._record = record
        self._stops: list[Stop] = []
        self._may_replace: Path | None = None
        self._proposed = ""
        self._enable_save: Callable[[], None] = lambda: None
        self.form = QFormLayout()
        self.account = ComboBox()
        self.account.setAccessibleName("Account")
        self.form.addRow("Account", self.account)
        self.file = QLineEdit()
        self.file.setAccessibleName("File")
        self.file.setMinimumWidth(360)
        self._notations = notations()
        self.notation = ComboBox()
        self.notation.setAccessibleName("Figures")
        self.notation.addItems([notation_text(each) for each in self._notations])
        self.browse = QPushButton("Browse…")
        self.browse.clicked.connect(self._on_browse)
        self.save = QPushButton("Save as CSV")
        self.save.setProperty("look", "filled")
        self.message = FormMessage("How it ended")
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.layout_ = QVBoxLayout(self)
        self.layout_.addLayout(self.form)
        self.finished.connect(self.cancel_queries)

    def request(
        self,
        query: Callable[[JournalReader], Awaitable[Found]],
        on_found: Callable[[Found], None],
        on_failure: Callable[[str], None],
    ) -> None:
        """Begin a query; ``on_found`` and ``on_failure`` are called only while the dialog is open."""
        self._stops.append(self._record.request(query, on_found, on_failure))

    def cancel_queries(self) -> None:
        """Cancel all pending queries."""
        while self._stops:
            self._stops.pop()()

    def add_file_row(self, *, is_in_form: bool) -> None:
        """Add the file name and the button that writes it, below the other fields or separately."""
        if len(self._notations) > 1:
            self.form.addRow("Figures", self.notation)
        row = QHBoxLayout()
        if not is_in_form:
            row.addWidget(QLabel("File"))
        row.addWidget(self.file, 1)
        row.addWidget(self.browse)
        row.addWidget(self.save)
        for widget in (self.browse, self.save):
            widget.setFixedHeight(22)
        if is_in_form:
            self.form.addRow("File", row)
        else:
            self.layout_.addLayout(row)
        self.layout_.addWidget(self.message)
        # Enter writes the file instead of browsing.
        self.save.setDefault(True)

    def show_accounts(self, accounts: Sequence[tuple[AccountMode, str]]) -> None:
        """Offer these accounts, with masked numbers."""
        for mode, account in accounts:
            self.account.addItem(f"{mode}  {masked(account)}", account)

    def chosen_account(self) -> str:
        """Return the account's number; empty for all of them."""
        chosen = self.account.currentData()
        return chosen if isinstance(chosen, str) else ""

    def chosen_notation(self) -> Notation:
        """Return how the file writes figures."""
        return self._notations[self.notation.currentIndex()]

    def propose(self, name: str) -> None:
        """Propose a file in the trader's documents, until the trader enters another."""
        if self.file.text() == self._proposed:
            self._proposed = str(_documents() / name)
            self.file.setText(self._proposed)

    def path(self) -> Path | None:
        """Return where to write; a name without a folder is in the trader's documents.

        Returns ``None`` and says why if there is no name, or no such folder, or if the file exists, which a
        second click then replaces.
        """
        text = self.file.text().strip()
        path = _documents() / files.expanded(text)
        if not text or files.is_folder(path):
            self.message.refuse("Give the file a name.")
            return None
        if not files.is_folder(path.parent):
            self.message.refuse(f"There is no folder {path.parent}.")
            return None
        if files.is_there(path) and path != self._may_replace:
            self._may_replace = path
            self.message.refuse(f"{path} is there already. Save once more to replace it.")
            return None
        self._may_replace = None
        return path

    def begin_writing(self) -> None:
        """Show that the file is being written, and disable the button until that ends."""
        self._enable_save = disable_meanwhile(self.save)
        self.message.setText("Writing…")

    def ended(self, path: Path, thing: str, named_by: str) -> Callable[[Exported], None]:
        """Return a function that shows what was written and what may be missing; ``named_by`` has the
        details.
        """

        def report(exported: Exported) -> None:
            text = [f"{formatting.counted(exported.lines, thing)} written to {path}."]
            missing = [remark.sentence(masked) for remark in (*exported.missing, *exported.remarks)]
            self.message.setText("\n".join([*text, *shortened(missing, named_by)]))
            self._enable_save()

        return report

    def failed(self, why: str) -> None:
        self.message.refuse(why)
        self._enable_save()

    def _on_browse(self) -> None:
        dialog = QFileDialog(self, "Save as CSV", self.file.text(), "CSV (*.csv)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(self._on_chosen_file)
        dialog.open()

    def _on_chosen_file(self, name: str) -> None:
        # Browsing has already asked whether to replace an existing file.
        self._may_replace = Path(name)
        self.file.setText(name)


def _documents() -> Path:
    """Return the trader's documents, or the home folder if there is no such folder."""
    place = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    return place if place.is_dir() else Path.home()


def shortened(sentences: Sequence[str], named_by: str) -> list[str]:
    """Return the first sentences, how many more there are, and where to find those."""
    more = len(sentences) - _MOST_SENTENCES
    rest = [f"And {more} more, which {named_by} names."] if more > 0 else []
    return [*sentences[:_MOST_SENTENCES], *rest]
