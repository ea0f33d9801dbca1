#!/usr/bin/env bash
# VWAP is, by the words of both ta 0.11.0 and finta 1.3, what was traded in the day divided by the shares of the day. ta takes
# the last 14 bars, whatever day they are of: at the open it is yesterday's afternoon, at the close the morning is gone, where
# nearly all was traded. finta takes all bars that it is given, and never begins a day. Whoever bought at 24.50 that day bought
# above the average, by ta below it.
# Guessed: one figure for both, that of the bars of the day.
# Python 3.10 to 3.13. Output seen, of quarter hours of two days, the first at 20, the second at 24 until 12:30 and then at 25:
#   after the open: of the day 24.00, ta 21.74, finta 21.11; at the close: of the day 24.10, ta 25.00, finta 23.44
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ta==0.11.0 finta==1.3 pandas==2.3.3 numpy==2.2.6
"$folder/venv/bin/python" - <<'PYTHON'
import pandas
from finta import TA
from ta.volume import VolumeWeightedAveragePrice

BARS_A_DAY = 26  # Quarter hours from 09:30 to 16:00.
DAYS = ("2026-11-24", "2026-11-25")
# Price and shares of each bar.
TRADED = [(20, 100)] * BARS_A_DAY + [(24, 1000)] * 12 + [(25, 100)] * 14

times = [time for day in DAYS for time in pandas.date_range(f"{day} 09:30", periods=BARS_A_DAY, freq="15min")]
bars = pandas.DataFrame(TRADED, columns=["close", "volume"], index=times, dtype=float)
bars = bars.assign(open=bars["close"], high=bars["close"], low=bars["close"])
today = bars.loc[DAYS[1]]
of_the_day = (today["close"] * today["volume"]).cumsum() / today["volume"].cumsum()
by_ta = VolumeWeightedAveragePrice(bars["high"], bars["low"], bars["close"], bars["volume"]).volume_weighted_average_price()
by_finta = TA.VWAP(bars)
seen = "; ".join(
    f"{when}: of the day {of_the_day[time]:.2f}, ta {by_ta[time]:.2f}, finta {by_finta[time]:.2f}"
    for when, time in (("after the open", today.index[0]), ("at the close", today.index[-1]))
)
print(seen)
assert seen == (
    "after the open: of the day 24.00, ta 21.74, finta 21.11; at the close: of the day 24.10, ta 25.00, finta 23.44"
)
PYTHON
