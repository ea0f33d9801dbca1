"""segoe.py FONTS FOLDER: writes Selawik, as wide as Segoe UI, to FOLDER under the name that Qt asks for."""

import sys
from pathlib import Path

from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

MINUS = 0x2212
STYLES = {"selawk.ttf": ("Regular", "segoeui.ttf"), "selawkb.ttf": ("Bold", "segoeuib.ttf")}
FAMILY, STYLE, FULL_NAME, POSTSCRIPT_NAME = 1, 2, 4, 6
TYPOGRAPHIC_NAMES = (16, 17, 21, 22)


def rename(font: TTFont, style: str) -> None:
    texts = {FAMILY: "Segoe UI", STYLE: style, FULL_NAME: "Segoe UI", POSTSCRIPT_NAME: f"SegoeUI-{style}"}
    if style != "Regular":
        texts[FULL_NAME] += f" {style}"
    for number in (*TYPOGRAPHIC_NAMES, *texts):
        font["name"].removeNames(nameID=number)
    for number, text in texts.items():
        font["name"].addMultilingualName({"en": text}, nameID=number)


def add_minus(font: TTFont) -> None:
    """Selawik has none: a bar as thick as the hyphen where the plus has its own, and as wide."""
    letters = font.getBestCmap()
    plus, hyphen = font["glyf"][letters[ord("+")]], font["glyf"][letters[ord("-")]]
    thickness = hyphen.yMax - hyphen.yMin
    low = (plus.yMin + plus.yMax - thickness) // 2
    pen = TTGlyphPen(None)
    pen.moveTo((plus.xMin, low))
    for corner in ((plus.xMin, low + thickness), (plus.xMax, low + thickness), (plus.xMax, low)):
        pen.lineTo(corner)
    pen.closePath()
    font.setGlyphOrder([*font.getGlyphOrder(), "minus"])
    font["glyf"]["minus"] = pen.glyph()
    font["hmtx"]["minus"] = font["hmtx"][letters[ord("+")]]
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[MINUS] = "minus"


def main() -> None:
    fonts, folder = map(Path, sys.argv[1:])
    for source, (style, name) in STYLES.items():
        font = TTFont(fonts / source)
        rename(font, style)
        add_minus(font)
        font.save(folder / name)


if __name__ == "__main__":
    main()
