"""Dispatch the messages that TWS sends by itself (message 4) by their codes; none is lost."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from psf_monitor.connection.link_log import link_log
from psf_monitor.domain.broker_message import BrokerMessage
from psf_monitor.ibkr import errors
from psf_monitor.ibkr.codes.message_codes import CodeAction, MessageCode, Subject, code_or_none, message_code
from psf_monitor.ibkr.sink import IbkrSink
from psf_monitor.settings import IbkrProfile

NO_REQUEST = frozenset({-1, 2**31 - 1})
"""The id TWS uses for a message that belongs to no numbered request."""

_QUIET = frozenset({Subject.HARMLESS, Subject.DATA_FARM})

Action = Callable[[int, int, str], None]
"""What the connection does about a code; called with TWS's request id, the code, and its sentence."""


class TwsMessages:
    """Logs every message and does what its code requires.

    ``sink`` receives what the trader has to see, and what is about an order or a contract. ``actions`` are
    what the connection does about a code; ``noted`` is called with what may be TWS's reason to close.
    """

    def __init__(
        self,
        profile: IbkrProfile,
        clock: Callable[[], datetime],
        actions: Mapping[CodeAction, Action],
        noted: Callable[[int | None, str], None],
        sink: IbkrSink,
    ) -> None:
        self._mode = profile.mode
        self._client_id = profile.client_id
        self._clock = clock
        self._actions = actions
        self._noted = noted
        self._sink = sink
        self._log = link_log(__name__, self._mode.link_name)
        self._complained: set[tuple[int, str]] = set()

    def dispatch(self, request: int, code: int, text: str) -> None:
        """Process one message 4 by its code."""
        place = message_code(code)
        sentence = errors.plain_sentence(text) or f"no words, but the number of: {place.meaning}"
        self._write(place, sentence, request)
        if place.subject in (Subject.CONNECTION, Subject.UNKNOWN):
            self._noted(code_or_none(code), sentence)
        # TWS API: a message about an order has its id, and the order is one of this client's. Order ids and
        # request ids share one counter.
        order = None if request in NO_REQUEST else (self._client_id, request)
        is_urgent = place.subject is Subject.ACCOUNT
        message = BrokerMessage(self._clock(), code_or_none(code), sentence, is_urgent, order)
        if place.action is CodeAction.REPORT:
            self._sink.account_message(self._mode, message)
        elif place.action is CodeAction.NOTICE:
            self._sink.order_message(self._mode, message)
        action = self._actions.get(place.action)
        if action is not None:
            action(request, code, sentence)

    def _write(self, place: MessageCode, sentence: str, request: int) -> None:
        level = logging.INFO if place.subject in _QUIET else logging.WARNING
        # TWS reports Read-Only API at every request for the orders.
        if place.action is CodeAction.REQUEST_REFUSED:
            if (place.code, sentence) in self._complained:
                level = logging.DEBUG
            self._complained.add((place.code, sentence))
        of = "" if request in NO_REQUEST else f" of order or request {request}"
        code = code_or_none(place.code)
        known = place.meaning if code is None else f"{code}: {place.meaning}"
        self._log.log(level, "%s: TWS says%s: %s (%s)", self._mode, of, sentence, known)
