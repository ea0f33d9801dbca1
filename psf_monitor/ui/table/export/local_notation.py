"""How this computer's spreadsheets read figures: where a decimal comma is usual, Excel takes 24.55 for a
text and 3.05 for a day in May.
"""

from PySide6.QtCore import QLocale

from psf_monitor.formatting import DECIMAL_COMMA, DECIMAL_POINT, Notation


def local_notation() -> Notation:
    """Return the notation that the system is set to."""
    return DECIMAL_COMMA if QLocale().decimalPoint() == DECIMAL_COMMA.decimal else DECIMAL_POINT


def notations() -> tuple[Notation, ...]:
    """Return what a file may be written in: this computer's notation first, then that of programs."""
    return tuple(dict.fromkeys((local_notation(), DECIMAL_POINT)))


def name_filter(notation: Notation) -> str:
    """Return the kind of file that a dialog offers for a notation."""
    return "CSV (*.csv)" if len(notations()) == 1 else f"CSV: {notation_text(notation)} (*.csv)"


def notation_text(notation: Notation) -> str:
    """Return an example of a notation and who reads it."""
    who = "spreadsheets here" if notation == local_notation() else "programs"
    return f"{notation.figure('24.55')} and {notation.separator} between columns, for {who}"
