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


async def set_within(event: Event, seconds: float) -> None:
    """Return when ``event`` is set; after this many seconds it is set here."""
    waking = get_running_loop().call_later(seconds, event.set)
    try:
        await event.wait()
    finally:
        waking.cancel()


def set_running_loop() -> None:
    """Make the running loop also the one of asyncio's policy.

    ib_insync takes the policy's loop, and from Python 3.12 on that is not always the running one.
    """
    set_event_loop(get_running_loop())
