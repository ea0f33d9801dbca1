"""Waiting for conditions, never for time."""

import asyncio
from collections.abc import Callable

PATIENCE_S = 10.0
_LOOK_EVERY_S = 0.005


async def until(condition: Callable[[], object], *, what: str = "the condition") -> None:
    """Return as soon as ``condition()`` is true; fail when it is not in ``PATIENCE_S``."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not condition():  # noqa: ASYNC110 - conditions are of every kind
                await asyncio.sleep(_LOOK_EVERY_S)
    except TimeoutError:
        raise AssertionError(f"{what} did not come true in {PATIENCE_S:g} s") from None
