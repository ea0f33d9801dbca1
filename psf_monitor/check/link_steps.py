"""What the tests of TWS and HAMMER have in common: resolving the host, running the link, and texts."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from psf_monitor.check.steps import Steps
from psf_monitor.connection.errors import name_unanswered
from psf_monitor.connection.name_lookup import look_up
from psf_monitor.connection.supervisor import Link
from psf_monitor.problem import Problem

_MOST_NAMED = 3


async def find_host(host: str, steps: Steps, timeout_s: float, unknown: Callable[[str], Problem]) -> None:
    """Resolve the host's addresses, as the step ``name``."""
    try:
        found = await look_up(host, timeout_s)
    except (socket.gaierror, UnicodeError):
        steps.give_up(sentences_of(unknown(host)))
    except TimeoutError:
        steps.give_up(sentences_of(name_unanswered(host, timeout_s)))
    else:
        steps.succeed("name", few(found))


@asynccontextmanager
async def connected(link: Link) -> AsyncIterator[None]:
    """Run the link, requested to connect; close it at the end in any case."""
    async with asyncio.TaskGroup() as tasks:
        serving = tasks.create_task(link.run())
        link.connect()
        try:
            yield
        finally:
            serving.cancel()


def sentences_of(problem: Problem) -> str:
    """Return what happened, why, and what to do, one line each."""
    sentences = "\n".join(part for part in (problem.what, problem.why, problem.to_do) if part)
    return sentences if problem.code is None else f"{sentences} ({problem.code})"


def few(names: Sequence[str]) -> str:
    """Return the first names and how many more there are."""
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
