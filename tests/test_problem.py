"""A problem in sentences: alone, behind its title, and several as one."""

import inspect
from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, get_type_hints

from psf_monitor.connection.status import LinkError
from psf_monitor.domain.account import AccountMode
from psf_monitor.hammer import errors as hammer_errors
from psf_monitor.ibkr import errors as ibkr_errors
from psf_monitor.problem import Problem, joined
from tests.support.records import NOON

FIRST = Problem("TWS is gone.", "It was closed.", "Start it.", code=502)
OTHER = Problem("No values.", to_do="They come.")


def test_that_a_problem_is_its_sentences_and_its_code() -> None:
    assert str(FIRST) == "TWS is gone. It was closed. Start it. (502)"
    assert FIRST.rest == "It was closed. Start it. (502)"
    assert (str(Problem("Gone.")), Problem("Gone.").rest) == ("Gone.", "")
    assert str(Problem("Gone.", code=1)) == "Gone. (1)"


def test_that_several_problems_are_one_without_repeats() -> None:
    assert joined() is joined(None) is None
    assert joined(None, OTHER, OTHER) == OTHER
    both = joined(Problem("A part.", "It failed."), OTHER)
    assert both is not None
    assert (both.what, str(both)) == ("A part.", "A part. It failed. No values. They come.")


def test_that_a_cause_that_refers_back_is_told_with_what_it_refers_to() -> None:
    assert Problem("TWS is gone.", "The port is closed.").whole_cause == "The port is closed."
    back = Problem("TWS is gone", "It was closed.", why_refers_back=True)
    assert back.whole_cause == "TWS is gone. It was closed."
    assert Problem("TWS is gone.").whole_cause == "TWS is gone."


OF_LINKS = [
    made
    for module in (hammer_errors, ibkr_errors)
    for name, made in inspect.getmembers(module, inspect.isfunction)
    if made.__module__ == module.__name__ and get_type_hints(made).get("return") in (Problem, LinkError)
]
SAMPLES: dict[Any, Any] = {
    str: "x",
    bool: True,
    int: 7,
    int | None: 7,
    float: 7.0,
    AccountMode: AccountMode.IBKR_GUN,
    datetime: NOON,
    HTTPStatus: HTTPStatus.FORBIDDEN,
    datetime | None: NOON,
    Sequence[str]: ("CIM PRB",),
}


def sample_of(made: Callable[..., Any]) -> Problem:
    """Make a problem of this kind with some values."""
    kinds = get_type_hints(made)
    problem: Problem | LinkError = made(
        **{name: SAMPLES[kinds[name]] for name in inspect.signature(made).parameters}
    )
    return problem.problem if isinstance(problem, LinkError) else problem


def test_that_every_cause_of_a_link_that_begins_with_it_refers_back() -> None:
    assert len(OF_LINKS) > 40
    for made in OF_LINKS:
        problem = sample_of(made)
        assert problem.why_refers_back is problem.why.startswith(("It ", "Its ")), made.__name__
