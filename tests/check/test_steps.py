"""The steps of a check: each ends once, and its time is its own."""

from psf_monitor.check.steps import STEPS, Outcome, Step, Steps, lines_of
from psf_monitor.domain.account import AccountMode
from tests.support.records import GUN

HAMMER = AccountMode.HAMMER_PRO


class Watch:
    """A stopwatch in seconds that the test moves."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_that_a_step_is_timed_from_the_end_of_the_one_before() -> None:
    reported: list[Step] = []
    watch = Watch()
    steps = Steps(HAMMER, reported.append, watch)
    watch.now_s = 1.0
    steps.succeed("name", "127.0.0.1")
    watch.now_s = 1.5
    steps.succeed("WebSocket", "")
    assert [(step.name, step.took_ms) for step in reported] == [("name", 1000.0), ("WebSocket", 500.0)]


def test_that_the_time_limit_of_an_immediate_request_begins_with_the_request() -> None:
    reported: list[Step] = []
    watch = Watch()
    steps = Steps(GUN, reported.append, watch)
    for name in ("name", "TCP", "handshake", "accounts"):
        steps.succeed(name, "")
    watch.now_s = 1.0
    steps.succeed("orders", "")
    watch.now_s = 3.0
    steps.succeed("positions", "")
    assert [(step.name, step.took_ms) for step in reported[-2:]] == [
        ("orders", 1000.0),
        ("positions", 3000.0),
    ]


def test_that_waiting_for_somebody_else_is_not_counted() -> None:
    reported: list[Step] = []
    watch = Watch()
    steps = Steps(HAMMER, reported.append, watch)
    watch.now_s = 5.0
    steps.begin()
    watch.now_s = 5.25
    steps.succeed("name", "")
    assert reported[0].took_ms == 250.0


def test_that_after_the_first_failure_nothing_is_reached_and_each_step_is_reported_once() -> None:
    reported: list[Step] = []
    steps = Steps(HAMMER, reported.append, Watch())
    steps.succeed("name", "127.0.0.1")
    steps.give_up("It is off.")
    steps.give_up("It is still off.")
    steps.succeed("quote", "SPY")
    assert [step.name for step in reported] == list(STEPS[HAMMER])
    others = [Outcome.NOT_REACHED] * (len(STEPS[HAMMER]) - 2)
    assert [step.outcome for step in reported] == [Outcome.OK, Outcome.FAILED, *others]
    assert [step.explanation for step in reported] == ["", "It is off.", *[""] * len(others)]
    assert steps.open == ()


def test_that_the_sentences_of_a_failure_are_printed_below_its_line() -> None:
    failed = Step(HAMMER, "password", Outcome.FAILED, 12.4, explanation="It was refused.\nEnter it again.")
    assert lines_of(failed) == [
        "HAMMER_PRO  password        FAILED          12 ms",
        "            It was refused.",
        "            Enter it again.",
    ]
