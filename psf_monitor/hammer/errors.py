"""Problems with HAMMER, worded for the trader. Pure."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus

from psf_monitor import formatting
from psf_monitor.connection.status import LinkError
from psf_monitor.domain.market_hours import clock_text
from psf_monitor.problem import Problem

UNENCRYPTED = Problem(
    "The HAMMER protocol is not encrypted: the password and prices cross the network in the clear."
)


def refused(endpoint: str) -> Problem:
    return Problem(
        what=f"Hammer Pro does not answer at {endpoint}.",
        why="It is not running or its API is off.",
        to_do="Start Hammer Pro, enable the API in its settings, compare the port.",
        cause="Hammer Pro does not answer",
        remedy=f"Start it, enable its API · {endpoint}",
        is_cured_by_edit=True,
        why_refers_back=True,
    )


def unknown_host(host: str) -> Problem:
    return Problem(
        what=f"Cannot find the computer '{host}'.",
        why="The name is wrong or the network is down.",
        to_do="Correct the host in ... > Edit.",
        cause=f"Cannot find '{host}'",
        remedy="Correct the host",
        is_cured_by_edit=True,
    )


NO_REASON = "no reason given"
"""For a failure of which HAMMER says nothing else."""


def not_hammer(port: int) -> Problem:
    return Problem(
        what=f"Something answers on port {port} but it is not Hammer Pro.",
        why="Another program may use that port.",
        to_do="Compare the port in Hammer Pro under Settings > API.",
        cause=f"Port {port} is not Hammer Pro's",
        remedy="Compare the port",
        is_cured_by_edit=True,
    )


def not_opened_but(port: int, status: HTTPStatus) -> Problem:
    """Return that a web server answered, with this status instead of a WebSocket."""
    said = f"HTTP {status.value} {status.phrase}"
    return Problem(
        what=f"Port {port} did not open a line to Hammer Pro: it answered {said}.",
        why="Another program may use that port, or Hammer Pro lets nobody in.",
        to_do="Compare the port in Hammer Pro under Settings > API.",
        cause=f"Port {port} answered {said}",
        remedy="Compare the port",
        is_cured_by_edit=True,
    )


def not_opened(endpoint: str, seconds: float) -> Problem:
    """Return that there was no answer, where nobody knows whether anything is there."""
    return Problem(
        what=f"Nothing answered at {endpoint} in {seconds:g} s.",
        why="Hammer Pro hangs or still starts, its computer is off, a firewall swallows the connection, or "
        "the port is another program's, such as TWS's.",
        to_do="Look at Hammer Pro, its port, its computer and the firewall, then Connect again.",
        cause="Hammer Pro does not answer",
        remedy=f"Look at Hammer Pro and the network · {endpoint}",
        is_cured_by_edit=True,
    )


def no_answer(seconds: float) -> Problem:
    return Problem(
        what=f"Hammer Pro opened the line but did not answer in {seconds:.0f} s.",
        why="It may still be starting, or hang.",
        to_do="Look at Hammer Pro, then Connect again.",
        cause="Hammer Pro does not answer",
        remedy="Look at Hammer Pro, then Connect",
        why_refers_back=True,
    )


def no_password() -> Problem:
    return Problem(
        what="Hammer Pro asks for a password.",
        why="None has been entered here yet.",
        to_do="... > Edit and enter the one of Hammer Pro's Settings > API.",
        cause="Password needed",
        remedy="Enter it in ... > Edit",
        needs_password=True,
    )


def wrong_password() -> Problem:
    return Problem(
        what="Hammer Pro refused the password.",
        why="It was changed, or never saved here.",
        to_do="... > Edit and enter it again.",
        cause="Hammer Pro refused the password",
        remedy="Enter it again in ... > Edit",
        needs_password=True,
        why_refers_back=True,
    )


_OF_THE_PASSWORD = ("pass", "pwd", "auth", "credential", "login", "log in", "401")


def sign_in_refused(text: str, password: str) -> LinkError:
    """Return why ``connect`` was refused: a wrong password, unless HAMMER gives another reason, which
    passes.
    """
    if not password:
        return LinkError(no_password(), retry=False)
    covered = text.replace(password, formatting.REDACTED)
    is_sentence = text[:1].isalpha() and text not in ("null", "true", "false")
    if not is_sentence or any(word in covered.lower() for word in _OF_THE_PASSWORD):
        return LinkError(wrong_password(), retry=False)
    return LinkError(
        Problem(
            what="Hammer Pro did not let psf_monitor in.",
            why=f"It says: {covered}.",
            to_do="Look at Hammer Pro; if it stays so, Connect again.",
            cause="Hammer Pro did not let us in",
            remedy="See what it says in Hammer Pro",
            why_refers_back=True,
        ),
        passes=True,
    )


def streamer_stopped(streamer: str, state: str) -> Problem:
    return Problem(
        what=f"Hammer Pro's data source {streamer} has stopped: it says '{state}'.",
        why="It is being started again; until prices come, the last ones are shown as old.",
        why_refers_back=True,
    )


def streamer_unsure(streamer: str, reason: str) -> Problem:
    return Problem(
        what=f"Hammer Pro did not say that it started the data source {streamer}: {reason}.",
        why="Prices are asked for all the same.",
    )


def unreadable(counts: str) -> Problem:
    """``counts`` says how many messages of which kind are missing."""
    return Problem(
        what=f"Messages of HAMMER that could not be read are missing here: {counts}.",
        why="See the log.",
        to_do="Record the wires (View) and it can be seen again.",
    )


def subscription_rejected(count: int, listed: str, why: str) -> Problem:
    return Problem(
        what=f"HAMMER has not taken the subscription of {count:,} symbols ({listed}): {why or NO_REASON}.",
        why="psf_monitor asks again; until then there is no price of them.",
    )


def streamer_failed(streamer: str, reason: str) -> Problem:
    return Problem(
        what=f"Hammer Pro did not start the data source {streamer}.",
        why=f"It says: {reason}." if reason else "It gave no reason.",
        to_do="Log the data source in inside Hammer Pro, or name another one in ... > Edit.",
        cause=f"{streamer} did not start",
        remedy="Check the data source in Hammer Pro",
        why_refers_back=True,
    )


_NORMAL = 1000
_CLOSE_CODES = {
    1001: "it is going away",
    1002: "it says that psf_monitor broke the protocol",
    1003: "it does not take such data",
    1007: "it could not read what it was sent",
    1008: "its policy is violated",
    1009: "what it was sent is too big for it",
    1010: "it wants an extension of the protocol",
    1011: "it has an internal error",
    1012: "it is restarted",
    1013: "try again later",
}
"""What the codes of RFC 6455 and its registry mean; 1000 is a normal end."""


def close_text(code: int | None, reason: str) -> str:
    """Return why the far side closed the line, by the code and the reason that it gave (RFC 6455); empty for
    neither.
    """
    meaning = _CLOSE_CODES.get(code or 0, "")
    if reason:
        return f"'{reason}' ({code})"
    if code is None or code == _NORMAL:
        return ""
    return f"{meaning} ({code})" if meaning else f"code {code}"


def closed_before_ready(said: str) -> Problem:
    """``said`` is what it said as it closed the line, empty for nothing."""
    return Problem(
        what="Hammer Pro closed the connection before it was ready.",
        why=f"It says: {said}."
        if said
        else "It may be starting or shutting down, or another program may hold its API.",
        to_do="Look at Hammer Pro; if it stays so, Connect again.",
        cause="Hammer Pro closed the connection",
        remedy="Look at Hammer Pro, then Connect",
        why_refers_back=True,
    )


def lost(at: datetime, said: str) -> Problem:
    """``said`` is as in ``closed_before_ready``."""
    return Problem(
        what=f"Quotes frozen since {clock_text(at)}.",
        why=f"HAMMER closed the connection{said and f': {said}'}.",
        to_do="Prices, values and distances below are old.",
        cause="HAMMER closed the connection",
        remedy=f"Quotes frozen since {clock_text(at)}",
    )


def line_ended(
    since: datetime | None, received_at: datetime, fault: str, said: str, *, is_quiet: bool
) -> Problem:
    """Return why a line ended. ``since`` is the time of the last price, ``None`` before it was ready.

    ``fault`` is what HAMMER sent that is no WebSocket message, if the line was closed for that; ``said`` is
    what it said as it closed the line.
    """
    if fault:
        return no_websocket(fault, since)
    if since is None:
        return closed_before_ready(said)
    return broken(since, received_at) if is_quiet and not said else lost(since, said)


def no_websocket(fault: str, at: datetime | None) -> Problem:
    """``fault`` is what was wrong with the bytes; ``at`` is as ``since`` in ``line_ended``."""
    what = (
        "Hammer Pro sent what is no WebSocket message."
        if at is None
        else f"Quotes frozen since {clock_text(at)}."
    )
    whose = "Its" if at is None else "Hammer Pro's"
    return Problem(
        what=what,
        why=f"{whose} bytes could not be read ({fault}), so psf_monitor closed the line to open another.",
        to_do="Look at Hammer Pro." if at is None else "Prices, values and distances below are old.",
        cause="Hammer Pro's bytes could not be read",
        remedy="psf_monitor closed the line and opens another",
        why_refers_back=at is None,
    )


def broken(at: datetime, received_at: datetime) -> Problem:
    return Problem(
        what=f"Quotes frozen since {clock_text(at)}.",
        why=f"The line to HAMMER broke: no word since {clock_text(received_at)}.",
        to_do="Prices, values and distances below are old.",
        cause=f"No word of HAMMER since {clock_text(received_at)}",
        remedy=f"Quotes frozen since {clock_text(at)}",
    )


def unresponsive(received_at: datetime, quiet_s: float) -> Problem:
    return Problem(
        what=f"No word of HAMMER since {clock_text(received_at)}.",
        why=f"It said nothing for {quiet_s:.0f} s and did not answer when it was asked, so psf_monitor "
        "closed the line to open another.",
        to_do="Prices, values and distances below are old.",
        cause=f"No word since {clock_text(received_at)}",
        remedy="psf_monitor closed the line and opens another",
        why_refers_back=True,
    )


def closing(at: datetime | None) -> Problem:
    """``at`` is the time of the last price, ``None`` if there was none."""
    if at is None:
        return Problem(
            what="Hammer Pro was closed before it reported a price.",
            why="Somebody closes it: it says so.",
            to_do="Start Hammer Pro again, then Connect.",
            cause="Hammer Pro was closed",
            remedy="Start it again, then Connect",
        )
    return Problem(
        what=f"Quotes frozen since {clock_text(at)}.",
        why="Hammer Pro was closed.",
        to_do="Prices, values and distances below are old. Start Hammer Pro again.",
        cause="Hammer Pro was closed",
        remedy=f"Quotes frozen since {clock_text(at)}",
    )


def stream_failed(symbols: Sequence[str]) -> Problem:
    """The stream sends nothing for these symbols, though HAMMER gives their prices on request."""
    more = f" and {len(symbols) - 3:,} more" if len(symbols) > 3 else ""
    return Problem(
        what=f"HAMMER's stream does not send the prices of {', '.join(symbols[:3])}{more}.",
        why="It was subscribed again; until it sends them, their prices are asked for every few seconds.",
        why_refers_back=True,
    )
