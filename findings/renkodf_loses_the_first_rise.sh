#!/usr/bin/env bash
# renkodf 2.0 for Python makes bricks of prices, one for each quarter of a dollar, say. It drops its first row by its time, and with it
# all rows of that time: where a share that stood at 25 opens at 25.75, the three bricks have one time, and none is left. Bricks of ten
# cents are counted by floats: 24.8 and 24.7 are 0.0999.. apart, which is no brick, so a share that falls by a dollar in steps of ten
# cents has seven bricks, each a step late, and the last of them ends at 24.10.
# Guessed: three bricks up to 25.75; ten down to 24.00.
# Python 3.10 to 3.13. Output seen:
#   at 25, then at 25.75: none; then at 26: 25.75-26.00; 25 to 24 by ten cents: 7 bricks, the last one at 24.0: 24.20-24.10
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pandas==2.3.3 numpy==2.2.6
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps renkodf==2.0
# It imports mplfinance for its charts, of which none is drawn here.
mkdir "$folder/charts"
touch "$folder/charts/mplfinance.py"
PYTHONPATH="$folder/charts" "$folder/venv/bin/python" -W ignore - <<'PYTHON'
import pandas
from renkodf import Renko


def bricks(prices: list[float], size: float) -> list[str]:
    """Return the bricks that are made of prices, one a minute, each from its open to its close."""
    times = pandas.date_range("2026-11-27 10:00", periods=len(prices), freq="min")
    table = Renko(pandas.DataFrame({"close": prices}, index=times), size).renko_df("normal")
    return [f"{begun:.2f}-{ended:.2f}" for begun, ended in zip(table["open"], table["close"])]


STOOD = [25.0] * 10
opened = bricks([*STOOD, 25.75, 25.75], 0.25)
later = bricks([*STOOD, 25.75, 25.75, 26.0], 0.25)
steps = [25 - step / 10 for step in range(11)]
fell = bricks([price for price in steps for _ in range(3)], 0.1)
seen = (f"at 25, then at 25.75: {', '.join(opened) or 'none'}; then at 26: {', '.join(later)}; "
        f"25 to 24 by ten cents: {len(fell)} bricks, the last one at {steps[-1]}: {fell[-1]}")
print(seen)
assert seen == ("at 25, then at 25.75: none; then at 26: 25.75-26.00; "
                "25 to 24 by ten cents: 7 bricks, the last one at 24.0: 24.20-24.10")
PYTHON
