#!/usr/bin/env bash
# eventkit 1.0.3 (which ib_insync brings) and aeventkit 2.1.0 (which ib_async brings) are two packages that install the
# same module, eventkit/. pip puts one over the other without a word, and taking either out takes the module from both:
# the other is still listed as installed, and its import fails.
# Guessed: an error when the second is installed, or a module that stays as long as one of them does.
# Python 3.10 to 3.13. Output seen: "listed: eventkit 1.0.3; import eventkit: No module named 'eventkit'".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
pip() { "$folder/venv/bin/pip" --quiet --disable-pip-version-check "$@"; }
pip install eventkit==1.0.3
pip install aeventkit==2.1.0
pip uninstall --yes aeventkit
listed=$("$folder/venv/bin/pip" --disable-pip-version-check list --format freeze | grep '^eventkit==' | tr '=' ' ' | tr -s ' ')
said=$("$folder/venv/bin/python" -c 'import eventkit' 2>&1 | tail -n 1 | sed 's/.*Error: //' || true)
echo "listed: $listed; import eventkit: $said"
[ "$listed" = "eventkit 1.0.3" ]
[ "$said" = "No module named 'eventkit'" ]
