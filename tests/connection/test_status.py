"""A computer's clock that is wrong, as a problem."""

import pytest

from psf_monitor.connection.status import clock_problem


@pytest.mark.parametrize(
    ("error_s", "text"),
    [
        (4.9, ""),
        (73, "is 73 s fast"),
        (-600, "is 10 min slow"),
        (-3 * 86400, "is 72 h slow"),
    ],
)
def test_that_a_wrong_clock_is_reported_with_how_wrong_it_is(error_s: float, text: str) -> None:
    problem = clock_problem(error_s)
    assert text in str(problem)
    assert bool(text) is (problem is not None)
