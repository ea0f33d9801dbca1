"""Makes a recording that can be handed over: other account numbers, names and references, and other amounts.

One original becomes one substitute over the whole recording, so that what belonged together still does.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from psf_monitor.recording.entry import Entry, Kind
from psf_monitor.recording.format import Clocks
from psf_monitor.recording.messages import Message, fields_of, framed, messages_of
from psf_monitor.recording.reader import Reader
from psf_monitor.recording.writer import Writer

_ACCOUNT = re.compile(r"(?<![A-Za-z0-9])D?[UFI][A-Z]?[0-9]{6,}(?![0-9])")
"""An account number of IBKR wherever it stands."""
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_ACCOUNT_KEYS = frozenset({"accountkey", "accountid", "account", "acctid"})
_NAME_KEYS = frozenset(
    (
        *("accountname", "accountnick", "owner", "ownername", "username", "user", "login"),
        *("email", "firstname", "lastname"),
    )
)
_PLACES_OF_ACCOUNTS = {"15": 2, "61": 2, "71": 3, "63": 3, "73": 3, "5": 20, "11": 16}
"""Where TWS names an account, by message (TWS API, server version 176)."""
_PLACES_OF_REFERENCES = {"5": 23, "11": 26}
_PLACES_OF_QUANTITIES = {"5": (14,), "11": (19, 24), "61": (14,), "71": (15,)}
_VALUES = {"63": (3, 4, 5), "73": (3, 5, 6), "6": (5, 2, 3)}
"""Messages of account values: where account, tag and value stand."""
_NO_AMOUNT = re.compile(
    r"Cushion|Leverage|ExchangeRate|DayTrades|Account|Currency|Type|Title|Next|Prio|Ready"
)
_OWN_ACCOUNT = frozenset(
    (
        *("getPositions", "getTransactions", "getBalances"),
        *("positionsUpdate", "transactionsUpdate", "balancesUpdate"),
    )
)
"""What HAMMER tells of its own account."""
_NO_AMOUNT_KEYS = re.compile(
    r"price|avg|average|id$|time|date|account|symbol|multiplier|percent|pct|leverage"
)
_BATCH = 2_000
_UNSET = "1.7976931348623157E308"


@dataclass(slots=True)
class Report:
    """What was replaced: how many different ones of each kind, and in how many messages."""

    accounts: int = 0
    names: int = 0
    references: int = 0
    messages: int = 0
    scaled: int = 0
    left_out: int = 0
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        parts = [
            f"{self.accounts} account numbers, {self.names} names and {self.references} order references "
            f"were replaced, in {self.messages} messages"
        ]
        if self.scaled:
            parts.append(
                f"{self.scaled} quantities and amounts were multiplied, by a factor for each account"
            )
        if self.left_out:
            parts.append(f"{self.left_out} pieces that make no whole message were left out")
        return "; ".join(parts) + "."


class Substitutes:
    """One substitute for each original, of its shape."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self._made: dict[str, str] = {}
        self.factors: dict[str, Decimal] = {}
        self.counts: Counter[str] = Counter()

    def account(self, original: str) -> str:
        """Letters stay, for they tell what kind of account it is; the digits are others."""
        return self._of("accounts", original, lambda _number: self._other_digits(original))

    def name(self, original: str) -> str:
        return self._of("names", original, lambda number: f"NAME {number}")

    def reference(self, original: str) -> str:
        return self._of("references", original, lambda number: f"ref {number}")

    def factor(self, account: str) -> Decimal:
        """What quantities and amounts of this account are multiplied by."""
        if account not in self.factors:
            self.factors[account] = Decimal(self._rng.choice((2, 3, 4, 6, 7, 8, 9, 11, 12, 13))) / 5
        return self.factors[account]

    @property
    def known(self) -> dict[str, str]:
        """The accounts and names, by original."""
        return {key: value for key, value in self._made.items() if not value.startswith("ref ")}

    def _of(self, kind: str, original: str, make: Callable[[int], str]) -> str:
        made = self._made.get(original)
        if made is None:
            self.counts[kind] += 1
            made = self._made[original] = make(self.counts[kind])
        return made

    def _other_digits(self, original: str) -> str:
        while True:
            made = "".join(str(self._rng.randrange(10)) if sign.isdigit() else sign for sign in original)
            if not any(sign.isdigit() for sign in original):
                made = f"ACCOUNT {self.counts['accounts']}"
            if made not in self._made and made not in self._made.values():
                return made


class Anonymizer:
    """Two passes: what is to be replaced is found in the first, and replaced in the second."""

    def __init__(self, *, scales: bool, seed: int) -> None:
        self.report = Report()
        self._scales = scales
        self._substitutes = Substitutes(seed)
        self._accounts_of: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None

    def find(self, messages: Iterable[Message], facts: Any) -> None:
        """The first pass."""
        self._find_in(facts)
        for message in messages:
            if message.is_tws and message.kind in (Kind.RECEIVED, Kind.SENT):
                self._find_in_tws(message.fields)
            elif message.kind not in (Kind.CONTROL_RECEIVED, Kind.CONTROL_SENT):
                self._find_in_text(message.payload)
        known = sorted(self._substitutes.known, key=len, reverse=True)
        if known:
            words = "|".join(map(re.escape, known))
            self._pattern = re.compile(rf"(?<![A-Za-z0-9])(?:{words})(?![A-Za-z0-9])")

    def replaced(self, messages: Iterable[Message]) -> Iterator[tuple[Message, Entry]]:
        """The second pass: each message and what stands for it."""
        for message in messages:
            if not message.is_whole:
                self.report.left_out += 1
                continue
            data = self._data(message)
            if data is not None:
                yield message, message.recorded.entry._replace(data=data)

    def facts(self, facts: Any) -> Any:
        """The header's settings without any of it."""
        return self._walk(facts)

    def finish(self) -> Report:
        counts = self._substitutes.counts
        report = self.report
        report.accounts, report.names = counts["accounts"], counts["names"]
        report.references = counts["references"]
        return report

    # -- finding ----------------------------------------------------------------------------------------

    def _find_in_tws(self, fields: list[str]) -> None:
        place = _PLACES_OF_ACCOUNTS.get(fields[0])
        if place is not None and place < len(fields):
            for account in fields[place].split(","):
                if account and account != "All":
                    self._substitutes.account(account)
        for text in fields:
            for found in _ACCOUNT.findall(_unescaped(text)):
                self._substitutes.account(found)
        if fields[0] == "5" and len(fields) > 25:
            self._accounts_of[f"order {fields[25]}"] = fields[20]
        elif fields[0] == "11" and len(fields) > 16:
            self._accounts_of[f"execution {fields[14]}"] = fields[16]

    def _find_in_text(self, payload: bytes) -> None:
        try:
            self._find_in(json.loads(payload))
        except (ValueError, RecursionError):
            self._find_in(payload.decode("utf-8", "backslashreplace"))

    def _find_in(self, said: Any) -> None:
        if isinstance(said, dict):
            for key, value in said.items():
                self._find_under(_plain(key), value)
        elif isinstance(said, list):
            for each in said:
                self._find_in(each)
        elif isinstance(said, str):
            for found in _ACCOUNT.findall(said):
                self._substitutes.account(found)

    def _find_under(self, key: str, value: Any) -> None:
        if isinstance(value, str | int) and not isinstance(value, bool) and value not in ("", "All"):
            if key in _ACCOUNT_KEYS:
                self._substitutes.account(str(value))
            elif key in _NAME_KEYS:
                self._substitutes.name(str(value))
        self._find_in(value)

    # -- replacing --------------------------------------------------------------------------------------

    def _data(self, message: Message) -> bytes | None:
        if message.kind in (Kind.CONTROL_RECEIVED, Kind.CONTROL_SENT):
            return message.payload[:1]
        if message.is_tws and message.kind in (Kind.RECEIVED, Kind.SENT):
            return self._tws(message)
        replaced = self._text(message.payload)
        self.report.messages += replaced != message.payload
        return replaced

    def _tws(self, message: Message) -> bytes:
        payload = message.payload
        if message.kind == Kind.SENT and payload.startswith(b"v"):
            return b"API\0" + framed(payload)
        fields = fields_of(payload)
        changed = [self._field(text) for text in fields]
        place = _PLACES_OF_REFERENCES.get(fields[0])
        if place is not None and place < len(fields) and fields[place]:
            changed[place] = self._substitutes.reference(fields[place])
        if self._scales and message.kind == Kind.RECEIVED:
            self._scale(fields, changed)
        if changed == fields:
            return framed(payload)
        self.report.messages += 1
        return framed("".join(f"{text}\0" for text in changed).encode())

    def _field(self, text: str) -> str:
        plain = _unescaped(text)
        replaced = self._words(plain)
        return text if replaced == plain else "".join(map(_escaped, replaced))

    def _words(self, text: str) -> str:
        if self._pattern is None:
            return text
        known = self._substitutes.known
        return self._pattern.sub(lambda found: known[found[0]], text)

    def _text(self, payload: bytes) -> bytes:
        try:
            said = json.loads(payload)
        except (ValueError, RecursionError):
            return self._words(payload.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
        replaced = self._walk(said)
        if self._scales and isinstance(said, dict) and said.get("cmd") in _OWN_ACCOUNT and "result" in said:
            replaced["result"] = self._multiplied(replaced["result"], "")
        return payload if replaced == said else json.dumps(replaced).encode()

    def _walk(self, said: Any) -> Any:
        if isinstance(said, dict):
            return {self._words(str(key)): self._under(_plain(key), v) for key, v in said.items()}
        if isinstance(said, list):
            return [self._walk(each) for each in said]
        return self._words(said) if isinstance(said, str) else said

    def _multiplied(self, said: Any, key: str) -> Any:
        """HAMMER's own account: every number but prices, numbers of things and times."""
        if isinstance(said, dict):
            return {name: self._multiplied(value, _plain(name)) for name, value in said.items()}
        if isinstance(said, list):
            return [self._multiplied(each, key) for each in said]
        if isinstance(said, bool) or said is None or not key or _NO_AMOUNT_KEYS.search(key):
            return said
        try:
            made = Decimal(str(said)) * self._substitutes.factor("HAMMER")
        except InvalidOperation:
            return said
        self.report.scaled += 1
        return f"{made.normalize():f}" if isinstance(said, str) else float(made)

    def _under(self, key: str, value: Any) -> Any:
        if isinstance(value, int) and not isinstance(value, bool) and key in _ACCOUNT_KEYS | _NAME_KEYS:
            # A number in place of a text would be an account's, too.
            return self._words(str(value))
        return self._walk(value)

    def _scale(self, fields: list[str], changed: list[str]) -> None:
        """Multiply what belongs to an account; prices stay, and so do sums and percents."""
        name = fields[0]
        if name in _VALUES:
            at_account, at_tag, at_value = _VALUES[name]
            if len(fields) > max(_VALUES[name]) and not _NO_AMOUNT.search(fields[at_tag]):
                self._multiply(changed, (at_value,), fields[at_account])
        elif name in _PLACES_OF_QUANTITIES and _PLACES_OF_ACCOUNTS[name] < len(fields):
            self._multiply(changed, _PLACES_OF_QUANTITIES[name], fields[_PLACES_OF_ACCOUNTS[name]])
        elif name == "3" and len(fields) > 6:
            self._multiply(changed, (3, 4), self._accounts_of.get(f"order {fields[6]}", ""))
        elif name == "59" and len(fields) > 5:
            self._multiply(changed, (3, 5), self._accounts_of.get(f"execution {fields[2]}", ""))

    def _multiply(self, changed: list[str], places: Iterable[int], account: str) -> None:
        factor = self._substitutes.factor(account)
        for place in places:
            if place < len(changed) and changed[place] not in ("", _UNSET, "2147483647"):
                try:
                    changed[place] = f"{(Decimal(changed[place]) * factor).normalize():f}"
                    self.report.scaled += 1
                except InvalidOperation:
                    continue


def anonymize(source: Path, target: Path, *, scales: bool = False, seed: int | None = None) -> Report:
    """Write ``source`` with substitutes into ``target``, a new file. ``scales``: amounts, too.

    Raises ``RecordingError`` for what cannot be read, ``OSError`` where it cannot be written.
    """
    reader = Reader(source)
    work = Anonymizer(scales=scales, seed=random.SystemRandom().getrandbits(32) if seed is None else seed)
    settings = reader.header.facts.get("settings", {})
    work.find(messages_of(reader), settings)
    clock = [Clocks(0, 0)]
    writer = Writer(target, "anonymized", work.facts(settings), clocks=lambda: clock[0])
    batch: list[Entry] = []
    try:
        for message, entry in work.replaced(messages_of(reader)):
            moved = abs(clock[0].utc_of(entry.at_ns) - message.recorded.utc_ns) > 1_000_000
            if batch and (moved or len(batch) >= _BATCH):
                writer.write(batch)
                batch = []
            clock[0] = Clocks(entry.at_ns, message.recorded.utc_ns)
            batch.append(entry)
        writer.write(batch)
        writer.close()
    finally:
        writer.abandon()
    report = work.finish()
    report.problems += reader.problems
    return report


def _plain(key: object) -> str:
    """A name of HAMMER's without punctuation, in small letters: its brokers write them in many ways."""
    return "".join(filter(str.isalnum, str(key))).lower()


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def _escaped(sign: str) -> str:
    return sign if sign.isascii() else f"\\u{ord(sign):04x}"
