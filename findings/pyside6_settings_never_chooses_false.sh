#!/usr/bin/env bash
# A form of pyside6-settings 1.0.3 offers True and False where a setting has these two choices. Who chooses False gets True, and reads
# True in the box: the text is made a bool, and any text is true. A limit of 0.125 is shown as 0.13, and one step up and down again
# writes 0.13 into the file. And a limit that was switched off, with None, is not in a TOML file at all: after the next start it is
# the 100 that it began with.
# Guessed: False; the limit as it is; and a limit that stays switched off, or an error.
# Python 3.11 to 3.13, no screen. Output seen:
#   chosen False: True; limit 0.125 shown as 0.13, in the file 0.13; switched off, after a start: 100.0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PySide6-Essentials==6.11.1 pydantic==2.14.4 toml==0.10.2 \
  PyYAML==6.0.4
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps pyside6-settings==1.0.3
FILE="$folder/settings.toml" "$folder/venv/bin/python" - <<'PYTHON'
import os
import tomllib

os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtWidgets import QApplication  # The first, as pydantic cannot be imported in part before it.
from pyside6_settings import BaseSettings, Field

application = QApplication([])
FILE = os.environ["FILE"]


class Settings(BaseSettings):
    sound: bool = Field(True, choices=[True, False])
    spread: float = Field(0.125)
    most: float | None = Field(100.0)


settings = Settings.load(FILE, auto_create=True)
sound = settings.get_widget("sound", with_label=False)
sound.setCurrentText("False")
spread = settings.get_widget("spread", with_label=False)
shown = spread.text()
spread.stepUp()
spread.stepDown()
settings.most = None
with open(FILE, "rb") as file:
    [written] = tomllib.load(file).values()
later = Settings.load(FILE)
print(f"chosen False: {settings.sound}; limit 0.125 shown as {shown}, in the file {written['spread']}; switched off, after a "
      f"start: {later.most}")
assert (settings.sound, sound.currentText(), written["sound"]) == (True, "True", True)
assert (shown, written["spread"]) == ("0.13", 0.13)
assert (settings.most, later.most) == (None, 100)
PYTHON
