"""asyncio's tasks, events and waits for what is built before there is an event loop."""

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
    "sleep",
    "timeout",
    "wait",
]
