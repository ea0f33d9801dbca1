"""What a piece of code costs, in the one measure that is the same on every machine: how often it calls."""

import sys
from collections.abc import Callable
from types import FrameType


def python_calls(of: Callable[[], object]) -> int:
    """How many functions written in Python are called while ``of`` runs, itself among them."""
    count = 0

    def on_event(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(on_event)
    try:
        of()
    finally:
        sys.setprofile(before)
    return count
