"""Colours and type: the only module with hex colours. Pairs that are used together keep their contrast."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from psf_monitor.ui.style.painted_text import Face, TextStyle
from psf_monitor.ui.style.stylesheet import stylesheet
from psf_monitor.ui.style.windows_os import is_high_contrast

_IS_FUSION = "is_fusion"
"""A property of the application, set once its style has been chosen."""


class Palette(Struct, frozen=True):
    """One set of colours, ``#RRGGBB``.

    Text colours have a contrast of 4.5 : 1 on every surface below them; borders, lights and marks 3 : 1.
    """

    window: str
    card: str
    base: str
    alt: str
    header: str
    grid: str
    divider: str
    control: str
    selection: str
    text: str
    text2: str
    stale: str
    gain: str
    loss: str
    accent: str
    accent_text: str
    warn: str
    warn_bg: str
    near_fill: str
    error: str
    error_bg: str
    error_light: str
    demo: str
    demo_bg: str
    paper: str
    paper_bg: str
    buy: str
    buy_bg: str
    sell: str
    sell_bg: str
    short: str
    short_bg: str
    tick_up: str
    tick_down: str
    submitted: str
    held: str
    pending: str
    cancelling: str
    cancelled: str


DARK = Palette(
    window="#14171C",
    card="#1B2027",
    base="#171B21",
    alt="#1C2128",
    header="#222932",
    grid="#262D37",
    divider="#2F3844",
    control="#66758A",
    selection="#1E3654",
    text="#E6EAF0",
    text2="#AEB8C5",
    stale="#97A3B2",
    gain="#45CDB5",
    loss="#FF7F5C",
    accent="#5AA2FF",
    accent_text="#0B1420",
    warn="#F5C451",
    warn_bg="#3B2F10",
    near_fill="#3A3010",
    error="#FFB3AB",
    error_bg="#4A1D1D",
    error_light="#FF6B5E",
    demo="#14171C",
    demo_bg="#F5C451",
    paper="#EADBFF",
    paper_bg="#4B2C7A",
    buy="#9CCBFF",
    buy_bg="#1D3B5C",
    sell="#FFC078",
    sell_bg="#4A3014",
    short="#E3B1FF",
    short_bg="#41285A",
    tick_up="#17463F",
    tick_down="#5A2A1E",
    submitted="#4CC38A",
    held="#5B8CFF",
    pending="#7FD4FF",
    cancelling="#E07BE0",
    cancelled="#FF6B5E",
)

LIGHT = Palette(
    window="#EEF1F5",
    card="#FFFFFF",
    base="#FFFFFF",
    alt="#F6F8FB",
    header="#E4E9F0",
    grid="#E6EBF1",
    divider="#CBD3DD",
    control="#77869A",
    selection="#DCE9FF",
    text="#171C23",
    text2="#465364",
    stale="#5C6979",
    gain="#006E5E",
    loss="#BC2F0E",
    accent="#0A5FCB",
    accent_text="#FFFFFF",
    warn="#7A5200",
    warn_bg="#FFF1C9",
    near_fill="#FFF4D1",
    error="#8E1616",
    error_bg="#FDE3E1",
    error_light="#C0281C",
    demo="#FFFFFF",
    demo_bg="#7A5200",
    paper="#FFFFFF",
    paper_bg="#6B3FB5",
    buy="#0A4690",
    buy_bg="#D8E8FF",
    sell="#7A3E00",
    sell_bg="#FFE3C2",
    short="#5E1E8C",
    short_bg="#EFDDFF",
    tick_up="#C9EFE6",
    tick_down="#FFDCCF",
    submitted="#0B7A45",
    held="#1746C8",
    pending="#0A84B8",
    cancelling="#A020A0",
    cancelled="#C0281C",
)


class Tone(StrEnum):
    """The meaning of a text's colour; the value is the palette's field."""

    TEXT = "text"
    TEXT2 = "text2"
    STALE = "stale"
    GAIN = "gain"
    LOSS = "loss"
    WARN = "warn"
    ERROR = "error"
    ALARM = "error_light"
    PAPER = "paper"
    BUY = "buy"
    SELL = "sell"
    SHORT = "short"
    MISSING = "warn "
    """The ``none`` chip: the colour of a warning, on its own background."""
    DEMO = "demo"
    SUBMITTED = "submitted"
    HELD = "held"
    PENDING = "pending"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"


CHIP_TONES = frozenset({Tone.PAPER, Tone.BUY, Tone.SELL, Tone.SHORT, Tone.MISSING})
"""Tones that are drawn on a background of their own."""


class Scheme(StrEnum):
    """The trader's choice; SYSTEM follows the operating system."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


class Hues(StrEnum):
    """The pair of colours for gain and loss."""

    TEAL_ORANGE = "teal-orange"
    BLUE_ORANGE = "blue-orange"


BLUE_ORANGE = {
    "dark": {"gain": "#6CB2FF", "loss": "#FFB454"},
    "light": {"gain": "#0A5FCB", "loss": "#9A4A00"},
}
"""Distinguishable with every kind of colour vision."""

DENSITIES = (18, 20, 24)
"""Row heights in device-independent pixels at a zoom of 1."""
ZOOMS = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)


class Theme(QObject):
    """The colours and fonts in use, as Qt objects made once. ``changed`` is emitted after every change."""

    changed = Signal()

    def __init__(self, scheme: Scheme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.scheme = scheme
        self.hues = Hues.TEAL_ORANGE
        self.density = 20
        self.zoom = 1.0
        self.palette = DARK
        self._is_high_contrast = False
        self._colours: dict[str, QColor] = {}
        self._fonts: dict[tuple[int, bool, bool, bool], QFont] = {}
        self._metrics: dict[tuple[int, bool, bool, bool], QFontMetrics] = {}
        self._faces: dict[tuple[int, bool, bool, bool], Face] = {}
        self._written: dict[TextStyle, tuple[Face, QColor]] = {}
        self._apply()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_systems_scheme)

    def choose(self, scheme: Scheme) -> None:
        if scheme is not self.scheme:
            self.scheme = scheme
            self._apply()

    def choose_hues(self, hues: Hues) -> None:
        if hues is not self.hues:
            self.hues = hues
            self._apply()

    def choose_density(self, pixels: int) -> None:
        """Set the height of table rows at a zoom of 1."""
        if pixels != self.density:
            self.density = pixels
            self.changed.emit()

    def choose_zoom(self, zoom: float) -> None:
        """Set the zoom of the tables; 1 is normal."""
        if zoom != self.zoom:
            self.zoom = zoom
            self.changed.emit()

    def zoomed(self, pixels: int) -> int:
        """Return a length of the tables at the current zoom."""
        return round(pixels * self.zoom)

    def _on_systems_scheme(self, _scheme: Qt.ColorScheme) -> None:
        # A slot instead of a lambda, with which the application would keep every theme alive.
        self.follow_system()

    def follow_system(self) -> None:
        """Apply the system's colours again; high contrast begins and ends whatever scheme was chosen."""
        if self.scheme is Scheme.SYSTEM or self._is_high_contrast or is_high_contrast():
            self._apply()

    @property
    def row_height(self) -> int:
        """The height of a row of a table at the current zoom, in device-independent pixels."""
        return self.zoomed(self.density)

    def colour(self, name: str) -> QColor:
        """Return the colour of a tone or of a palette field."""
        return self._colours[name]

    def ground(self, tone: Tone) -> QColor:
        """Return the background of a chip of this tone."""
        return self._colours[f"{tone.value.strip()}_bg"]

    def font(
        self, pixels: int = 12, *, bold: bool = False, italic: bool = False, strike: bool = False
    ) -> QFont:
        """Return a font with digits of equal width, so that they line up."""
        key = (pixels, bold, italic, strike)
        if key not in self._fonts:
            font = QFont(["Segoe UI", "DejaVu Sans Condensed", "sans-serif"])
            font.setPixelSize(pixels)
            font.setFeature(QFont.Tag("tnum"), 1)
            font.setBold(bold)
            font.setItalic(italic)
            font.setStrikeOut(strike)
            self._fonts[key] = font
            self._metrics[key] = QFontMetrics(font)
        return self._fonts[key]

    def face(
        self, pixels: int = 12, *, bold: bool = False, italic: bool = False, strike: bool = False
    ) -> Face:
        """Return the same font together with its measured widths."""
        key = (pixels, bold, italic, strike)
        face = self._faces.get(key)
        if face is None:
            face = self._faces[key] = Face(self.font(pixels, bold=bold, italic=italic, strike=strike))
        return face

    def written(self, style: TextStyle) -> tuple[Face, QColor]:
        """Return the font and colour of a text of this style."""
        found = self._written.get(style)
        if found is None:
            tone, pixels, bold, italic, strike = style
            found = self.face(pixels, bold=bold, italic=italic, strike=strike), self.colour(tone)
            self._written[style] = found
        return found

    def metrics(self, pixels: int = 12, *, bold: bool = False, italic: bool = False) -> QFontMetrics:
        self.font(pixels, bold=bold, italic=italic)
        return self._metrics[pixels, bold, italic, False]

    def text_width(self, text: str, pixels: int = 12, *, bold: bool = False) -> int:
        """Return the width of a text in whole pixels."""
        return int(self.face(pixels, bold=bold).width(text) + 0.5)

    @property
    def sheet(self) -> str:
        """Return the style sheet of plain controls: menus, buttons, boxes, scroll bars."""
        return stylesheet({name: getattr(self.palette, name) for name in Palette.__struct_fields__})

    @property
    def qt_palette(self) -> QPalette:
        """Return the palette of everything that Qt draws by itself."""
        palette = QPalette(self._colours["window"])
        role = QPalette.ColorRole
        for name, roles in {
            "window": (role.Window, role.Button),
            "base": (role.Base,),
            "alt": (role.AlternateBase, role.ToolTipBase),
            "text": (role.Text, role.WindowText, role.ButtonText, role.ToolTipText, role.HighlightedText),
            "selection": (role.Highlight,),
            "text2": (role.PlaceholderText,),
            "accent": (role.Link, role.Accent),
        }.items():
            for each in roles:
                palette.setColor(each, self._colours[name])
        return palette

    def colour_ticks(self) -> None:
        """Draw check boxes in these colours: with a style sheet no window passes its palette on."""
        palette = self.qt_palette
        # Fusion draws the border of a box in its window's colour, darkened by about this much.
        palette.setColor(QPalette.ColorRole.Window, self._colours["control"].lighter(130))
        # PySide6 accepts the name of a class as text, whatever its stubs say.
        QApplication.setPalette(palette, "QCheckBox")  # type: ignore[arg-type, unused-ignore]

    def _apply(self) -> None:
        dark = self.scheme is Scheme.DARK or (self.scheme is Scheme.SYSTEM and _system_is_dark())
        self.palette = DARK if dark else LIGHT
        self._is_high_contrast = is_high_contrast()
        if self._is_high_contrast:
            self.palette = high_contrast(QGuiApplication.palette())
        elif self.hues is Hues.BLUE_ORANGE:
            self.palette = replace(self.palette, **BLUE_ORANGE["dark" if dark else "light"])
        self._colours = {name: QColor(getattr(self.palette, name)) for name in Palette.__struct_fields__}
        self._colours |= {tone.value: self._colours[tone.value.strip()] for tone in Tone}
        self._written.clear()
        self.changed.emit()


def high_contrast(system: QPalette) -> Palette:
    """Return the system's own colours, for high contrast; shapes and words replace colour signals."""
    role = QPalette.ColorRole
    ground, text = system.color(role.Base).name(), system.color(role.Text).name()
    chosen = system.color(role.Highlight).name()
    grounds = {"window", "card", "base", "alt", "header", "grid", "selection", "accent_text"}
    grounds |= {"near_fill", "tick_up", "tick_down"}
    return Palette(
        **{
            name: chosen if name == "accent" else ground if name in grounds or name.endswith("_bg") else text
            for name in Palette.__struct_fields__
        }
    )


def use_fusion() -> None:
    """Set the only style that follows both palettes and does not pad rows."""
    application = QApplication.instance()
    if not isinstance(application, QApplication) or application.property(_IS_FUSION):
        return
    if application.style().objectName() != "fusion":
        application.setStyle("Fusion")
    application.setProperty(_IS_FUSION, True)


def fusion_application(arguments: Sequence[str]) -> QApplication:
    """Create the application in the style of ``use_fusion``.

    Naming a style costs nothing; reading the current one makes PySide6 create the classes of all styles.
    """
    application = QApplication([*arguments, "-style", "fusion"])
    application.setProperty(_IS_FUSION, True)
    return application


def _system_is_dark() -> bool:
    return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
