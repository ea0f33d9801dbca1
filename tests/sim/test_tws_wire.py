"""The simulated TWS's own codec. The real clients judge it in test_sim_tws.py."""

import itertools
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.sim.tws.framing import (
    GREETING,
    MOST_FRAME_BYTES,
    FrameReader,
    Request,
    WireError,
    fields_of,
    frame,
    message,
    text,
    versions,
)
from tests.conftest import named_in_failure

ascii_text = st.text(st.characters(min_codepoint=1, max_codepoint=127), max_size=12)
messages = st.lists(st.lists(ascii_text, min_size=1, max_size=6), min_size=1, max_size=6)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[a:b] for a, b in itertools.pairwise(edges)]


@given(messages, st.lists(st.integers(0, 10_000), max_size=12))
def test_that_any_split_of_the_bytes_gives_the_same_messages(sent: list[list[str]], cuts: list[int]) -> None:
    data = GREETING + b"".join(message(*fields) for fields in sent)
    reader = FrameReader(greeted=False)
    got = [fields_of(payload) for piece in pieces(data, cuts) for payload in reader.feed(piece)]
    assert got == sent


@given(st.binary(max_size=64), st.lists(st.integers(0, 64), max_size=6))
def test_that_any_bytes_are_frames_or_an_error(data: bytes, cuts: list[int]) -> None:
    reader = FrameReader()
    try:
        payloads = [payload for piece in pieces(data, cuts) for payload in reader.feed(piece)]
    except WireError:
        return
    assert b"".join(map(frame, payloads)) == data[: sum(4 + len(payload) for payload in payloads)]


def test_that_a_length_no_frame_has_is_an_error() -> None:
    for length in (0, MOST_FRAME_BYTES + 1, 0xFFFFFFFF):
        with named_in_failure(length), pytest.raises(WireError):
            FrameReader().feed(struct.pack(">I", length))


def test_that_a_frame_cannot_be_empty_or_too_long() -> None:
    with pytest.raises(WireError):
        frame(b"")
    with pytest.raises(WireError):
        frame(bytes(MOST_FRAME_BYTES + 1))


def test_that_a_stranger_is_recognised_by_its_first_byte() -> None:
    with pytest.raises(WireError):
        FrameReader(greeted=False).feed(b"GET / HTTP/1.1")


@given(st.text(max_size=20).filter(lambda shown: "\0" not in shown))
def test_that_every_text_goes_out_as_ascii_and_can_be_read_back(shown: str) -> None:
    sent = text(shown)
    assert sent.isascii()
    if "\\" not in shown:
        units = sent.encode("ascii").decode("unicode_escape").encode("utf-16-le", "surrogatepass")
        assert units.decode("utf-16-le", "surrogatepass") == shown


def test_that_fields_are_written_as_tws_writes_them() -> None:
    for field, sent in (
        (None, ""),
        (True, "1"),
        (False, "0"),
        (3_000.0, "3000"),
        (-110.0, "-110"),
        (0.5, "0.5"),
        (25.44, "25.44"),
        (2**31 + 5, "2147483653"),
        ("café", "caf\\u00e9"),
        ("\U0001f600", "\\ud83d\\ude00"),
    ):
        with named_in_failure(field, sent):
            assert text(field) == sent


def test_that_a_message_that_tws_never_sends_is_an_error() -> None:
    for field in ("a\0b", float("nan"), float("inf")):
        with named_in_failure(field), pytest.raises(WireError):
            text(field)


def test_that_the_versions_of_a_client_are_read() -> None:
    for payload, range_ in (
        (b"v157..176", (157, 176)),
        (b"v100..157", (100, 157)),
        (b"v157..178 +PACEAPI", (157, 178)),
    ):
        with named_in_failure(payload, range_):
            assert versions(payload) == range_


def test_that_anything_else_is_no_range_of_versions() -> None:
    for payload in (
        b"",
        b"176",
        b"v157",
        b"v157..",
        b"v..176",
        b"v176..157",
        b"V157..176",
        b"v157..176x",
        b"v1.\0",
    ):
        with named_in_failure(payload), pytest.raises(WireError):
            versions(payload)


def test_that_an_empty_number_is_zero_and_other_text_is_an_error() -> None:
    request = Request(b"62\x001\0\0x\0")
    assert (request.id, request.integer(2), request.text(3)) == (62, 0, "x")
    with pytest.raises(WireError):
        request.integer(3)
    with pytest.raises(WireError):
        request.text(4)


def test_that_a_request_without_an_end_or_an_id_is_an_error() -> None:
    for payload in (b"62\x001", b"x\0", b"62.0\0"):
        with named_in_failure(payload), pytest.raises(WireError):
            Request(payload)
