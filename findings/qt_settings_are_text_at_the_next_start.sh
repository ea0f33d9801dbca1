#!/usr/bin/env bash
# What a program puts into a QSettings of an INI file, PySide6 6.11.1 gives back to that program as it was, also from a
# second QSettings of the file. The program that is started next gets text: False is "false", which Python takes for true,
# 25.4 is "25.4", and a watch list of one share is no list, so that a loop over it goes from letter to letter. Of two shares
# it is a list.
# Guessed: text for both, or what was set for both.
# Python 3.10 to 3.13, no screen. Output seen: "set: [False, 25.4, ['KEY PRK'], ['KEY PRI', 'KEY PRK']]; next start:
# ['false', '25.4', 'KEY PRK', ['KEY PRI', 'KEY PRK']]".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PySide6-Essentials==6.11.1
cat >"$folder/seen.py" <<'PYTHON'
import sys

from PySide6.QtCore import QSettings

path, start = sys.argv[1:]
SET = {"mute": False, "near": 25.4, "one": ["KEY PRK"], "two": ["KEY PRI", "KEY PRK"]}

if start == "first":
    settings = QSettings(path, QSettings.Format.IniFormat)
    for key, value in SET.items():
        settings.setValue(key, value)
    settings.sync()
kept = QSettings(path, QSettings.Format.IniFormat)
seen = [kept.value(key) for key in SET]
if start == "first":
    print(f"set: {seen}", end="; ")
    assert seen == list(SET.values())
else:
    print(f"next start: {seen}")
    assert seen == ["false", "25.4", "KEY PRK", ["KEY PRI", "KEY PRK"]]
PYTHON
"$folder/venv/bin/python" "$folder/seen.py" "$folder/settings.ini" first
"$folder/venv/bin/python" "$folder/seen.py" "$folder/settings.ini" next
