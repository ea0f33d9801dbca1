#!/usr/bin/env bash
# tomlkit 0.15.1 keeps comments when a program changes a file of settings. A comment above a table's header belongs to the
# table before, to its mind: a key that is added to that one comes behind the comment, which then reads as if it were about
# the new key, and the header that it is about stands bare.
# Guessed: a new key follows the last key of its table.
# Python 3.10 to 3.13. Output seen: the five lines below, with "enabled = true" behind "# the second login".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check tomlkit==0.15.1
"$folder/venv/bin/python" - <<'PYTHON'
import tomlkit

document = tomlkit.parse("[gun]\nport = 4001\n\n# the second login\n[ped]\nport = 4002\n")
document["gun"]["enabled"] = True
written = tomlkit.dumps(document)
print(written, end="")
assert written == "[gun]\nport = 4001\n\n# the second login\nenabled = true\n[ped]\nport = 4002\n"
PYTHON
