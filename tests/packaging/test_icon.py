"""The picture that the window shows as its icon, beside the drawing that the installers' icons come from."""

from pathlib import Path

from PySide6.QtGui import QIcon, QImage
from PySide6.QtWidgets import QApplication

from psf_monitor import files

SVG = Path(files.__file__).parents[1] / "resources" / "psf_monitor.svg"


def test_that_the_windows_icon_is_the_drawing_in_full_size(qapp: QApplication) -> None:
    assert qapp is not None
    shown = QImage(str(files.asset("psf_monitor.png")))
    drawn = QIcon(str(SVG)).pixmap(256, 256).toImage()
    assert shown.size() == drawn.size()
    # A curve's edge may fall a shade lighter or darker from one release of Qt to the next.
    shades = [
        max(abs(a - b) for a, b in zip(mine.getRgb(), its.getRgb(), strict=True))  # type: ignore[call-overload]
        for x in range(0, 256, 5)
        for y in range(0, 256, 5)
        for mine, its in [(shown.pixelColor(x, y), drawn.pixelColor(x, y))]
    ]
    assert max(shades) <= 32
