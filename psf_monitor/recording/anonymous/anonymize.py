"""Makes a recording that can be handed over: other account numbers, names, references, and amounts.

Each original has one pseudonym over the whole recording, so that what belongs together still does.
"""

import json
import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from psf_monitor.recording import errors
from psf_monitor.recording.anonymous import private_fields
from psf_monitor.recording.anonymous.amounts import Amounts, is_of_own_account
from psf_monitor.recording.anonymous.private_fields import Private
from psf_monitor.recording.anonymous.pseudonyms import Pseudonyms
from psf_monitor.recording.anonymous.report import Report
from psf_monitor.recording.anonymous.text_replacement import TextReplacement, texts_in, unescaped
from psf_monitor.recording.entry import Entry, Kind
from psf_monitor.recording.errors import RecordingError
from psf_monitor.recording.format import Clocks
from psf_monitor.recording.messages import Message, fields_of, framed, messages_of
from psf_monitor.recording.reader import Reader
from psf_monitor.recording.writer import Writer

_ACCOUNTS = re.compile(r"[^,;\s][^,;]*")
"""Lists of accounts are separated by commas."""
_BATCH = 2_000
_BYTES = (Kind.RECEIVED, Kind.SENT)
_CONTROL = (Kind.CONTROL_RECEIVED, Kind.CONTROL_SENT)
_WORTH_READING = re.compile(
    rb"acc|name|nick|own|user|login|mail|model|ref|client|strateg|tag|note|subscribe|\\u|[DUFI][A-Z]?[0-9]{6}",
    re.IGNORECASE,
)
"""HAMMER's frames without any of these cannot name anybody: most are prices."""
_ALWAYS_COMMON = frozenset({"all", "tws", "hammer", "ibkr", "gun", "ped", "api", "trader", "user", "demo"})
_FEWEST_LETTERS = 3
"""A shorter name is replaced only where it stands as a name: as a word it would be everywhere."""
_LONGEST_COMMON = 24
_NAMES_OF_HAMMER = frozenset({"sym", "symbol", "cmd", "side", "status", "type", "action", "streamerID"})


class Anonymizer:
    """Works in two passes: the first finds what to replace, the second replaces it."""

    def __init__(self, *, scales: bool, seed: int) -> None:
        self.report = Report()
        self._pseudonyms = Pseudonyms(seed)
        self._amounts = Amounts(self._pseudonyms.factor) if scales else None
        self._common: set[str] = set(_ALWAYS_COMMON)
        self._replacement = TextReplacement(())

    def find(self, messages: Iterable[Message], facts: Any) -> None:
        """Do the first pass: find what is private."""
        self._find_in(facts)
        for message in messages:
            if message.kind in _CONTROL:
                continue
            if message.is_tws and message.kind in _BYTES:
                self._find_in_tws(message)
            elif message.kind not in _BYTES or _WORTH_READING.search(message.payload):
                self._find_in_text(message.payload)
            for text in texts_in(message.payload):
                self._find_accounts(text)
        self._pseudonyms.make()
        pairs = list(self._pseudonyms.pairs())
        common = {original for original, _, what in pairs if self._is_common(original, what)}
        self.report.common = sorted(word for word in common if len(word) >= _FEWEST_LETTERS)
        self._replacement = TextReplacement(pair for pair in pairs if pair[0] not in common)

    def replaced(self, messages: Iterable[Message]) -> Iterator[tuple[Message, Entry]]:
        """Yield each message of the second pass with its replacement."""
        for message in messages:
            if not message.is_whole:
                self.report.left_out += 1
                continue
            yield message, message.recorded.entry._replace(data=self._data(message))

    def facts(self, facts: Any) -> Any:
        """Return the header's settings with everything private replaced."""
        return self._walk(facts)

    def finish(self) -> Report:
        """Return the report, complete once every message has been replaced."""
        counts, report = self._pseudonyms.counts, self.report
        report.accounts, report.names = counts[Private.ACCOUNT], counts[Private.NAME]
        report.references, report.hosts = counts[Private.REFERENCE], counts[Private.HOST]
        report.paths = counts[Private.PATH]
        report.scaled = 0 if self._amounts is None else self._amounts.scaled
        return report

    # -- finding ----------------------------------------------------------------------------------------

    def _find_in_tws(self, message: Message) -> None:
        fields = message.fields
        private = dict(private_fields.places(message.kind, fields))
        for place, what in private.items():
            self._note(unescaped(fields[place]).strip(), what)
        for text in fields:
            self._find_accounts(unescaped(text))
        if fields[0] in private_fields.TEXTS:
            self._find_places(unescaped(" ".join(fields)))
        if private_fields.is_structured(message.kind, fields):
            self._common.update(
                text.casefold()
                for place, text in enumerate(fields)
                if place not in private and 0 < len(text) <= _LONGEST_COMMON
            )
        if self._amounts is not None and message.kind == Kind.RECEIVED:
            self._amounts.learn(fields)

    def _find_in_text(self, payload: bytes) -> None:
        try:
            self._find_in(json.loads(payload))
        except (ValueError, RecursionError):
            self._find_in(payload.decode("utf-8", "backslashreplace"))

    def _find_in(self, content: Any) -> None:
        if isinstance(content, dict):
            for key, value in content.items():
                self._find_under(key, value)
        elif isinstance(content, list):
            for each in content:
                self._find_in(each)
        elif isinstance(content, str):
            self._find_accounts(unescaped(content))
            self._find_places(unescaped(content))

    def _find_under(self, key: object, value: Any) -> None:
        self._find_accounts(str(key))
        what = private_fields.private_key(key)
        if what is not None and isinstance(value, str | int) and not isinstance(value, bool):
            self._note(private_fields.host_of(str(value)) if what is Private.HOST else str(value), what)
        elif key in _NAMES_OF_HAMMER:
            for word in value if isinstance(value, list) else [value]:
                self._common.add(str(word).casefold())
        self._find_in(value)

    def _find_accounts(self, text: str) -> None:
        for found in private_fields.ACCOUNT.findall(text):
            self._pseudonyms.note(found, Private.ACCOUNT)

    def _find_places(self, text: str) -> None:
        """Find addresses, paths and their users in a sentence."""
        for path in private_fields.PATH.findall(text):
            self._note(private_fields.user_in(path), Private.NAME)
            self._note(path.rstrip(" ."), Private.PATH)
        for address in private_fields.ADDRESS.findall(text):
            self._note(private_fields.host_of(address), Private.HOST)
        for address in private_fields.EMAIL.findall(text):
            self._note(address, Private.NAME)

    def _note(self, text: str, what: Private) -> None:
        for original in _ACCOUNTS.findall(text) if what is Private.ACCOUNT else [text]:
            if original not in ("", "All"):
                self._pseudonyms.note(original, what)

    def _own(self, text: str, what: Private) -> str:
        """Return the pseudonym of a field that is private as a whole."""
        if what is Private.ACCOUNT:
            return _ACCOUNTS.sub(lambda found: self._pseudonyms.of(found[0]), text)
        return self._pseudonyms.of(text)

    def _is_common(self, original: str, what: Private) -> bool:
        """Return whether it is also a word for other things."""
        if what is Private.ACCOUNT and sum(map(str.isdigit, original)) > _FEWEST_LETTERS:
            return False
        return len(original) < _FEWEST_LETTERS or original.casefold() in self._common

    # -- replacing --------------------------------------------------------------------------------------

    def _data(self, message: Message) -> bytes:
        payload = message.payload
        if message.kind in _CONTROL:
            return payload[:1]
        if message.is_tws and message.kind in _BYTES:
            return self._tws(message)
        scales = self._amounts is not None and is_of_own_account(payload)
        if message.kind in _BYTES and not scales and not self._is_worth_replacing(payload):
            return payload
        replaced = self._text(payload)
        self.report.messages += replaced != payload
        return replaced

    def _is_worth_replacing(self, payload: bytes) -> bool:
        return _WORTH_READING.search(payload) is not None or self._replacement.may_be_in(payload)

    def _tws(self, message: Message) -> bytes:
        payload = self._replacement.bytes_of(message.payload)
        if message.kind == Kind.SENT and payload.startswith(b"v"):
            return b"API\0" + framed(payload)
        fields = fields_of(payload)
        changed = [self._replacement.text(text) for text in fields]
        for place, what in private_fields.places(message.kind, fields):
            changed[place] = self._own(unescaped(fields[place]).strip(), what)
        if self._amounts is not None and message.kind == Kind.RECEIVED:
            self._amounts.scale(fields, changed)
        if changed != fields:
            payload = "".join(f"{text}\0" for text in changed).encode("utf-8", "surrogatepass")
        self.report.messages += payload != message.payload
        return framed(payload)

    def _text(self, payload: bytes) -> bytes:
        payload = self._replacement.bytes_of(payload)
        try:
            content = json.loads(payload)
        except (ValueError, RecursionError):
            text = payload.decode("utf-8", "surrogateescape")
            return self._replacement.text(text).encode("utf-8", "surrogateescape")
        replaced = self._walk(content)
        if self._amounts is not None:
            replaced = self._amounts.of_hammer(replaced)
        return payload if replaced == content else json.dumps(replaced).encode()

    def _walk(self, content: Any) -> Any:
        if isinstance(content, dict):
            return {self._replacement.text(str(key)): self._under(key, v) for key, v in content.items()}
        if isinstance(content, list):
            return [self._walk(each) for each in content]
        if isinstance(content, str):
            return self._replacement.text(content)
        is_number = isinstance(content, int) and not isinstance(content, bool)
        return self._replacement.number(content) if is_number else content

    def _under(self, key: object, value: Any) -> Any:
        what = private_fields.private_key(key)
        if what is None or not isinstance(value, str | int) or isinstance(value, bool):
            return self._walk(value)
        if what is Private.HOST:
            host = private_fields.host_of(str(value))
            return str(value).replace(host, self._pseudonyms.of(host)) if host else value
        made = self._own(str(value), what)
        return int(made) if isinstance(value, int) and made.isdecimal() else made


def anonymize(source: Path, target: Path, *, scales: bool = False, seed: int | None = None) -> Report:
    """Write ``source`` with pseudonyms into ``target``, a new file. ``scales``: amounts, too.

    Raises ``RecordingError`` if it cannot be read, ``OSError`` if it cannot be written; ``target`` is then
    removed.
    """
    reader = Reader(source)
    work = Anonymizer(scales=scales, seed=random.SystemRandom().getrandbits(32) if seed is None else seed)
    settings = reader.header.facts.get("settings", {})
    work.find(messages_of(reader), settings)
    clock = [Clocks(0, 0)]
    writer = Writer(target, "anonymized", work.facts(settings), clocks=lambda: clock[0])
    try:
        _write(writer, clock, work.replaced(messages_of(reader)))
    except BaseException:
        writer.remove()
        raise
    if writer.first is None:
        raise RecordingError(errors.empty(source, reader.problems))
    report = work.finish()
    report.problems += reader.problems
    return report


def _write(writer: Writer, clock: list[Clocks], replaced: Iterable[tuple[Message, Entry]]) -> None:
    batch: list[Entry] = []
    for message, entry in replaced:
        moved = abs(clock[0].utc_of(entry.at_ns) - message.recorded.utc_ns) > 1_000_000
        if batch and (moved or len(batch) >= _BATCH):
            writer.write(batch)
            batch = []
        clock[0] = Clocks(entry.at_ns, message.recorded.utc_ns)
        batch.append(entry)
    writer.write(batch)
    writer.close()
