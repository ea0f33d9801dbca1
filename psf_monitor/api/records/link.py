"""One connection, as PSFALGO's programs read it. Pure."""

from dataclasses import dataclass

from psf_monitor.book.book import Book
from psf_monitor.book.notices import login_problem
from psf_monitor.connection.status import CONNECTED_STATES, LinkStatus, clock_problem
from psf_monitor.domain.account import AccountMode


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """A message of the broker that the trader has not acknowledged in the window; ``code`` is the broker's,
    null if what it gave as such is no number.

    ``about`` names the order that it is about, null if none is known.
    """

    code: int | None
    text: str
    timestamp: str
    urgent: bool
    about: str | None


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """One connection: ``error`` is what is wrong with it, or with a part of its data, in sentences.

    ``messages`` are the broker's own, oldest first; urgent ones, such as a margin call, are in ``error``,
    too.
    """

    connected: bool
    error: str | None
    state: str
    endpoint: str
    client_id: int | None
    latency_ms: float | None
    messages: list[MessageRecord]


def link(book: Book, mode: AccountMode, status: LinkStatus) -> LinkRecord:
    """Return the record of a connection as it is now."""
    state = book.account_state(mode)
    change = state.login_change
    urgent = (f"TWS says{m.of_what}: {m.text}{m.code_text}" for m in state.messages if m.is_urgent)
    found = (
        status.problem,
        None if change is None else login_problem(mode, change, change.at),
        clock_problem(status.clock_error_s),
        status.warning,
        state.positions_problem,
        state.problem,
        state.orders_problem,
    )
    problems = dict.fromkeys((*urgent, *(str(problem) for problem in found if problem is not None)))
    return LinkRecord(
        connected=status.state in CONNECTED_STATES,
        error=" ".join(problems) or None,
        state=status.state.name,
        endpoint=status.endpoint,
        client_id=status.client_id,
        latency_ms=status.latency_ms,
        messages=[
            MessageRecord(m.code, m.text, m.at.isoformat(), m.is_urgent, m.about or None)
            for m in state.messages
        ],
    )


def switched_off(mode: AccountMode) -> LinkRecord:
    """Return the record of a login that the settings switch off."""
    return LinkRecord(False, f"{mode} is switched off in the settings.", "SWITCHED_OFF", "", None, None, [])
