#!/usr/bin/env bash
# Where Qt wants a QDateTime, PySide6 6.11.1 takes a datetime of Python, reads its digits and drops its zone: a fill at
# 15:15 UTC stands in a QDateTimeEdit, and goes through a Signal(QDateTime), as 15:15 of where the computer stands. The way
# back, QDateTime.toPython() of a time in UTC, is a datetime without a zone, which Python takes for local time too.
# Guessed: the moment stays the same, or an exception says that the zone is lost.
# Python 3.10 to 3.13, no screen. Output seen, in New York: "edit 5 hours late, signal 5 hours late, back: no zone, 5 hours
# late".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PySide6-Essentials==6.11.1
TZ=America/New_York "$folder/venv/bin/python" - <<'PYTHON'
import os
from datetime import datetime, timezone

os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import QDateTime, QObject, QTimeZone, Signal
from PySide6.QtWidgets import QApplication, QDateTimeEdit


class Fills(QObject):
    filled = Signal(QDateTime)


TRADED = datetime(2026, 11, 27, 15, 15, 30, tzinfo=timezone.utc)


def hours_late(seconds: float) -> float:
    return (seconds - TRADED.timestamp()) / 3600


application = QApplication([])
edit = QDateTimeEdit()
edit.setDateTime(TRADED)
told = []
fills = Fills()
fills.filled.connect(told.append)
fills.filled.emit(TRADED)
back = QDateTime.fromSecsSinceEpoch(int(TRADED.timestamp()), QTimeZone.utc()).toPython()
seen = [hours_late(each) for each in (edit.dateTime().toSecsSinceEpoch(), told[0].toSecsSinceEpoch(), back.timestamp())]
zone = "no zone" if back.tzinfo is None else back.tzinfo
print("edit {:g} hours late, signal {:g} hours late, back: {}, {:g} hours late".format(*seen[:2], zone, seen[2]))
assert back.tzinfo is None
assert seen == [5, 5, 5]
PYTHON
