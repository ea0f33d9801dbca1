"""A recorded line of HAMMER, played to a client that asks at its own times."""

import json
from typing import Any

from psf_monitor.replay.hammer import HammerLine


class Line:
    """A recorded line; ``sent`` is what its client receives, ``missed`` what the recording does not
    answer.
    """

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.missed: list[str] = []
        self.line = HammerLine(lambda frame: self.sent.append(json.loads(frame)), self.missed.append)

    def recorded(self, at_s: float, **text: Any) -> None:
        """A command of the recorded client, or a frame of HAMMER."""
        is_command = "success" not in text and "reqID" in text
        take = self.line.recorded_request if is_command else self.line.recorded_message
        take(json.dumps(text).encode(), at_s)

    def ask(self, now_s: float, **text: Any) -> None:
        self.line.on_request(json.dumps(text).encode(), now_s)

    @property
    def answers(self) -> dict[str, object]:
        """What the client was answered, by its own numbers."""
        return {text["reqID"]: text["success"] for text in self.sent if "reqID" in text}


def test_that_a_question_about_a_share_that_hammer_refused_is_refused_whenever_it_is_asked() -> None:
    line = Line()
    line.recorded(1.0, cmd="subscribe", reqID="1", sub="L1", sym=["CIM-B", "TWO-B"])
    line.ask(1.0, cmd="subscribe", reqID="a", sub="L1", sym=["CIM-B", "TWO-B"])
    line.ask(1.0, cmd="getSymbolSnapshot", reqID="b", sym="TWO-B")
    line.ask(1.0, cmd="getSymbolSnapshot", reqID="c", sym="CIM-B")
    line.line.play(1.1)
    assert line.answers == {}
    line.recorded(1.2, cmd="subscribe", reqID="1", success="OK", result={"subbed": ["CIM-B"]})
    line.line.play(1.2)
    line.ask(1.3, cmd="getTicks", reqID="d", sym="TWO-B")
    assert line.answers == {"a": "OK", "b": "fail", "d": "fail"}
    line.line.play(60.0)
    assert line.missed == ["getSymbolSnapshot CIM-B"]
