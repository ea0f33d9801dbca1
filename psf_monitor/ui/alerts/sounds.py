"""The sounds of alerts: short synthesized tones, played by whatever the system offers."""

import io
import math
import shutil
import struct
import sys
import wave
from contextlib import suppress
from functools import cache
from pathlib import Path

from PySide6.QtCore import QProcess, QStandardPaths
from PySide6.QtWidgets import QApplication

from psf_monitor import files
from psf_monitor.domain.alerts.alert import AlertKind

if sys.platform == "win32":
    import winsound

SOUNDS: dict[str, tuple[tuple[float, int], ...]] = {
    "chime": ((880.0, 110), (1318.5, 200)),
    "rise": ((523.3, 90), (659.3, 90), (784.0, 150)),
    "fall": ((784.0, 90), (659.3, 90), (523.3, 150)),
    "knock": ((220.0, 60), (0.0, 50), (220.0, 60)),
    "alarm": ((988.0, 120), (740.0, 120), (988.0, 120), (740.0, 120)),
}
"""The notes of each sound by name: frequency in hertz, 0 for a rest, and milliseconds."""

USUAL_SOUNDS = {
    AlertKind.PRICE: "chime",
    AlertKind.SIZE: "knock",
    AlertKind.NEAR_FILL: "rise",
    AlertKind.ORDER: "chime",
    AlertKind.PNL: "fall",
    AlertKind.QUIET: "knock",
    AlertKind.LINK: "alarm",
}
"""The default sound of a new alert of each kind."""

_RATE = 22_050
_LOUDNESS = 0.35
_EDGE_S = 0.008
_PLAYERS = (("paplay",), ("pw-play",), ("aplay", "-q"))


def play(name: str) -> None:
    """Play a sound by name and return at once; a beep if the system can play none."""
    if name not in SOUNDS:
        return
    path = sound_file(name)
    if path is None:
        QApplication.beep()
    elif sys.platform == "win32":
        try:
            winsound.PlaySound(str(path), winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)
        except RuntimeError:
            # A computer without a sound device.
            QApplication.beep()
    else:
        command = next((each for each in _PLAYERS if shutil.which(each[0])), None)
        if command is None or not QProcess.startDetached(command[0], [*command[1:], str(path)]):
            QApplication.beep()


@cache
def as_wave(name: str) -> bytes:
    """Return the sound as a WAV file: 16 bits, mono."""
    samples: list[float] = []
    for hertz, milliseconds in SOUNDS[name]:
        count = _RATE * milliseconds // 1000
        for place in range(count):
            edge = min(place, count - place) / (_RATE * _EDGE_S)
            samples.append(_LOUDNESS * min(edge, 1.0) * math.sin(2 * math.pi * hertz * place / _RATE))
    data = io.BytesIO()
    with wave.open(data, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(_RATE)
        out.writeframes(struct.pack(f"<{len(samples)}h", *(round(32767 * sample) for sample in samples)))
    return data.getvalue()


def sound_file(name: str) -> Path | None:
    """Return the sound's file in the user's cache; ``None`` if it cannot be written.

    A damaged one, with which an alert would be silent, is written anew.
    """
    cache = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.CacheLocation)
    path = Path(cache) / f"{name}.wav"
    data = as_wave(name)
    try:
        with suppress(FileNotFoundError):
            if files.read(path, files.AT_ONCE) == data:
                return path
        files.write_atomic(path, data, lambda _written: None, waits_s=files.AT_ONCE)
    except OSError:
        return None
    return path
