"""Problems with a connection to TWS: what happened, why, and what to do. Pure."""

import re
import unicodedata
from collections.abc import Sequence

from psf_monitor.domain.account import AccountMode, is_account_id
from psf_monitor.formatting import masked
from psf_monitor.problem import Problem, one_line, whole_sentence

CLIENT_ID_IN_USE = 326
"""TWS API: the client id is in use."""
_MOST_CHARACTERS = 600
"""How many characters of a TWS sentence are shown; the longest published ones have half as many."""


def letters(text: str) -> str:
    r"""Return TWS's text decoded: ``\uXXXX`` escapes read, and a blank for each cursor control character.

    Source: TWS API, texts are ASCII with one escape for each UTF-16 unit from server version 153 on.
    """
    units = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    whole = units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return "".join(" " if unicodedata.category(each)[0] == "C" else each for each in whole)


def plain_sentence(text: str) -> str:
    """Return TWS's sentence decoded and on one line."""
    return one_line(letters(text), _MOST_CHARACTERS)


def unreadable(counts: str) -> Problem:
    """``counts`` says how many messages of which kind are missing."""
    return Problem(
        what=f"Messages of TWS that could not be read are missing here: {counts}.",
        why="The orders and positions among them stand with dashes where they say which they are.",
        to_do="See the log. Record the wires (View) and it can be seen again.",
    )


def refused(host: str, port: int) -> Problem:
    return Problem(
        what=f"Nothing answers at {host}:{port}.",
        why="TWS is not running, its API is off, or it uses another port.",
        to_do="Start TWS and log in; in File > Global Configuration > API > Settings tick "
        "Enable ActiveX and Socket Clients and compare the Socket port.",
        cause="Nothing answers",
        remedy=f"Start TWS, check its API port · {host}:{port}",
        code=502,
        is_cured_by_edit=True,
    )


def unknown_host(host: str) -> Problem:
    return Problem(
        what=f"Cannot find the computer '{host}'.",
        why="The name is wrong or the network is down.",
        to_do="Correct the host in the settings.",
        cause="Host not found",
        remedy=f"Correct the host '{host}' in the settings",
        is_cured_by_edit=True,
    )


def tcp_timeout(host: str, port: int, seconds: float) -> Problem:
    return Problem(
        what=f"{host}:{port} did not answer in {seconds:.0f} s.",
        why="The computer is off, or a firewall swallows the connection.",
        to_do="Check that it is on and reachable, then Connect again.",
        cause="No answer",
        remedy=f"Check computer and firewall · {host}:{port}",
        is_cured_by_edit=True,
    )


def handshake_timeout(seconds: float) -> Problem:
    return Problem(
        what=f"TWS opened the line but did not finish the handshake in {seconds:.0f} s.",
        why="It is often waiting for you to allow this connection, or is still logging in; or the port is "
        "another program's, such as Hammer Pro's.",
        to_do="Look for a question window in TWS and compare its Socket port, then Connect again.",
        cause="TWS did not accept",
        remedy="Look for a question window in TWS",
        why_refers_back=True,
    )


def not_tws(port: int) -> Problem:
    return Problem(
        what=f"Something answers on port {port} but it is not TWS.",
        why="Two programs may share the port.",
        to_do="Check the Socket port in TWS.",
        cause="Not TWS",
        remedy=f"Check the Socket port in TWS · port {port}",
        is_cured_by_edit=True,
    )


def too_old() -> Problem:
    return Problem(
        what="This TWS is too old.",
        why="Its API is older than version 157 (TWS 978).",
        to_do="Update TWS or IB Gateway, then Connect again.",
        cause="TWS too old",
        remedy="Update TWS or IB Gateway",
        why_refers_back=True,
    )


def client_id_in_use(client_id: int) -> Problem:
    return Problem(
        what=f"Client id {client_id} is already used on this TWS.",
        why="Another program, or our last session, still holds it.",
        to_do="Close that program, or choose another client id in the settings. "
        "After a TWS restart this clears by itself.",
        cause=f"Client id {client_id} in use",
        remedy="Another app uses it; choose another id",
        code=CLIENT_ID_IN_USE,
        is_cured_by_edit=True,
    )


def client_id_ours(client_id: int, mode: AccountMode) -> Problem:
    """Profile ``mode`` of this program uses the client id at the same place."""
    return Problem(
        what=f"Client id {client_id} is already used by {mode}.",
        why="Both profiles are set to the same host, port and client id, and TWS takes an id once.",
        to_do="Set the other TWS's port here. If there is one login only, switch this profile off "
        "(enabled = false in settings.toml), or give it a client id of its own.",
        cause=f"Same place as {mode}",
        remedy=f"Set another port, or switch this profile off; {mode} is there",
        code=CLIENT_ID_IN_USE,
        is_cured_by_edit=True,
    )


def closed_with(code: int | None, sentence: str) -> Problem:
    """TWS said why it closes; ``sentence`` is its text."""
    return Problem(
        what="TWS closed the line.",
        why=f"It says: {whole_sentence(sentence)}",
        to_do=_REMEDIES.get(code or 0, "Look at TWS, then Connect again."),
        cause="TWS closed the line" if code is None else f"TWS closed the line ({code})",
        remedy=sentence,
        code=code,
        why_refers_back=True,
    )


_REMEDIES = {
    501: "End the other connection of this program to TWS, then Connect again.",
    503: "Update TWS or IB Gateway, then Connect again.",
    507: "TWS may be locked, starting or shutting down, or the client id may be in use.",
    10141: "Accept the paper trading disclaimer in TWS.",
    10283: "Update TWS or IB Gateway and psf_monitor, then Connect again.",
}


def closed_early(client_id: int) -> Problem:
    return Problem(
        what="TWS closed the line before the handshake was finished.",
        why=f"It is logging in or out, does not trust this computer, or client id {client_id} is in use.",
        to_do="Check TWS, its Trusted IPs and the client id, then Connect again.",
        cause="TWS closed the line",
        remedy="Check TWS, Trusted IPs and client id",
        why_refers_back=True,
    )


def closed_without_answer(client_id: int, port: int) -> Problem:
    """The line was closed before a single byte came: whether that was TWS is not known."""
    return Problem(
        what=f"What listens on port {port} closed the line without an answer.",
        why=f"TWS is logging in or out, does not trust this computer, or client id {client_id} is in use; or "
        "the port is not TWS's: Hammer Pro, for one, hangs up like that.",
        to_do="Compare the Socket port in TWS; check its Trusted IPs and the client id, then Connect again.",
        cause="Closed without an answer",
        remedy=f"Check TWS, its port ({port}), Trusted IPs and client id",
    )


def lost(at: str, reason: str = "") -> Problem:
    """The line ended at ``at``; ``reason`` is the system's own text, empty if TWS closed it."""
    if reason:
        return Problem(
            what=f"The connection was lost at {at}.",
            why=f"The line to TWS broke: {reason}.",
            to_do="Rows below are as of that time.",
            cause="Connection lost",
            remedy=f"The line broke: {reason}",
        )
    return Problem(
        what=f"The connection was lost at {at}.",
        why="TWS closed the connection (restart, log-off or network).",
        to_do="Rows below are as of that time.",
        cause="Connection lost",
        remedy="TWS closed the connection",
    )


def fell_silent(at: str) -> Problem:
    """TWS last sent something at ``at``."""
    return Problem(
        what=f"The connection was lost at {at}.",
        why="TWS keeps the line open but has not said a word since.",
        to_do="Rows below are as of that time. If it lasts, look at TWS: it may hang.",
        cause="TWS does not answer",
        remedy="The line is open, TWS is silent",
    )


def cut_off(sentence: str, code: int) -> Problem:
    """TWS has no link to IBKR; ``sentence`` is its text."""
    return Problem(
        what="TWS lost its link to IBKR.",
        why=f"It says: {whole_sentence(sentence)}",
        to_do="What it reports may be old. TWS reconnects by itself.",
        cause="TWS lost IBKR",
        remedy="TWS is reconnecting by itself",
        code=code,
        why_refers_back=True,
    )


def no_account(account_id: str, named: str) -> Problem:
    return Problem(
        what=f"Account {account_id} is not in this login.",
        why=f"TWS named {named}.",
        to_do="Correct the account id in the settings, or log in to the other TWS.",
        cause="Account not in login",
        remedy="Correct the account id in the settings",
        is_cured_by_edit=True,
    )


def too_many_accounts(count: int, most: int) -> Problem:
    return Problem(
        what=f"This login has {count} accounts.",
        why=f"TWS lists positions and account values of a whole login only up to {most} accounts.",
        to_do="Name the account to show in the settings (account id), then Connect again.",
        cause=f"{count} accounts",
        remedy="Name one account id in the settings",
    )


def port_changed(port: int, sentence: str) -> Problem:
    return Problem(
        what=f"TWS has left port {port}.",
        why=f"Its Socket port was changed; TWS says: {sentence}",
        to_do="Set the new port in the settings, then Connect again.",
        cause="TWS changed its port",
        remedy=f"No longer on port {port}; set the new one",
        code=1300,
        is_cured_by_edit=True,
        why_refers_back=True,
    )


_OTHER_REFUSALS = frozenset({"account", "code", "invalid", "missing", "unknown"})


def is_another_refusal(sentence: str) -> bool:
    """Return whether TWS, in English, gives another reason than Read-Only API.

    All such refusals have the same code; in any other language the text is assumed to mean Read-Only API.
    """
    words = {word.strip(".,:").lower() for word in sentence.rpartition("cause")[2].split()}
    return "read-only" not in sentence.lower() and bool(words & _OTHER_REFUSALS)


_REQUEST_REFUSED = 321


def orders_refused(name: str, sentence: str) -> Problem:
    """TWS refused the list of orders (321). ``sentence`` is its text, in TWS's language."""
    if "read-only" in sentence.lower():
        return Problem(
            what=f"Orders are not available for {name}.",
            why="TWS has Read-Only API ticked, which also blocks reading orders. Positions are right.",
            to_do="Untick it in API > Settings; this app still cannot place orders.",
            code=_REQUEST_REFUSED,
        )
    return Problem(
        what=f"Orders are not available for {name}.",
        why=f"TWS refuses to list them and says: {whole_sentence(sentence)}",
        to_do="Read-Only API may be ticked, which also blocks reading orders: untick it in API > Settings; "
        "this app still cannot place orders.",
        code=_REQUEST_REFUSED,
    )


def orders_unanswered(name: str, seconds: float) -> Problem:
    return Problem(
        what=f"Orders are not available for {name}.",
        why=f"TWS did not list them within {seconds:.0f} s.",
        to_do="It may be busy; they are asked for again by themselves.",
    )


def executions_unanswered(name: str, seconds: float) -> Problem:
    return Problem(
        what=f"The list of executions is not available for {name}.",
        why=f"TWS did not report it within {seconds:.0f} s.",
        to_do="It is asked for again by itself; until it comes, executions may be missing.",
    )


def executions_refused(name: str, code: int | None, sentence: str) -> Problem:
    return Problem(
        what=f"The list of executions is not available for {name}.",
        why=f"TWS refuses to report it and says: {whole_sentence(sentence)}",
        to_do="It is asked for again by itself; until it comes, executions may be missing.",
        code=code,
    )


def executions_cut_off(name: str) -> Problem:
    return Problem(
        what=f"{name}: TWS lost its link to IBKR.",
        to_do="Executions since then are reported when it is back.",
    )


def executions_not_connected(name: str) -> Problem:
    return Problem(what=f"{name} is not connected.", to_do="Executions since then are reported when it is.")


def zone_unknown(zone: str) -> str:
    why = f"names a time zone that is not known, {zone!r}" if zone else "named no time zone when it connected"
    return f"TWS {why}, so since when its list of executions is, is not known."


def executions_without_time(stamps: Sequence[str]) -> str:
    what = "1 execution has" if len(stamps) == 1 else f"{len(stamps):,} executions have"
    named = next((f" ({stamp})" for stamp in stamps if stamp), "")
    return f"{what} no time that says which moment is meant{named}."


def corrections_without_cost(symbols: Sequence[str]) -> str:
    what = "a corrected execution" if len(symbols) == 1 else f"{len(symbols):,} corrected executions"
    return f"IBKR has not reported the cost and the realized P&L of {what} yet ({', '.join(symbols)})."


def executions_contradicted(symbols: Sequence[str]) -> str:
    return (
        f"TWS reported an execution anew under the same id, with another size, price or side "
        f"({', '.join(symbols)}): its last word is shown, and another execution may be missing."
    )


def executions_of_master(symbols: Sequence[str]) -> str:
    return (
        "TWS reported executions of one order both in a master account and in one to which it may have been "
        f"allocated ({', '.join(symbols)}): they may be counted twice."
    )


def executions_repeated(symbols: Sequence[str]) -> str:
    return (
        "TWS reported equal executions under two ids by which their order had filled the same quantity "
        f"({', '.join(symbols)}): one of them may be a repetition, and counted twice."
    )


def executions_unlisted(found: Sequence[tuple[str, str]], *, are_shown: bool) -> str:
    """``found`` are accounts that the login does not list, each with the symbol of executions in it."""
    named = ", ".join(
        f"{symbol} in {masked(account) if is_account_id(account) else account[:20]}"
        for account, symbol in found
    )
    but = "" if are_shown else ": not shown, because another account is set"
    return f"TWS reported executions in an account that the login does not list ({named}){but}."


def corrections_elsewhere(symbols: Sequence[str]) -> str:
    return (
        f"TWS corrected an execution in one account and left it as it was in another "
        f"({', '.join(symbols)}): it may be counted twice."
    )


def executions_not_listed(symbol: str) -> str:
    return (
        f"the position {symbol} changed and TWS lists no execution of it. It was moved by something "
        "else, such as a transfer, or executions are missing of the list."
    )
