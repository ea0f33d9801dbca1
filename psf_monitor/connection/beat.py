"""The beat on which looks again whatever does so all day, the window's clock among it: one waking for all."""

import time


def until_beat(period_s: float) -> float:
    """About ``period_s`` seconds: until the computer's clock tells a multiple of it.

    Who waits like this is woken together with all who do, and with the second that the window tells.
    """
    left_s = period_s - time.time() % period_s
    return left_s if left_s >= period_s / 2 else left_s + period_s
