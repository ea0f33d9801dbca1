"""Every throttle between the wire and whoever looks, with its reason: they are tuned together.

HAMMER's frames are read in turns, each turn is passed to the book, and the book is read by the window's
frames, the indicators and the streams of the local API.
"""

import time
from datetime import timedelta

QUIET_FRAMES = 24
"""A turn of reading that brought fewer frames than this brought little."""
STILL_MANY_FRAMES = 10
"""Behind a short rest these are as many: at 300 a second, 10 come in a short one and 24 in a long one."""
QUIET_REST_S = 0.08
"""Reading rests so long after a turn that brought little, so that the next one is worth waking for."""
UNSEEN_FRAMES = 75
"""The same, while nobody looks at what comes."""
UNSEEN_REST_S = 0.25
"""Reading rests so long after such a turn: an alert of a price is no later than any other."""
REST_S = 0.032
"""The same after a turn that brought more: no shorter than a frame of the window."""
FLOOD_REST_S = 0.002
"""The same after a turn that came from a kernel that was nearly full: it must not fill up."""
HALF_FRAME_S = 0.005
"""How long a turn waits for the rest of what has begun to come."""

FLOOD = 600
"""Frames read at once that are too many to be all that is waiting."""
HAND_OVER_EVERY_S = 0.06
"""In a flood: what is passed on is calculated and painted, which takes the time of many frames."""

DEPTH_EVERY_S = 0.1
"""The depth is passed on no more often: it is read row by row, and its windows are drawn as often."""

TWS_PORTION_BYTES = 16_384
"""So much of what TWS sends at once is read in a turn: some 30 orders, a few milliseconds."""

ORDERS_A_TURN = 150
"""So many orders of TWS's first list are read before Qt has its turn, so that thousands hold nothing up."""

SUBSCRIBE_PAUSE_S = 0.1
"""Between two batches of requests: HAMMER drops the line of a client that asks for much more at once."""

FRAME_MS = 26
"""The window's frame: no longer than reading rests under load, or what came would wait for it, too."""
LOOK_MS = 8
"""The same after a frame that had nothing to paint."""
ROWS_A_TURN = 200
"""So many rows are calculated besides those on the screen before Qt has its turn: some 6 ms."""
ROWS_OF_A_SCREEN = 100
"""So many positions fit on a large screen: their sums are shown in the frame that shows the rows.

The sums of more take as long as many rows, and come once a second.
"""
FILLS_FRAME_MS = 100
"""Fills come one by one and not by the hundred a second: a tenth of a second is early enough."""
FILLS_OF_A_SCREEN = 100
"""So many fills of a past day are read first: a large screen shows no more at once."""
FILLS_A_TURN = 1000
"""So many are read, shown, put in order or added up before Qt has its turn: some 6 ms."""
CELLS_A_TURN = 1000
"""So many cells are written for a file or the clipboard before Qt has its turn: some 6 ms."""
SYMBOL_WINDOW_MS = 100
"""The window of one share is drawn ten times a second."""
SYMBOL_WINDOWS_EACH_MS = 150
"""What each of several open ones adds to the interval of all: together they are drawn 7 times a second."""
CURVE_MS = 1000
"""The curve of the day gets a point a minute; its last figure is as of the second."""

ALERTS_FRAME_MS = 100
"""The list of the alerts is filled no more often, however many fire at once."""
REPLAY_BAR_MS = 200
"""The time line of a replay moves by the second of the recording, or by many of them at once."""
API_CARD_MS = 1000
"""The card of the local API shows its readers no more often."""

INDICATORS_EVERY = timedelta(seconds=1)
"""The indicators of a symbol that goes on printing are calculated once in this time."""
INDICATORS_SLIDE = timedelta(seconds=60)
"""Prints grow too old for a window by time alone: what a table shows is never behind by more than this."""

STREAM_EVERY_S = 0.25
"""A stream of the local API sends what differs: README promises up to four a second."""

ALERTS_EVERY_S = 0.25
"""Alerts on anything but prices, such as orders, P&L or a lost line, are checked no more often.

Without news they are checked only where time alone, or every price, may make one fire."""


def until_next(period_s: float) -> float:
    """About ``period_s`` seconds: until the computer's clock reads a multiple of it.

    All who wait like this are woken at once, with the second that the window shows: one waking for all.
    """
    left_s = period_s - time.time() % period_s
    return left_s if left_s >= period_s / 2 else left_s + period_s
