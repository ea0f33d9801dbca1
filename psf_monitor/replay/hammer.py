"""One recorded line of HAMMER, played to a client that asks at its own times. Pure: frames in and out.

Frames about one share are sent in the recorded order and no earlier than recorded, with answers in their
places once the client has asked for them; shares do not wait for each other. An additional request for a
share is answered with what had been sent about it.
"""

import json
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any, NamedTuple

from psf_monitor.recording.messages import json_object
from psf_monitor.replay.snapshots import KnownSnapshots

WAITS_S = 15.0
"""How long an answer waits for its request; after that the share continues without it."""
_SETTLES_S = 3.0
"""How long a subscription of symbols that were not recorded together waits for their recorded frames."""

_AGAIN_WITHIN_S = 1.0
"""A request this soon after its answer is repeated because the stream had overtaken the answer."""
_AGAIN_WAITS_S, _REPEATED_WAITS_S = 0.1, 1.0
"""How long a repeated request, and a periodic one, waits for what was recorded."""

_SUBSCRIBE, _UNSUBSCRIBE, _SNAPSHOT = "subscribe", "unsubscribe", "getSymbolSnapshot"
_UPDATE = "L1Update"
_REFUSED = "HAMMER refused this symbol when it was recorded"
_NO_PART = frozenset({"reqID", "pwd"})
Json = dict[str, Any]


class _Waiting(NamedTuple):
    """A frame, when it was recorded, and what has to precede it: a request, or a subscription."""

    at_s: float
    frame: bytes
    question: str
    symbol: str
    result: Any
    waits_s: float = WAITS_S


class HammerLine:
    """``send`` sends one text. ``miss`` is called with a command that the recording does not answer."""

    def __init__(self, send: Callable[[bytes], None], miss: Callable[[str], None]) -> None:
        self._send = send
        self._miss = miss
        self._lanes: dict[str, deque[_Waiting]] = {}
        self._questions: dict[str, Json] = {}
        self._requests: dict[str, deque[tuple[float, Json]]] = defaultdict(deque)
        self._subscribing: list[tuple[float, Json]] = []
        self._subscribed: set[str] = set()
        self._answers: dict[str, deque[tuple[float, Json]]] = defaultdict(deque)
        self._accepted: set[str] = set()
        self._refused: set[str] = set()
        self._snapshots = KnownSnapshots()
        self._recorded_s: dict[str, float] = {}
        """When the recorded client last received an answer to a request."""
        self._answered_s: dict[str, float] = {}
        """When the current client did."""

    # -- the recording ----------------------------------------------------------------------------------

    def recorded_request(self, payload: bytes, at_s: float) -> None:  # noqa: ARG002 - as of TWS
        """Receive a command of the recorded client."""
        message = json_object(payload)
        self._questions[str(message.get("reqID"))] = message

    def recorded_message(self, payload: bytes, at_s: float) -> None:
        """Receive a frame of the recorded HAMMER."""
        message = json_object(payload)
        if message.get("cmd") == _UPDATE:
            self._recorded_update(payload, message.get("result"), at_s)
            return
        is_answer = "success" in message and message.get("reqID") is not None
        question = self._questions.pop(str(message.get("reqID")), None) if is_answer else None
        if question is not None and _is_l1(question):
            self._learn(question, message, at_s)
            return
        symbol = _symbol_of(message if question is None else question)
        result = message.get("result")
        if question is not None:
            waits_s = self._patience(question, at_s)
            self._put(symbol, _Waiting(at_s, payload, _key(question), "", result, waits_s))
        else:
            self._put("", _Waiting(at_s, payload, "", "", result))

    def _recorded_update(self, payload: bytes, result: Any, at_s: float) -> None:
        symbol = result.get("sym") if isinstance(result, dict) else None
        symbol = symbol if isinstance(symbol, str) else ""
        self._accepted.add(symbol)
        self._put(symbol, _Waiting(at_s, payload, "", symbol, result))

    @property
    def has_more(self) -> bool:
        """Return whether anything besides single shares still waits for a request."""
        return "" in self._lanes

    def play(self, now_s: float) -> None:
        """Send what is due by now."""
        for symbol in [*self._lanes]:
            self._play_lane(symbol, now_s)
        for request in [*self._subscribing]:
            self._answer_subscription(request, now_s)
        for asked_of in self._requests.values():
            while asked_of and self._is_of_refused(asked_of[0][1]):
                self._reply(asked_of.popleft()[1], "fail", _REFUSED)
            while asked_of and self._is_repeated(*asked_of[0], now_s):
                self._answer_again(asked_of.popleft()[1], now_s)
            while asked_of and now_s - asked_of[0][0] > WAITS_S:
                message = asked_of.popleft()[1]
                self._miss(f"{message.get('cmd')} {message.get('sym', '')}".rstrip())

    # -- the client -------------------------------------------------------------------------------------

    def on_request(self, payload: bytes, now_s: float) -> None:
        """Receive a command of the current client."""
        message = json_object(payload)
        if message.get("cmd") == _SUBSCRIBE and _is_l1(message):
            self._subscribing.append((now_s, message))
        elif message.get("cmd") == _UNSUBSCRIBE:
            self._reply(message, "OK", {"unsubbed": _symbols(message)})
        else:
            self._requests[_key(message)].append((now_s, message))
        self.play(now_s)

    # -- what is sent -----------------------------------------------------------------------------------

    def _put(self, symbol: str, waiting: _Waiting) -> None:
        self._lanes.setdefault(symbol, deque()).append(waiting)

    def _play_lane(self, symbol: str, now_s: float) -> None:
        lane = self._lanes[symbol]
        while lane and lane[0].at_s <= now_s:
            waiting = lane[0]
            is_late = now_s - waiting.at_s > waiting.waits_s
            if waiting.question:
                request = self._requests[waiting.question]
                if request:
                    self._send(_numbered(waiting.frame, request.popleft()[1]))
                    self._answered_s[waiting.question] = now_s
                elif not is_late:
                    return
            elif waiting.symbol and waiting.symbol not in self._subscribed and not is_late:
                return
            else:
                self._send(waiting.frame)
            self._remember(symbol, waiting)
            lane.popleft()
        if not lane:
            del self._lanes[symbol]

    def _patience(self, question: Json, at_s: float) -> float:
        """Return how long a recorded answer waits for its request; one of several need not be repeated."""
        key = _key(question)
        before_s = self._recorded_s.get(key)
        self._recorded_s[key] = at_s
        if before_s is None or question.get("cmd") != _SNAPSHOT:
            return WAITS_S
        return _AGAIN_WAITS_S if at_s - before_s < _AGAIN_WITHIN_S else _REPEATED_WAITS_S

    def _remember(self, symbol: str, waiting: _Waiting) -> None:
        if waiting.symbol:
            self._snapshots.updated(symbol, waiting.result)
        elif symbol and _SNAPSHOT in waiting.question:
            self._snapshots.answered(waiting.result)

    def _is_repeated(self, at_s: float, request: Json, now_s: float) -> bool:
        """Return whether HAMMER would answer with what it has sent, as the recorded client did not ask
        again.
        """
        if request.get("cmd") != _SNAPSHOT or self._snapshots.of(_symbol_of(request)) is None:
            return False
        before_s = self._answered_s.get(_key(request))
        is_soon = before_s is not None and at_s - before_s < _AGAIN_WITHIN_S
        return now_s - at_s >= (_AGAIN_WAITS_S if is_soon else _REPEATED_WAITS_S)

    def _answer_again(self, request: Json, now_s: float) -> None:
        self._answered_s[_key(request)] = now_s
        self._reply(request, "OK", self._snapshots.of(_symbol_of(request)))

    def _learn(self, question: Json, message: Json, at_s: float) -> None:
        """Record the result of a recorded subscription."""
        result = message.get("result")
        named = result.get("subbed") if isinstance(result, dict) else None
        if message.get("success") == "OK" and isinstance(named, list):
            self._accepted.update(map(str, named))
            self._refused.update(set(_symbols(question)) - set(map(str, named)) - self._accepted)
        self._answers[_key(question)].append((at_s, message))

    def _answer_subscription(self, request: tuple[float, Json], now_s: float) -> None:
        at_s, message = request
        recorded = self._answers.get(_key(message))
        symbols = _symbols(message)
        if recorded and recorded[0][0] <= now_s:
            sent = recorded.popleft()[1]
            self._subscribing.remove(request)
            self._send(json.dumps({**sent, "reqID": message.get("reqID")}).encode())
            if sent.get("success") == "OK":
                self._subscribed.update(symbols)
            return
        is_known = all(symbol in self._accepted or symbol in self._refused for symbol in symbols)
        if now_s - at_s > (0 if is_known else _SETTLES_S):
            self._subscribing.remove(request)
            self._subscribed.update(symbols)
            taken = [s for s in symbols if s in self._accepted or s not in self._refused]
            self._reply(message, "OK", {"subbed": taken})

    def _is_of_refused(self, message: Json) -> bool:
        """Return whether it asks for a share that HAMMER refused, which a recorded client may have known."""
        symbol = _symbol_of(message)
        return symbol in self._refused - self._accepted and symbol not in self._lanes

    def _reply(self, message: Json, success: str, result: object) -> None:
        reply = {
            "cmd": message.get("cmd"),
            "reqID": message.get("reqID"),
            "success": success,
            "result": result,
        }
        self._send(json.dumps(reply).encode())


def _is_l1(message: Json) -> bool:
    return (
        message.get("cmd") == _SUBSCRIBE and "accountKey" not in message and message.get("sub", "L1") == "L1"
    )


def _key(message: Json) -> str:
    """Return what a command asks, without its number and the password."""
    return json.dumps({k: v for k, v in message.items() if k not in _NO_PART}, sort_keys=True)


def key_of(payload: bytes) -> str:
    """Return the same for a command's bytes."""
    return _key(json_object(payload))


def _symbols(message: Json) -> list[str]:
    symbols = message.get("sym", ())
    return [symbols] if isinstance(symbols, str) else [str(symbol) for symbol in symbols]


def _symbol_of(message: Json) -> str:
    """Return the only share that a frame is about; empty if there are none or several."""
    result = message.get("result")
    symbol = message.get("sym", result.get("sym") if isinstance(result, dict) else None)
    return symbol if isinstance(symbol, str) else ""


def _numbered(frame: bytes, request: Json) -> bytes:
    """Return the answer with the number of the client's request."""
    message = json_object(frame)
    if str(message.get("reqID")) == str(request.get("reqID")):
        return frame
    return json.dumps({**message, "reqID": request.get("reqID")}).encode()
