"""The style sheet of Qt's own controls, for a given palette. Tables, cards and lights paint themselves."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QWidget

_SHEET = """
QMainWindow, QDialog, QMessageBox {{ background: {window}; }}
QWidget {{ color: {text}; font-family: "Segoe UI", "DejaVu Sans Condensed", sans-serif; font-size: 12px; }}
QMenuBar {{ background: transparent; padding: 0px; }}
QMenuBar::item {{ background: transparent; padding: 2px 8px; border-radius: 4px; }}
QMenuBar::item:selected {{ background: {selection}; }}
QMenu {{ background: {card}; border: 1px solid {control}; padding: 4px; selection-color: {text}; }}
QMenu::indicator {{ border: none; width: 13px; }}
QMenu::item {{ padding: 4px 24px 4px 24px; border-radius: 3px; }}
QMenu::item:selected {{ background: {selection}; }}
QMenu::item:disabled {{ color: {stale}; }}
QMenu[look="columns"]::item:disabled {{
    color: {text2}; font-size: 10px; font-weight: bold; padding-left: 8px;
}}
QMenu::separator {{ height: 1px; background: {divider}; margin: 4px 6px; }}
QToolTip {{ background: {header}; color: {text}; border: 1px solid {control}; padding: 3px; }}
QPushButton {{
    background: {card}; color: {text}; border: 1px solid {control}; border-radius: 4px; padding: 0px 6px;
    outline: none;
}}
QPushButton:hover {{ background: {header}; }}
QPushButton:pressed {{ background: {selection}; }}
QPushButton:checked {{ background: {selection}; border-color: {accent}; }}
QPushButton:focus {{ border: 2px solid {accent}; padding: 0px 5px; }}
QPushButton:disabled {{ color: {stale}; border-color: {divider}; }}
QPushButton[look="filled"] {{
    background: {accent}; color: {accent_text}; border-color: {accent}; font-weight: bold;
}}
QPushButton[look="filled"]:focus {{ border: 2px solid {text}; }}
QPushButton[look="more"] {{ padding: 0px 0px 3px 0px; }}
QPushButton[look="more"]::menu-indicator {{ image: none; width: 0px; }}
QPushButton[look="menu"] {{ font-size: 11px; border-radius: 3px; padding: 0px 7px; }}
QPushButton[look="link"] {{
    background: transparent; border: none; color: {accent}; font-size: 11px; text-decoration: underline;
}}
QPushButton[look="quiet"] {{ background: transparent; border: none; color: {text2}; font-size: 11px; }}
QPushButton[look="quiet"]:focus {{ border: 2px solid {accent}; }}
QPlainTextEdit {{ background: {base}; border: 1px solid {divider}; font-size: 11px; }}
QListView, QTreeView {{ background: {base}; }}
QListWidget {{ background: {base}; border: 1px solid {divider}; outline: none; }}
QListWidget:focus {{ border: 2px solid {accent}; }}
QListWidget::item {{ padding: 3px 6px; }}
QListWidget::item:hover {{ background: {header}; }}
QListWidget::item:selected {{ background: {selection}; color: {text}; }}
QPushButton[look="link"]:focus {{ border: 2px solid {accent}; }}
QPushButton[look="menu"]::menu-indicator {{ image: none; width: 0px; }}
QPushButton[look="segment"] {{ font-size: 11px; border-radius: 3px; padding: 0px 2px; }}
QPushButton[look="segment"]:checked {{ font-weight: bold; }}
QPushButton[look="tab"] {{
    background: transparent; border: none; border-radius: 0px; color: {text2}; font-size: 13px;
    padding: 0px 4px; text-align: left;
}}
QPushButton[look="tab"]:hover {{ color: {text}; }}
QPushButton[look="tab"]:checked {{ color: {text}; font-weight: bold; border-bottom: 2px solid {accent}; }}
QPushButton[look="tab"]:focus {{ border: 2px solid {accent}; padding: 0px 2px; }}
QPushButton[look^="on_"] {{ background: transparent; font-size: 11px; }}
QPushButton[look="on_error"] {{ color: {error}; border-color: {error}; }}
QPushButton[look="on_warning"] {{ color: {warn}; border-color: {warn}; }}
QPushButton[look="on_paper"] {{ color: {paper}; border-color: {paper}; }}
QLineEdit {{
    background: {base}; border: 1px solid {control}; border-radius: 3px; padding: 0px 5px; font-size: 11px;
    selection-background-color: {accent}; selection-color: {accent_text};
}}
QLineEdit:focus {{ border: 2px solid {accent}; padding: 0px 4px; }}
QComboBox {{
    background: {base}; border: 1px solid {control}; border-radius: 3px; padding: 1px 5px; font-size: 11px;
}}
QComboBox:focus {{ border: 2px solid {accent}; padding: 0px 4px; }}
QComboBox:disabled, QLineEdit:disabled {{ color: {stale}; border-color: {divider}; }}
QComboBox:!editable {{ padding-left: 7px; }}
QComboBox:!editable:focus {{ padding-left: 6px; }}
QComboBox::drop-down {{ border: none; width: 18px; }}
QComboBox QAbstractItemView {{
    background: {card}; border: 1px solid {control}; outline: none;
    selection-background-color: {selection}; selection-color: {text};
}}
QComboBox QAbstractItemView::item {{ min-height: 20px; padding: 0px 4px; }}
QCheckBox {{ border: 2px solid transparent; border-radius: 3px; padding: 1px 2px 1px 0px; outline: none; }}
QCheckBox:focus {{ border-color: {accent}; }}
QLabel[look="hint"] {{ color: {text2}; font-size: 11px; }}
QLabel[look="band"] {{ color: {text2}; font-size: 10px; font-weight: bold; }}
QLabel[look="title"] {{ font-size: 13px; font-weight: bold; }}
QLabel[look="fixed"] {{ font-family: "Consolas", "DejaVu Sans Mono", monospace; }}
QLabel[look="heading"] {{ color: {accent}; font-size: 13px; font-weight: bold; }}
QLabel[look="refusal"] {{ color: {error}; }}
QLineEdit[look="refused"], QComboBox[look="refused"] {{ border: 2px solid {error_light}; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QDialogButtonBox QPushButton {{ min-height: 20px; min-width: 56px; }}
QDialogButtonBox QPushButton:focus {{ min-height: 18px; min-width: 54px; }}
QTableView {{ background: {base}; border: none; outline: none; }}
QTableWidget {{ border: 1px solid {divider}; }}
QTableWidget:focus, QPlainTextEdit:focus {{ border: 2px solid {accent}; }}
QTableWidget::item {{ padding: 3px 8px; border-bottom: 1px solid {grid}; }}
QTableWidget::item:selected {{ background: {selection}; color: {text}; }}
QHeaderView::section {{ background: {header}; color: {text2}; border: none; padding: 4px 11px; }}
QScrollBar:vertical {{ background: {base}; width: 12px; margin: 0px; border: none; }}
QScrollBar:horizontal {{ background: {base}; height: 12px; margin: 0px; border: none; }}
QScrollBar::handle {{ background: {control}; border-radius: 4px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 24px; }}
QScrollBar::handle:horizontal {{ min-width: 24px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0px; height: 0px; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: none; }}
QAbstractScrollArea::corner {{ background: {base}; border: none; }}
QProgressBar {{ background: {base}; border: 1px solid {control}; border-radius: 3px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 2px; }}
QSplitter::handle {{ background: transparent; }}
QSplitter::handle:hover {{ background: {control}; }}
"""


_HIGH_CONTRAST = """
QMenu::item:selected, QMenuBar::item:selected, QListWidget::item:selected, QListWidget::item:hover,
QTableWidget::item:selected {{ background: {accent}; color: {accent_text}; }}
QMenu {{ selection-color: {accent_text}; }}
QComboBox QAbstractItemView {{
    selection-background-color: {accent}; selection-color: {accent_text};
}}
QPushButton:pressed {{ background: {accent}; color: {accent_text}; }}
QPushButton:disabled, QComboBox:disabled, QLineEdit:disabled {{ border-style: dashed; }}
"""
"""For palettes in which a selection's background equals all others: it then has the system's own colours."""


def stylesheet(colours: Mapping[str, str]) -> str:
    """Return Qt's style sheet for one palette, by the names of its fields."""
    is_high_contrast = colours["selection"] == colours["base"]
    return (_SHEET + _HIGH_CONTRAST * is_high_contrast).format(**colours)


def change_look(widget: QWidget, look: str) -> None:
    """Draw a control as the style sheet defines for ``look`` from now on.

    Asking the control for its style would create the classes of all styles, which is slow in PySide6.
    """
    if widget.property("look") == look:
        return
    widget.setProperty("look", look)
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.Polish))
