"""asyncio's tasks, events and waits for what is built before there is an event loop.

And how what looks again and again waits: at the least cost, and together with whatever looks as often.
"""

from asyncio import (
    Event,
    Task,
    TaskGroup,
    create_task,
    gather,
    get_running_loop,
    run,
    sleep,
    timeout,
    wait,
)

__all__ = [
    "Event",
    "Task",
    "TaskGroup",
    "create_task",
    "gather",
    "get_running_loop",
    "run",
    "set_within",
    "sleep",
    "timeout",
    "until_beat",
    "wait",
]


def until_beat(period_s: float) -> float:
    """About ``period_s`` seconds: until the loop's time is a multiple of it.

    Who waits like this is woken together with all who do.
    """
    left_s = period_s - get_running_loop().time() % period_s
    return left_s if left_s >= period_s / 2 else left_s + period_s


async def set_within(event: Event, seconds: float) -> None:
    """Return as soon as ``event`` is set, which it is by itself after so many seconds."""
    waking = get_running_loop().call_later(seconds, event.set)
    try:
        await event.wait()
    finally:
        waking.cancel()
