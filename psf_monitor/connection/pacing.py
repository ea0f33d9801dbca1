"""Every throttle between the wire and the screen, with its reason; they are tuned to each other.

HAMMER's frames are read in turns, each turn is passed to the book, and the book is read by the window's
frames, the indicators and the streams of the local API.
"""

import time
from datetime import timedelta

QUIET_FRAMES = 24
"""A turn of reading with fewer frames than this counts as quiet."""
STILL_MANY_FRAMES = 10
"""The same after a short rest: at 300 frames a second, 10 arrive in a short rest and 24 in a long one."""
QUIET_REST_S = 0.08
"""The rest after a quiet turn, so that the next one is worth waking for; also for TWS's answer to a request
that only repeats the last one.
"""
UNSEEN_FRAMES = 75
"""A turn with fewer frames than this counts as quiet while nobody is looking."""
UNSEEN_REST_S = 0.25
"""The rest after such a turn; a price alert is then no later than any other."""
REST_S = 0.032
"""The rest after a turn with more frames; no shorter than a frame of the window."""
FLOOD_REST_S = 0.002
"""The rest after a turn that came from a nearly full kernel buffer, which must not fill up."""
HALF_FRAME_S = 0.005
"""How long a turn waits for the rest of a frame that has begun to arrive."""

FLOOD = 600
"""A turn with this many frames is a flood: more are waiting."""
HAND_OVER_EVERY_S = 0.06
"""The interval of reports during a flood: calculating and painting one takes the time of many frames."""

DEPTH_EVERY_S = 0.1
"""The shortest interval of depth reports: depth is read row by row, and its windows are drawn as often."""

TWS_PORTION_BYTES = 16_384
"""How many bytes of TWS are processed in one turn: some 30 orders, a few milliseconds."""

ORDERS_A_TURN = 150
"""How many orders of TWS's first list are read in one turn, so that thousands do not block the window."""

SUBSCRIBE_PAUSE_S = 0.1
"""The pause between two batches of requests: HAMMER drops the line of a client that asks for much more."""

FRAME_MS = 26
"""The window's frame interval: no longer than the rests of reading under load, which would add up."""
LOOK_MS = 8
"""The same after a frame that had nothing to paint."""
ROWS_A_TURN = 200
"""How many rows are calculated in one turn besides those on the screen: some 6 ms."""
ROWS_OF_A_SCREEN = 100
"""The positions that fit on a large screen: up to this many, sums are shown in the same frame as rows.

The sums of more take as long as many rows, and are calculated once a second.
"""
FILLS_FRAME_MS = 100
"""Fills arrive one by one and not by the hundred a second: a tenth of a second is early enough."""
FILLS_OF_A_SCREEN = 100
"""How many fills of a past day are read first: a large screen shows no more at once."""
FILLS_A_TURN = 500
"""How many fills are read, shown, sorted or added up in one turn: some 5 ms."""
CELLS_A_TURN = 1000
"""How many cells are written to a file or the clipboard in one turn: some 6 ms."""
SYMBOL_WINDOW_MS = 100
"""The window of one share is drawn ten times a second."""
SYMBOL_WINDOWS_EACH_MS = 150
"""What each of several open windows adds to the interval of all: together they are drawn 7 times a second."""
CURVE_MS = 1000
"""The day's curve gets a point a minute; its last value is updated every second."""

ALERTS_FRAME_MS = 100
"""The shortest interval in which the list of alerts is updated, however many fire at once."""
REPLAY_BAR_MS = 200
"""The timeline of a replay advances by seconds of the recording, or by many at once."""
API_DIALOG_MS = 1000
"""The shortest interval in which the dialog of the local API updates its number of readers."""

INDICATORS_EVERY = timedelta(seconds=1)
"""The shortest interval in which the indicators of a symbol with new prints are calculated."""
INDICATORS_SLIDE = timedelta(seconds=60)
"""Prints leave a window with time alone: a table is never behind by more than this."""

STREAM_EVERY_S = 0.25
"""The interval of a stream of the local API; the README promises up to four updates a second."""

ALERTS_EVERY_S = 0.25
"""The shortest interval in which alerts on anything but prices, such as orders or P&L, are checked.

Without news they are checked only if time alone, or every price, may make one fire.
"""

LOOK_EVERY_S = 0.05
"""The interval in which a command, or a request of the API, looks whether what it waits for has come."""
WAKE_EVERY_MS = 20
"""The interval in which the window looks whether a thread, or the session that it is closing, has ended."""


def until_next(period_s: float) -> float:
    """Return about ``period_s`` seconds: until the computer's clock reads a multiple of it.

    Everyone who waits like this wakes at the same moment, together with the window's clock.
    """
    left_s = period_s - time.time() % period_s
    return left_s if left_s >= period_s / 2 else left_s + period_s
