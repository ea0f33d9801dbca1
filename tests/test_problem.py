"""A problem in sentences: alone, behind its title, and several as one."""

from psf_monitor.problem import Problem, joined

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
