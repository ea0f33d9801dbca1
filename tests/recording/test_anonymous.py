"""Whoever is in a recording, however the wires write it: nothing of them is left in the anonymous one."""

import base64
import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from psf_monitor.recording.anonymous.anonymize import anonymize
from psf_monitor.recording.entry import Entry, Kind
from psf_monitor.recording.reader import Reader
from psf_monitor.recording.writer import Writer
from tests.recording.test_file import Hands
from tests.recording.test_message_text import tws

_LETTERS = st.text("bcdfghjklmnpqrstvwxz", min_size=4, max_size=8)


def numbers(fewest: int, most: int) -> st.SearchStrategy[str]:
    """Numbers with this many digits that do not occur by chance."""
    drawn = st.integers(10 ** (fewest - 1), 10**most - 1)
    return drawn.map(str).filter(lambda number: len(set(number)) > 4)


_ACCOUNTS = st.builds(
    lambda kind, digits: f"{kind}{digits}",
    st.sampled_from(["U", "DU", "F", "DF", "I", "UA"]),
    numbers(7, 8),
)
_REFERENCES = st.one_of(
    st.builds(lambda a, n: f"{a}-{n}", _LETTERS, st.integers(10, 99)),
    st.builds(lambda a, b: f"{a.title()} {b}", _LETTERS, _LETTERS),
    numbers(10, 12),
    st.builds(lambda a: f"é{a}", _LETTERS),
)


@dataclass(frozen=True)
class Secrets:
    """Two accounts of IBKR and one of HAMMER's, whose they are, and what the trader calls things."""

    account: str
    other: str
    key: str
    name: str
    reference: str
    model: str
    group: str
    host: str
    user: str

    @property
    def all(self) -> tuple[str, ...]:
        number = self.key.rpartition(":")[2]
        digits = [re.sub("[^0-9]", "", account) for account in (self.account, self.other)]
        texts = (self.name, self.reference, self.model, self.group, self.host, self.user)
        return (self.account, self.other, self.key, number, *digits, *texts)


def _is_apart(secrets: Secrets) -> bool:
    """Return whether none of them is part of another by chance, or of the protocols' words."""
    texts = [secrets.key, *secrets.all[4:]]
    return not any(
        one.casefold() in other.casefold()
        for n, one in enumerate(texts)
        for m, other in enumerate(texts)
        if n != m
    )


_SECRETS = st.builds(
    Secrets,
    account=_ACCOUNTS,
    other=_ACCOUNTS,
    key=st.builds(lambda broker, digits: f"{broker.upper()}:TOPI{digits}", _LETTERS, numbers(6, 8)),
    name=st.builds(lambda a, b: f"{a.title()} {b.title()}", _LETTERS, _LETTERS),
    reference=_REFERENCES,
    model=_LETTERS.map(lambda letters: f"{letters}q"),
    group=_LETTERS.map(lambda letters: f"{letters}y"),
    host=st.one_of(
        st.builds(lambda a, b: f"192.168.{a}.{b}", st.integers(1, 254), st.integers(1, 254)),
        _LETTERS.map(lambda letters: f"{letters}-pc.lan"),
    ),
    user=_LETTERS.map(lambda letters: f"{letters}u"),
)


def open_order(secrets: Secrets) -> bytes:
    fields = ["5", "12", "700000001", "CIM", "STK", *["0"] * 8, "BUY", "100", "LMT", "24.5", "0", "DAY"]
    fields += [secrets.group, secrets.account, "", "0", secrets.reference, "0", "77", *["0"] * 9]
    fields += [secrets.model, *["0"] * 30, "1", f"{secrets.account} & {secrets.reference}", "PreSubmitted"]
    # What it would come to, and a warning in words.
    return tws(
        *fields, *["1.5"] * 12, "USD", f"Order '{secrets.reference}' waits for {secrets.account.lower()}."
    )


def sent_by_tws(secrets: Secrets) -> Iterator[bytes]:
    yield tws("15", "1", f"{secrets.account},{secrets.other},")
    yield open_order(secrets)
    yield tws("73", "1", "9", secrets.other, secrets.model, "NetLiquidation", "100.5", "USD")
    yield tws("61", "3", secrets.other.lower(), *["x"] * 11, "400", "24.125")
    yield tws("6", "2", "AccountCode", secrets.other, "", secrets.other)
    packed = base64.b64encode(f'{{"ref": "{secrets.reference}", "acct": "{secrets.account}"}}'.encode())
    yield tws(
        "4", "2", "12", "201", f"Order {secrets.reference} of {secrets.name} is rejected", packed.decode()
    )
    escaped = "".join(f"\\u{ord(sign):04x}" for sign in secrets.account)
    yield tws(
        "4", "2", "-1", "321", f"Account {escaped}, also called {secrets.account}F, from {secrets.host}"
    )
    yield b"\0\0\0\x40" + f"4\x002\x00-1\x00321\x00{secrets.account}".encode().ljust(63, b".") + b"\0"
    wide = f" {secrets.other} {secrets.name} ".encode("utf-16-le")
    yield (len(wide) + 9).to_bytes(4, "big") + b"4\x002\x00-1\x00" + wide + b"\0\0"


def sent_by_hammer(secrets: Secrets) -> Iterator[bytes]:
    yield json.dumps(
        {"cmd": "x", "result": [{"accountKey": secrets.key, "accountNick": secrets.name}]}
    ).encode()
    yield json.dumps({"cmd": "y", "accounts": f"{secrets.account},{secrets.key}".lower()}).encode()
    inner = json.dumps({"text": f"{secrets.name.upper()} / {secrets.reference}"})
    yield json.dumps({"cmd": "z", "body": inner, secrets.account: 1}).encode()
    for secret in (secrets.account, secrets.name, secrets.reference):
        for pack in (base64.b64encode, base64.urlsafe_b64encode):
            packed = pack(f"for {secret}, of course".encode()).decode()
            yield json.dumps({"cmd": "x", "blob": packed, "bare": packed.rstrip("=")}).encode()
        yield json.dumps({"wide": base64.b64encode(secret.encode("utf-16-le")).decode()}).encode()
    yield f"no JSON about {secrets.name} at {secrets.host}".encode()
    yield f"{secrets.account} {secrets.name}".encode("utf-16-be")
    yield json.dumps({"cmd": "x", "number": int(re.sub("[^0-9]", "", secrets.account))}).encode()
    yield json.dumps({"cmd": "x", "log": f"C:\\Users\\{secrets.user}\\hammer.log"}).encode()


def recorded(path: Path, secrets: Secrets, cut: int) -> None:
    hands, text = Hands(), [(Kind.OPENED, 1, 1, json.dumps({"endpoint": f"{secrets.host}:7497"}).encode())]
    line = b"".join(sent_by_tws(secrets))
    place = cut % len(line)
    text += [(Kind.RECEIVED, 1, 1, line[:place]), (Kind.RECEIVED, 1, 1, line[place:])]
    text += [(Kind.RECEIVED, 3, 2, reported) for reported in sent_by_hammer(secrets)]
    text += [(Kind.SENT, 4, 3, tws("7", "3", "1", "1", secrets.account)), (Kind.RECEIVED, 4, 3, line)]
    why = f"Nothing answers at {secrets.host}:7497; the log is /home/{secrets.user}/psf/a.log"
    text += [(Kind.FAILED, 1, 0, json.dumps({"why": why}).encode())]
    step = {"act": "check", "result": f"{secrets.host}, {secrets.account[0]}••••{secrets.account[-3:]}"}
    text += [(Kind.ACT, 4, 0, json.dumps(step).encode())]
    settings = {"ibkr": {"IBKR_GUN": {"host": secrets.host, "account_id": secrets.account}}}
    writer = Writer(path, "run", {**settings, "hammer": {"account_key": secrets.key}}, clocks=hands)
    writer.write([Entry(hands.at_ns + n * 1_000_000, *each) for n, each in enumerate(text)])
    writer.close()


def readings(raw: bytes) -> Iterator[str]:
    """All that a reader could make of these bytes, in small letters."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        yield raw.decode(encoding, "ignore").lower()
        yield raw[1:].decode(encoding, "ignore").lower()
    text = raw.decode("utf-8", "ignore")
    for _ in range(2):
        text = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
    yield text.lower()
    for token in re.findall(rb"[A-Za-z0-9+/_-]{8,}", raw):
        bare = token.replace(b"-", b"+").replace(b"_", b"/")
        for begin in range(4):
            part = bare[begin:]
            unpacked = base64.b64decode(part[: len(part) - len(part) % 4] + b"====")
            yield unpacked.decode("utf-8", "ignore").lower()
            yield unpacked.decode("utf-16-le", "ignore").lower()


@settings(max_examples=8)
@given(_SECRETS, st.integers(0, 5_000))
def test_that_nothing_of_anybody_is_left_however_it_is_written(secrets: Secrets, cut: int) -> None:
    assume(_is_apart(secrets))
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "a.wires", Path(folder) / "b.wires"
        recorded(path, secrets, cut)
        before = b"\n".join(r.entry.data for r in Reader(path))
        reported = [
            secret for secret in secrets.all if any(secret.lower() in text for text in readings(before))
        ]
        assert set(reported) == set(secrets.all)
        anonymize(path, out)
        found = [r.entry.data for r in Reader(out)] + [json.dumps(Reader(out).header.facts).encode()]
        after = list(readings(b"\n".join(found)))
        left = {secret for secret in secrets.all for text in after if secret.lower() in text}
        assert left == set()
