"""asyncio's tasks, events and waits for objects that are built before an event loop; loaded at first use."""

from asyncio import (
    Event,
    Task,
    TaskGroup,
    create_task,
    gather,
    get_running_loop,
    run,
    set_event_loop,
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
    "set_running_loop",
    "set_within",
    "sleep",
    "timeout",
    "wait",
]


async def set_within(event: Event, seconds: float, least_s: float = 0.0) -> bool:
    """Return whether ``event`` is set within this many seconds; after them it is set here.

    Return as soon as it is, but not before ``least_s``.
    """
    loop = get_running_loop()
    soonest_s, is_over = loop.time() + least_s, False

    def end() -> None:
        nonlocal is_over
        is_over = not event.is_set()
        event.set()

    waking = loop.call_later(seconds, end)
    try:
        await event.wait()
    finally:
        waking.cancel()
    if (left_s := soonest_s - loop.time()) > 0:
        await sleep(left_s)
    return not is_over


def set_running_loop() -> None:
    """Make the running loop also the one of asyncio's policy.

    ib_insync takes the policy's loop, and from Python 3.12 on that is not always the running one.
    """
    set_event_loop(get_running_loop())
