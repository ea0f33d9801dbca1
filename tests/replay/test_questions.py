"""What the recorded client asked sooner or later than the one of the replay shows the same in the end."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from psf_monitor.book.rows import QuoteState
from psf_monitor.recording.entry import LINKS, Entry, Kind
from psf_monitor.recording.format import Clocks
from psf_monitor.recording.reader import Reader
from psf_monitor.recording.writer import Writer
from psf_monitor.replay.hammer import HammerLine
from tests.replay.recorded_and_replayed import HAMMER, Picture, in_replay, play

DEMO = Path(__file__).parents[1] / "golden_recordings" / "demo.wires"
SHARE, SYMBOL = "BAC-L", "BAC PRL"
LATE_NS, LASTS_NS = 400_000_000, 8_000_000_000


def content(entry: Entry) -> dict[str, Any]:
    return json.loads(entry.data) if entry.link == LINKS[HAMMER] and entry.data.startswith(b"{") else {}


def is_about(entry: Entry, command: str) -> bool:
    reported = content(entry)
    result = reported.get("result")
    symbol = reported.get("sym", result.get("sym") if isinstance(result, dict) else None)
    return reported.get("cmd") == command and symbol == SHARE


def is_question(entry: Entry) -> bool:
    return entry.kind == Kind.SENT and is_about(entry, "getSymbolSnapshot")


def of_hammer(entry: Entry, at_ns: int, **reported: Any) -> Entry:
    return Entry(at_ns, Kind.RECEIVED, entry.link, entry.line, json.dumps(reported).encode())


def rewritten(path: Path, change: Callable[[list[Entry]], Iterable[Entry]]) -> Path:
    """The demo's recording with its entries changed; without what the stream sent of the share."""
    recorded = list(Reader(DEMO))
    first = recorded[0]
    entries = [r.entry for r in recorded if not is_about(r.entry, "L1Update")]
    clocks = Clocks(first.entry.at_ns, first.utc_ns)
    writer = Writer(path, "run", Reader(DEMO).header.facts["settings"], clocks=lambda: clocks)
    changed = sorted(change(entries), key=lambda entry: entry.at_ns)
    end = Entry(changed[-1].at_ns + LASTS_NS, Kind.ACT, 0, 0, b'{"act": "looked"}')
    writer.write([*changed, end])
    writer.close()
    return path


def prices(shown: Picture) -> list[tuple[float | None, float | None, QuoteState]]:
    return [(p["bid"], p["ask"], p["quote_state"]) for p in shown["positions"] if p["symbol"] == SYMBOL]


def later(entries: list[Entry], since_ns: int, by_ns: int) -> list[Entry]:
    """HAMMER's line, from then on so much later."""
    return [
        e._replace(at_ns=e.at_ns + by_ns) if e.link == LINKS[HAMMER] and e.at_ns >= since_ns else e
        for e in entries
    ]


def asked_twice(entries: list[Entry]) -> Iterable[Entry]:
    """A client that asked once more, and then received another price from the stream."""
    question = next(filter(is_question, entries))
    answer = next(e for e in entries if e.kind == Kind.RECEIVED and is_about(e, "getSymbolSnapshot"))
    again = {**content(question), "reqID": "900"}
    prices = {"sym": SHARE, "bid": 1230.0, "ask": 1233.0, "last": 1231.0}
    after_ns = answer.at_ns
    return [
        *entries,
        question._replace(at_ns=after_ns + 10_000_000, data=json.dumps(again).encode()),
        of_hammer(question, after_ns + 20_000_000, **{**content(answer), "reqID": "900"}),
        of_hammer(question, after_ns + 30_000_000, cmd="L1Update", result=prices),
    ]


def asked_late(entries: list[Entry]) -> Iterable[Entry]:
    """A computer that was busy: it asked when the stream had sent other prices already."""
    question = next(filter(is_question, entries))
    reported = of_hammer(
        question,
        question.at_ns + LATE_NS // 2,
        cmd="L1Update",
        result={"sym": SHARE, "bid": 1230.0, "ask": 1233.0, "last": 1231.0},
    )
    return [*later(entries, question.at_ns, LATE_NS), reported]


def test_that_a_share_that_was_asked_for_late_when_it_was_recorded_is_not_shown_as_old(
    tmp_path: Path,
) -> None:
    path = rewritten(tmp_path / "a.wires", asked_late)

    async def story() -> None:
        shown = await play(path, tmp_path)
        assert prices(shown) == [(1236.0, 1239.5, QuoteState.LIVE)]

    in_replay(story)


def test_that_a_question_that_is_not_asked_once_more_holds_up_no_price(tmp_path: Path) -> None:
    path = rewritten(tmp_path / "a.wires", asked_twice)

    async def story() -> None:
        shown = await play(path, tmp_path, until_s=2.0)
        assert prices(shown) == [(1230.0, 1233.0, QuoteState.LIVE)]

    in_replay(story)


def test_that_a_repeated_request_is_answered_with_what_the_stream_reported_since() -> None:
    reported: list[dict[str, Any]] = []
    missed: list[str] = []
    line = HammerLine(lambda frame: reported.append(json.loads(frame)), missed.append)

    def ask(number: str, now_s: float) -> None:
        asked = {"cmd": "getSymbolSnapshot", "reqID": number, "sym": SHARE}
        line.on_request(json.dumps(asked).encode(), now_s)

    def recorded(at_s: float, **shown: Any) -> None:
        line.recorded_message(json.dumps(shown).encode(), at_s)

    subscribing = {"cmd": "subscribe", "sub": "L1", "sym": [SHARE]}
    line.recorded_request(json.dumps({**subscribing, "reqID": "1"}).encode(), 1.0)
    recorded(1.0, cmd="subscribe", reqID="1", success="OK", result={"subbed": [SHARE]})
    line.on_request(json.dumps({**subscribing, "reqID": "a"}).encode(), 1.0)
    line.recorded_request(json.dumps({"cmd": "getSymbolSnapshot", "reqID": "2", "sym": SHARE}).encode(), 1.0)
    day = {
        "sym": SHARE,
        "bid": 20.0,
        "ask": "20.5",
        "last": 20.2,
        "prevClose": 19.9,
        "high": 20.4,
        "low": 19.0,
    }
    recorded(1.1, cmd="getSymbolSnapshot", reqID="2", success="OK", result=day)
    ask("b", 1.0)
    line.play(1.2)
    recorded(1.3, cmd="L1Update", result={"sym": SHARE, "bid": 20.1, "price": "20.6", "size": 100})
    line.play(1.3)
    ask("c", 1.4)
    line.play(1.45)
    assert [text["reqID"] for text in reported if "reqID" in text] == ["a", "b"]
    line.play(1.5)
    again = {**day, "bid": 20.1, "last": "20.6", "high": 20.6}
    assert (reported[-1]["reqID"], reported[-1]["result"]) == ("c", again)
    ask("d", 60.0)
    line.play(60.9)
    assert reported[-1]["reqID"] == "c"
    line.play(61.0)
    assert (reported[-1]["reqID"], missed) == ("d", [])
