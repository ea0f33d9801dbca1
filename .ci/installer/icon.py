"""icon.py SVG FILE: draws the icon.

An .ico has every size that Windows asks for, 100 to 400 %. A .png is the window's own, in the largest:
Qt makes the others of it, without its library for SVG.
"""

import os
import struct
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QIcon

SIZES = (16, 20, 24, 30, 32, 36, 40, 48, 60, 64, 72, 80, 96, 128, 256)
HEADER, ENTRY = "<HHH", "<BBBBHHII"


def png(icon: QIcon, size: int) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture = icon.pixmap(size, size).toImage()
    scaled = picture.scaled(size, size, mode=Qt.TransformationMode.SmoothTransformation)
    scaled.save(buffer, "PNG")
    return data.data()


def ico(pictures: dict[int, bytes]) -> bytes:
    at = struct.calcsize(HEADER) + len(pictures) * struct.calcsize(ENTRY)
    parts = [struct.pack(HEADER, 0, 1, len(pictures))]
    for size, picture in pictures.items():
        # 256 does not fit a byte and is written as 0.
        parts.append(struct.pack(ENTRY, size % 256, size % 256, 0, 0, 1, 32, len(picture), at))
        at += len(picture)
    return b"".join([*parts, *pictures.values()])


def main() -> None:
    svg, target = map(Path, sys.argv[1:])
    application = QGuiApplication([])
    icon = QIcon(str(svg))
    if target.suffix == ".png":
        target.write_bytes(png(icon, SIZES[-1]))
    else:
        target.write_bytes(ico({size: png(icon, size) for size in SIZES}))
    del application


if __name__ == "__main__":
    main()
