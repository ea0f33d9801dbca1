"""The event loop as ib_insync looks it up."""

import asyncio


def set_running_loop() -> None:
    """Make the running loop also the one of asyncio's policy.

    ib_insync takes the policy's loop, and from Python 3.12 on that is not always the running one.
    """
    asyncio.set_event_loop(asyncio.get_running_loop())
