#!/usr/bin/env bash
# atomicwrites 1.4.1 writes a file whole or not at all. Where the path is a link, as of settings that stand in a folder
# which is kept in step between computers, the link is replaced by a file: what it led to stays old, and nothing is said.
# open(.., "w") writes to where the link leads.
# Guessed: the file that the link leads to is replaced.
# Python 3.10 to 3.13, on a system with links. Output seen: "link: False; link says new; the file it led to says old".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check atomicwrites==1.4.1
"$folder/venv/bin/python" - <<'PYTHON'
import tempfile
from pathlib import Path

from atomicwrites import atomic_write

folder = Path(tempfile.mkdtemp())
real, link = folder / "real.toml", folder / "settings.toml"
real.write_text("old")
link.symlink_to(real)
with atomic_write(str(link), overwrite=True) as file:
    file.write("new")
print(f"link: {link.is_symlink()}; link says {link.read_text()}; the file it led to says {real.read_text()}")
assert (link.is_symlink(), link.read_text(), real.read_text()) == (False, "new", "old")
PYTHON
