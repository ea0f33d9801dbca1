"""The tasks of a loop, told apart from those that the loop itself makes."""

import asyncio


def running_tasks() -> set["asyncio.Task[object]"]:
    """Return all tasks of the running loop but Windows' own: it has one for each accept, replaced at will."""
    return {task for task in asyncio.all_tasks() if "IocpProactor" not in repr(task.get_coro())}
