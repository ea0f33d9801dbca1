"""What leaves for HAMMER: the commands of the list, and nothing that trades or writes."""

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.hammer import guard, messages
from psf_monitor.hammer.guard import checked
from psf_monitor.hammer.messages import (
    COMMANDS,
    CommandRefusedError,
    encode,
)
from tests.conftest import named_in_failure

NEVER_SENT = (
    "tradeCommandNew",
    "tradeCommandModify",
    "tradeCommandCancel",
    "addAlert",
    "addToPort",
    "cancelTransaction",
)


@pytest.mark.parametrize("command", NEVER_SENT)
def test_that_no_command_that_trades_or_writes_can_be_encoded(command: str) -> None:
    with pytest.raises(CommandRefusedError):
        encode(command, "1", {})


@given(st.text(max_size=20) | st.text(string.ascii_letters, max_size=20))
def test_that_no_command_off_the_list_can_be_encoded(command: str) -> None:
    if command in COMMANDS:
        return
    with pytest.raises(CommandRefusedError):
        encode(command, "1", {})


def test_that_the_fields_cannot_rename_a_command() -> None:
    with pytest.raises(CommandRefusedError):
        encode("connect", "1", {"cmd": "tradeCommandNew"})


def test_that_no_key_that_may_be_read_as_one_of_ours_is_sent_beside_it() -> None:
    for key in ("CMD", "Cmd", " cmd", "cmd ", "c\u200bmd", "cmd\0", "ｃｍｄ", "REQID", "reqid"):
        with named_in_failure(key), pytest.raises(CommandRefusedError, match="twice"):
            encode("connect", "1", {key: "getBalances"})


def test_that_a_frame_is_judged_by_its_bytes() -> None:
    for written in (
        b'{"cmd": "getBalances", "cmd": "getPositions"}',
        b'{"CMD": "getBalances"}',
        b'{" cmd": "getBalances"}',
        b'{"reqID": "1"}',
        b'{"cmd": ["getBalances"]}',
        b'{"cmd": "GETBALANCES"}',
        b'[{"cmd": "getBalances"}]',
        b'{"cmd": "getBalances"} {"cmd": "getPositions"}',
        b'"getBalances"',
        b"",
        b"\xff",
    ):
        with named_in_failure(written), pytest.raises(CommandRefusedError):
            checked(written)


def test_that_bytes_that_name_themselves_something_else_are_judged_and_sent_as_they_are() -> None:
    class Pretending(bytes):
        def decode(self, *_: object, **__: object) -> str:
            return '{"cmd": "connect"}'

    with pytest.raises(CommandRefusedError):
        checked(Pretending(b'{"cmd": "somethingElse"}'))
    sent = checked(Pretending(b'{"cmd": "getBalances"}'))
    assert (type(sent), sent) == (bytes, b'{"cmd": "getBalances"}')


def test_that_the_list_of_commands_is_no_matter_of_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AttributeError):
        COMMANDS.add("somethingElse")  # type: ignore[attr-defined]
    monkeypatch.setattr(guard, "COMMANDS", frozenset({"somethingElse"}))
    monkeypatch.setattr(messages, "COMMANDS", frozenset({"somethingElse"}))
    with pytest.raises(CommandRefusedError):
        encode("somethingElse", "1", {})


def test_that_a_command_is_encoded_as_hammer_reads_it() -> None:
    sent = json.loads(encode("subscribe", "3", {"sub": "L1", "sym": ("CIM-B",), "transient": False}))
    assert sent == {"cmd": "subscribe", "reqID": "3", "sub": "L1", "sym": ["CIM-B"], "transient": False}
