#!/usr/bin/env bash
# tapy 1.11.0 has an average true range that knows falls overnight and no rises: from a close of 25.00 to a day between 26.00 and 26.40
# the range is 0.40, and of a fall of the same size 1.40. Accumulation and distribution is one figure for all days, the sum to the last
# of them, so that the first day knows the whole week. And the power of the bears has the wrong sign: a low under the average is a
# positive one.
# Guessed: 1.40 either way, the distance from the close before; a sum to each day; and the low less the average.
# Python 3.11 to 3.13. Output seen:
#   true range of a fall 1.40, of a rise 0.40; accumulated by day 150, 150, 150; bears 0.30
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pandas==2.3.3 numpy==2.2.6
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps tapy==1.11.0
"$folder/venv/bin/python" - <<'PYTHON'
import pandas as pd
from tapy import Indicators


def true_range(low: float, high: float) -> float:
    """The range of a day after a close of 25.00."""
    days = Indicators(pd.DataFrame({"High": [25.2, high], "Low": [24.8, low], "Close": [25.0, low + 0.1]}))
    days.atr(period=1, column_name="range")
    return round(days.df["range"].iloc[-1], 2)


fall, rise = true_range(23.6, 24.0), true_range(26.0, 26.4)
week = Indicators(pd.DataFrame({"High": [25.4] * 3, "Low": [25.0] * 3, "Close": [25.4, 25.2, 25.3], "Volume": [100, 300, 100]}))
week.accumulation_distribution(column_name="accumulated")
week.bears_power(period=3, column_name="bears")
accumulated = [round(each) for each in week.df["accumulated"]]
bears = week.df["bears"].iloc[-1]
print(f"true range of a fall {fall:.2f}, of a rise {rise:.2f}; accumulated by day {', '.join(map(str, accumulated))}; bears "
      f"{bears:.2f}")
assert (fall, rise) == (1.4, 0.4)
assert accumulated == [150, 150, 150]
assert week.df["Close"].ewm(span=3, adjust=False).mean().iloc[-1] > 25 and bears > 0
PYTHON
