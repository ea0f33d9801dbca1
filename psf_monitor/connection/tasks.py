"""asyncio's tasks, events and waits for objects that are built before there is an event loop."""

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
    "wait",
]


async def set_within(event: Event, seconds: float) -> None:
    """Return when ``event`` is set; after this many seconds it is set here."""
    waking = get_running_loop().call_later(seconds, event.set)
    try:
        await event.wait()
    finally:
        waking.cancel()
