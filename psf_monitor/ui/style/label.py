"""Labels that shrink: a growing text must never widen the window."""

from collections.abc import Sequence
from enum import Enum, auto

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from psf_monitor.ui.style.stylesheet import change_look
from psf_monitor.ui.style.theme import Theme, Tone


class Fit(Enum):
    """What a label does if its text needs more room than there is, or less."""

    ELIDED = auto()
    WHOLE = auto()
    """Never elided, so that others make room."""
    WRAPPED = auto()
    """Long text continues below, as far as the height allows."""
    FLOWING = auto()
    """Long text continues below, and takes the height that it needs for that."""
    FILLING = auto()
    """Takes all the room that others leave, with the text at the right."""


_WRAPS = (Fit.WRAPPED, Fit.FLOWING)
_WRAPPED_TEXT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
_ANY_HEIGHT = 10_000


class Label(QWidget):
    """One line of text, elided if there is no room; the tooltip then has all of it.

    A text may come with ``shorter`` wordings, longest first: the first that fits is drawn, the last is
    elided.
    """

    def __init__(
        self,
        theme: Theme,
        *,
        pixels: int = 12,
        bold: bool = False,
        tone: Tone = Tone.TEXT,
        fit: Fit = Fit.ELIDED,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._pixels = pixels
        self._is_bold = bold
        self._fit = fit
        self._reserved = ""
        self.tone = tone
        self.text = ""
        self._shorter: Sequence[str] = ()
        horizontal = QSizePolicy.Policy.Expanding if fit is Fit.FILLING else QSizePolicy.Policy.Maximum
        policy = QSizePolicy(horizontal, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(fit is Fit.FLOWING)
        self.setSizePolicy(policy)

    def set_text(self, text: str, tone: Tone | None = None, *, shorter: Sequence[str] = ()) -> None:
        """Show ``text``; an unchanged text is not redrawn."""
        tone = tone or self.tone
        if (text, tone, shorter) == (self.text, self.tone, self._shorter):
            return
        before = self.sizeHint()
        self.text, self.tone, self._shorter = text, tone, shorter
        self.setAccessibleName(text)
        self.setToolTip("" if self._fit is Fit.WHOLE else text)
        if self._fit in _WRAPS or self.sizeHint() != before:
            # Lays out the whole window: too expensive for a clock that ticks.
            self.updateGeometry()
        self.update()

    def reserve(self, text: str) -> None:
        """Reserve room for ``text``, so that neighbours do not move while this label changes."""
        self._reserved = text
        self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802
        if not (self.text or self._reserved):
            return QSize(0, 0)
        # A label that fills asks for no more room than its shortest wording needs.
        wanted = self._shorter[-1] if self._fit is Fit.FILLING and self._shorter else self.text
        return self._size_of(wanted, self._reserved)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        if self._fit is Fit.WHOLE:
            return self.sizeHint()
        return self._size_of(self._shorter[-1]) if self._shorter else QSize(0, self.sizeHint().height())

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        metrics = self._theme.metrics(self._pixels, bold=self._is_bold)
        if self._fit is not Fit.FLOWING or self._width(self.text) <= width:
            return metrics.height() if self.text else 0
        return metrics.boundingRect(QRect(0, 0, width, _ANY_HEIGHT), _WRAPPED_TEXT, self.text).height()

    def _size_of(self, *texts: str) -> QSize:
        width = max(self._width(text) for text in texts)
        return QSize(width + 2, self._theme.metrics(self._pixels, bold=self._is_bold).height())

    def _width(self, text: str) -> int:
        return self._theme.text_width(text, self._pixels, bold=self._is_bold)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setFont(self._theme.font(self._pixels, bold=self._is_bold))
        painter.setPen(self._theme.colour(self.tone))
        if self._fit in _WRAPS and self._width(self.text) > self.width():
            painter.drawText(self.rect(), _WRAPPED_TEXT, self.text)
            return
        side = Qt.AlignmentFlag.AlignRight if self._fit is Fit.FILLING else Qt.AlignmentFlag.AlignLeft
        painter.drawText(self.rect(), side | Qt.AlignmentFlag.AlignVCenter, self.drawn)

    @property
    def drawn(self) -> str:
        """Return the text as there is room for it."""
        metrics = self._theme.metrics(self._pixels, bold=self._is_bold)
        wordings = (self.text, *self._shorter)
        fitting = next((text for text in wordings if self._width(text) <= self.width()), None)
        if fitting is not None:
            return fitting
        return metrics.elidedText(wordings[-1], Qt.TextElideMode.ElideRight, self.width())


class FormMessage(QLabel):
    """Sentences that wrap. A form without room for them grows, so that none of its fields is squeezed.

    ``about`` is their subject for screen readers: their description, and the name of a message still empty.
    A name besides would be read instead of them.
    """

    def __init__(self, about: str) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setAccessibleDescription(about)
        self.setAccessibleName(about)

    def refuse(self, text: str) -> None:
        """Show in the colour of errors what is wrong with what was entered, or what failed."""
        self.setText(text)
        change_look(self, "refusal")

    def setText(self, text: str) -> None:  # noqa: N802
        change_look(self, "")
        super().setText(text)
        self.setAccessibleName("" if text else self.accessibleDescription())
        form = self.window()
        layout = form.layout()
        if layout is not None:
            layout.activate()
            form.resize(form.width(), max(form.height(), layout.totalHeightForWidth(form.width())))


class Chip(QWidget):
    """A short word on its own background, 16 px high; with a border instead if ``is_outline``."""

    def __init__(
        self, theme: Theme, text: str = "", *, tone: Tone = Tone.MISSING, is_outline: bool = False
    ) -> None:
        super().__init__()
        self._theme = theme
        self._tone = tone
        self._is_outline = is_outline
        self.text = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show ``text``, or nothing at all if it is empty."""
        if text != self.text:
            self.text = text
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def width_of(self, text: str) -> int:
        """Return its width with this text, in pixels; 0 without one."""
        return self._theme.metrics(10, bold=True).horizontalAdvance(text) + 14 if text else 0

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(self.width_of(self.text), 16 if self.text else 0)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        if not self.text:
            return
        painter = QPainter(self)
        paint_chip(
            painter, self._theme, QRectF(self.rect()), self.text, self._tone, is_outline=self._is_outline
        )


class ChipButton(Chip):
    """A chip that can be clicked."""

    clicked = Signal()

    def mousePressEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        self.clicked.emit()


def paint_chip(
    painter: QPainter, theme: Theme, box: QRectF, text: str, tone: Tone, *, is_outline: bool
) -> None:
    """Draw a chip into ``box``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if is_outline:
        painter.setPen(theme.colour("control"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.ground(tone))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    painter.setFont(theme.font(10, bold=True))
    painter.setPen(theme.colour(tone))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
