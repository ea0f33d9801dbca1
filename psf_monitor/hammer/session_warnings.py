"""The warnings about HAMMER although the connection is up, for the card and the banner."""

from collections import Counter
from collections.abc import Collection, Mapping

from psf_monitor.connection.link_log import link_log
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.account import AccountMode
from psf_monitor.hammer import errors
from psf_monitor.hammer.messages import ProtocolError
from psf_monitor.hammer.prices.figures import is_no_time
from psf_monitor.hammer.prices.l1_update import L1Update, PartlyRead
from psf_monitor.hammer.prices.replies import QuoteSnapshot
from psf_monitor.hammer.prices.subscriptions import SNAPSHOT, SUBSCRIBE
from psf_monitor.problem import Problem, joined

_log = link_log(__name__, AccountMode.HAMMER_PRO.link_name)

_MOST_KINDS = 50
_LONGEST_NAME, _LONGEST_VALUE = 40, 80
_ABOUT_PRICES = frozenset({"L1Update", SNAPSHOT, SUBSCRIBE})


class SessionWarnings:
    """The warnings of one session, by topic; the link shows all of them joined.

    ``unreadable_frames`` counts unreadable frames by kind; each kind is logged once.
    """

    def __init__(self, link: Link, unreadable_frames: Counter[str]) -> None:
        self._link = link
        self._unreadable_frames = unreadable_frames
        self._problems: dict[str, Problem | None] = {}
        self._unreadable: Counter[str] = Counter()
        self._has_logged_stamp = False

    def set(self, about: str, problem: Problem | None) -> None:
        """Set the warning of this topic; ``None`` once it no longer applies."""
        self._problems.setdefault("line", self._link.status.warning)
        if self._problems.get(about) != problem:
            self._problems[about] = problem
            self._link.warn(joined(*self._problems.values()))

    def complain(self, error: ProtocolError) -> None:
        """Count an unreadable frame; ``report_unreadable`` reports those that were about prices."""
        kind = error.kind if len(self._unreadable_frames) < _MOST_KINDS else "an unknown message"
        self._unreadable_frames[kind] += 1
        if self._unreadable_frames[kind] == 1:
            _log.warning("skipped a frame from HAMMER (logged once): %s", error)
        if error.command in _ABOUT_PRICES:
            self._unreadable[error.command] += 1

    def note_unread(self, update: L1Update) -> bool:
        """Log each kind of what was not understood of an update once; return whether a price is among it."""
        if not isinstance(update, PartlyRead):
            return False
        self._log_unread("L1Update", update.symbol, update.unread)
        if update.lacks_price:
            self._unreadable["L1Update"] += 1
        return update.lacks_price

    def note_unread_of(self, snapshot: QuoteSnapshot) -> None:
        """Log each kind of what was not understood of an answer once."""
        self._log_unread(SNAPSHOT, snapshot.symbol, snapshot.unread)

    def _log_unread(self, command: str, symbol: str, unread: Mapping[str, object]) -> None:
        for name, raw in unread.items():
            kind = f"{command}'s {name[:_LONGEST_NAME]}"
            if kind in self._unreadable_frames or len(self._unreadable_frames) < _MOST_KINDS:
                self._unreadable_frames[kind] += 1
                if self._unreadable_frames[kind] == 1:
                    shown = f"{name[:_LONGEST_NAME]} {raw!r}"[:_LONGEST_VALUE]
                    _log.warning("HAMMER sent of %s what is not understood (logged once): %s", symbol, shown)

    def note_stamp(self, update: L1Update) -> None:
        """Log once that HAMMER's times cannot be read, so that late prices are not recognized by them."""
        if update.stamp and not self._has_logged_stamp and is_no_time(update.stamp):
            self._has_logged_stamp = True
            _log.warning(
                "HAMMER's time of a price of %s cannot be read, so nothing shows whether it is late (logged "
                "once): %.40r",
                update.symbol,
                update.stamp,
            )

    def report_unreadable(self) -> None:
        """Report how many messages are missing, if any."""
        if self._unreadable:
            counts = ", ".join(f"{count} {command}" for command, count in self._unreadable.items())
            self.set("unreadable", errors.unreadable(counts))

    def set_rejected(self, symbols: Collection[str], why: str) -> None:
        """Set the symbols whose subscription HAMMER did not take, and its reason."""
        if not symbols:
            self.set("subscribe", None)
            return
        listed = ", ".join(sorted(symbols)[:3]) + (", .." if len(symbols) > 3 else "")
        self.set("subscribe", errors.subscription_rejected(len(symbols), listed, why))
